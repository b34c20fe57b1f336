#define _GNU_SOURCE
#include "run.h"

#include <elf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PAGE = 4096, SEGMENTS = 16 };

static Elf64_Phdr segments[SEGMENTS];
static int segment_count;

static void
read_at(int file, void *bytes, size_t count, uint64_t offset)
{
	if (pread(file, bytes, count, (off_t)offset) != (ssize_t)count)
		refuse("the file is cut short");
}

static Elf64_Ehdr
read_header(int file, uint64_t offset)
{
	static const unsigned char ident[] = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT };
	Elf64_Ehdr header;
	read_at(file, &header, sizeof header, offset);
	if (memcmp(header.e_ident, ident, sizeof ident) != 0 || header.e_machine != EM_X86_64 || header.e_type != ET_EXEC)
		refuse("not an ELF executable for amd64 at addresses of its own");
	if (header.e_ident[EI_OSABI] != ELFOSABI_SYSV && header.e_ident[EI_OSABI] != ELFOSABI_SOLARIS)
		refuse("made for another system");
	if (header.e_phnum > SEGMENTS)
		refuse("too many segments");
	return header;
}

static void
check_interpreter(int file, uint64_t offset, const Elf64_Phdr *segment)
{
	static const char wanted[] = "/lib/amd64/ld.so.1";
	char found[sizeof wanted] = "";
	if (segment->p_filesz == sizeof wanted)
		read_at(file, found, sizeof found, offset + segment->p_offset);
	if (memcmp(found, wanted, sizeof wanted) != 0)
		refuse("its runtime linker is not %s", wanted);
}

/* Maps a segment where it wants to be; its part that is not in the file is zero. */
static void
map_segment(int file, uint64_t offset, const Elf64_Phdr *segment)
{
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
	    (segment->p_flags & PF_X ? PROT_EXEC : 0);
	uint64_t start = segment->p_vaddr / PAGE * PAGE, slack = segment->p_vaddr - start;
	uint64_t size = (slack + segment->p_memsz + PAGE - 1) / PAGE * PAGE;
	uint64_t in_file = slack + segment->p_filesz;
	if (mmap((void *)start, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)start)
		refuse("its place in memory, %#lx, is taken", start);
	if (mmap((void *)start, in_file, protection, MAP_PRIVATE | MAP_FIXED, file,
		(off_t)(offset + segment->p_offset - slack)) == MAP_FAILED)
		refuse("its segment at %#lx cannot be mapped", start);
	if (segment->p_memsz == segment->p_filesz)
		return;
	uint64_t page = (in_file + PAGE - 1) / PAGE * PAGE;
	memset((void *)(start + in_file), 0, page - in_file);
	mprotect((void *)(start + page), size - page, protection);
}

static int
is_writable(uint64_t address)
{
	for (int i = 0; i < segment_count; i++)
		if (segments[i].p_type == PT_LOAD && segments[i].p_flags & PF_W && address >= segments[i].p_vaddr &&
		    address + sizeof address <= segments[i].p_vaddr + segments[i].p_memsz)
			return 1;
	return 0;
}

/* Binds everything at once, as ld.so.1 does for a program linked with -z now. */
static void
relocate(const Elf64_Rela *relocation, uint64_t bytes, const Elf64_Sym *symbols, const char *names)
{
	for (; bytes >= sizeof *relocation; bytes -= sizeof *relocation, relocation++) {
		const Elf64_Sym *symbol = &symbols[ELF64_R_SYM(relocation->r_info)];
		uint64_t value = (uint64_t)relocation->r_addend;
		if (!is_writable(relocation->r_offset))
			refuse("a relocation changes what is not to be written, at %#lx", relocation->r_offset);
		switch (ELF64_R_TYPE(relocation->r_info)) {
		case R_X86_64_RELATIVE:
			break;
		case R_X86_64_GLOB_DAT:
		case R_X86_64_JUMP_SLOT:
		case R_X86_64_64:
			value += symbol->st_shndx == SHN_UNDEF ? (uint64_t)play(names + symbol->st_name) : symbol->st_value;
			break;
		default:
			refuse("relocation type %lu", ELF64_R_TYPE(relocation->r_info));
		}
		*(uint64_t *)relocation->r_offset = value;
	}
}

static void
bind(const Elf64_Dyn *dynamic)
{
	uint64_t found[DT_BIND_NOW + 1] = { 0 };
	for (; dynamic->d_tag != DT_NULL; dynamic++) {
		if (dynamic->d_tag == DT_INIT || dynamic->d_tag == DT_FINI || dynamic->d_tag == DT_INIT_ARRAY)
			refuse("it wants functions called before or after main()");
		if (dynamic->d_tag >= 0 && dynamic->d_tag <= DT_BIND_NOW)
			found[dynamic->d_tag] = dynamic->d_un.d_ptr;
	}
	if (found[DT_HASH] == 0)
		refuse("it has no hash table of the kind that ld.so.1 reads");
	const Elf64_Sym *symbols = (const Elf64_Sym *)found[DT_SYMTAB];
	const char *names = (const char *)found[DT_STRTAB];
	relocate((const Elf64_Rela *)found[DT_RELA], found[DT_RELASZ], symbols, names);
	relocate((const Elf64_Rela *)found[DT_JMPREL], found[DT_PLTRELSZ], symbols, names);
}

uint64_t
load(int file, uint64_t offset)
{
	Elf64_Ehdr header = read_header(file, offset);
	const Elf64_Dyn *dynamic = NULL;
	segment_count = header.e_phnum;
	read_at(file, segments, sizeof *segments * header.e_phnum, offset + header.e_phoff);
	for (int i = 0; i < segment_count; i++) {
		if (segments[i].p_type == PT_TLS)
			refuse("it has variables of each thread");
		if (segments[i].p_type == PT_INTERP)
			check_interpreter(file, offset, &segments[i]);
		if (segments[i].p_type == PT_LOAD)
			map_segment(file, offset, &segments[i]);
		if (segments[i].p_type == PT_DYNAMIC)
			dynamic = (const Elf64_Dyn *)segments[i].p_vaddr;
	}
	if (dynamic == NULL)
		refuse("it is linked with no library");
	bind(dynamic);
	return header.e_entry;
}
