#define _GNU_SOURCE
#include "run.h"

#include <elf.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STACK = 8 << 20, PAGE = 4096 };

static const char *program = "";

void
refuse(const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	dprintf(STDERR_FILENO, "illumos-run: %s: %s\n", program, text);
	abort();
}

/* The file itself may carry a program: it then begins at the first page after our own sections. 0 when there is none. */
static uint64_t
carried(int self)
{
	Elf64_Ehdr header;
	off_t size = lseek(self, 0, SEEK_END);
	if (pread(self, &header, sizeof header, 0) != sizeof header)
		refuse("cannot read itself");
	uint64_t end = header.e_shoff + (uint64_t)header.e_shnum * header.e_shentsize;
	uint64_t start = (end + PAGE - 1) / PAGE * PAGE;
	return (uint64_t)size > start ? start : 0;
}

static int
open_or_refuse(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file == -1)
		refuse("%s: %s", path, strerror(errno));
	return file;
}

static uint64_t
load_carried_or_named(char ***arguments)
{
	int file = open_or_refuse("/proc/self/exe");
	uint64_t offset = carried(file);
	if (offset == 0) {
		close(file);
		if ((*arguments)[1] == NULL) {
			dprintf(STDERR_FILENO, "usage: illumos-run PROGRAM [ARGUMENT ...]\n");
			exit(2);
		}
		++*arguments;
		file = open_or_refuse((*arguments)[0]);
	}
	program = (*arguments)[0] != NULL ? basename((*arguments)[0]) : "";
	read_fault();
	uint64_t entry = load(file, offset);
	check_fault();
	close(file);
	return entry;
}

/* A fresh stack, as illumos' kernel lays it: argc, the arguments, the environment, the auxiliary vector. */
static uint64_t *
lay_stack(char **arguments)
{
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stack == MAP_FAILED || mprotect(stack, PAGE, PROT_NONE) == -1)
		refuse("no memory for a stack");
	uint64_t argc = 0, envc = 0;
	while (arguments[argc] != NULL)
		argc++;
	while (environ[envc] != NULL)
		envc++;
	uint64_t words = 1 + argc + 1 + envc + 1 + 2;
	uint64_t *bottom = (uint64_t *)(stack + STACK - 64) - (words + words % 2), *word = bottom;
	*word++ = argc;
	memcpy(word, arguments, (argc + 1) * sizeof *word);
	memcpy(word + argc + 1, environ, (envc + 1) * sizeof *word);
	word += argc + 1 + envc + 1;
	word[0] = AT_NULL;
	return bottom;
}

int
main(int argc, char **argv)
{
	(void)argc;
	uint64_t entry = load_carried_or_named(&argv);
	uint64_t *stack = lay_stack(argv);
	__asm__ volatile("movq %0, %%rsp\n\tmovq $-1, %%rbp\n\tjmpq *%1"
	    :
	    : "r"(stack), "r"(entry), "d"(at_the_end)
	    : "memory");
	__builtin_unreachable();
}
