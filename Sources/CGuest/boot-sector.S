#include "CGuest.h"
#if defined(__x86_64__)
/* The BIOS loads it to 7c00h: addresses are counted from there. */
#define AT(label) (0x7c00 + (label) - cg_boot_sector)
#define CODE32 0x08
#define DATA32 0x10
#define CODE16 0x18
#define DATA16 0x20
#define CODE64 0x28

	.section .rodata
	.balign	16
	.globl	cg_boot_sector
	.code16
cg_boot_sector:
	cli
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %es
	mov	%ax, %ss
	mov	$0x7c00, %sp

	/* Protected mode and back for calls of the BIOS, as boot loaders do. */
	mov	$100, %cx
call_bios:
	push	%cx
	lgdtl	AT(gdt_pointer)
	mov	%cr0, %eax
	or	$1, %al
	mov	%eax, %cr0
	.byte	0xea
	.word	AT(protected), CODE32
	.code32
protected:
	mov	$DATA32, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	/* A loader unpacks itself here. */
	mov	$1000000, %ecx
compute32:
	dec	%ecx
	jnz	compute32
	.byte	0xea
	.long	AT(leave)
	.word	CODE16
	.code16
leave:
	mov	$DATA16, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	mov	%cr0, %eax
	and	$0xfe, %al
	mov	%eax, %cr0
	.byte	0xea
	.word	AT(real), 0
real:
	xor	%ax, %ax
	mov	%ax, %ds
	mov	%ax, %ss
	sti
	mov	$0x41, %ah	/* are there the extensions for disks? */
	mov	$0x55aa, %bx
	mov	$0x80, %dl
	int	$0x13
	cli
	pop	%cx
	loop	call_bios

	/* Long mode, by one table of each level: the first 2 MiB. */
	xor	%ax, %ax
	mov	%ax, %es
	mov	$0x1000, %di
	xor	%eax, %eax
	mov	$0xc00, %cx
	cld
	rep stosl
	movl	$0x2003, 0x1000
	movl	$0x3003, 0x2000
	movl	$0x83, 0x3000
	mov	$0x1000, %eax
	mov	%eax, %cr3
	mov	%cr4, %eax
	or	$0x20, %al
	mov	%eax, %cr4
	mov	$0xc0000080, %ecx
	rdmsr
	or	$0x100, %ax
	wrmsr
	lgdtl	AT(gdt_pointer)
	mov	%cr0, %eax
	or	$0x80000001, %eax
	mov	%eax, %cr0
	.byte	0xea
	.word	AT(long_mode), CODE64
	.code64
long_mode:
	mov	$100000000, %ecx
compute64:
	dec	%ecx
	jnz	compute64
	mov	$CG_DONE, %al
	out	%al, $CG_PORT
halt:
	hlt
	jmp	halt

	.balign	8
gdt:
	.quad	0
	.quad	0x00cf9b000000ffff	/* CODE32 */
	.quad	0x00cf93000000ffff	/* DATA32 */
	.quad	0x00009b000000ffff	/* CODE16 */
	.quad	0x000093000000ffff	/* DATA16 */
	.quad	0x00209b0000000000	/* CODE64 */
gdt_pointer:
	.word	gdt_pointer - gdt - 1
	.long	AT(gdt)
	.org	cg_boot_sector + 510
	.word	0xaa55
#endif
	.section .note.GNU-stack, "", @progbits
