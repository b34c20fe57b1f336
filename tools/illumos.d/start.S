/*
 * Where a program starts on illumos: (%rsp) is argc, argv and the environment follow, %rdx is what ld.so.1 wants called at
 * the end, or 0. gcc on illumos brings the same as crt1.o.
 */
	.text
	.globl	_start
	.type	_start, @function
_start:
	xorl	%ebp, %ebp
	movq	%rsp, %rbx
	andq	$-16, %rsp
	movq	(%rbx), %rax
	leaq	16(%rbx,%rax,8), %r12
	/* The environment is libc's own variable: one defined here would not be the one that getenv() looks at. */
	movq	_environ@GOTPCREL(%rip), %rax
	movq	%r12, (%rax)
	testq	%rdx, %rdx
	jz	1f
	movq	%rdx, %rdi
	call	atexit@PLT
1:	movl	(%rbx), %edi
	leaq	8(%rbx), %rsi
	movq	%r12, %rdx
	call	main@PLT
	movl	%eax, %edi
	call	exit@PLT
	hlt
	.size	_start, . - _start
