/* The start of an Embedded hook: hands the arguments to CPlatform, then everything to Swift. */
#include "CPlatform.h"

int hvm_main(int, char **);

#ifdef __linux__
/* The stack protector's guard, which objects for a bare target expect as a symbol; illumos' libc has it. */
unsigned long __stack_chk_guard = 0x00000aff0a0d0000;
#endif

int
main(int argc, char **argv)
{
	cp_set_arguments(argc, (const char *const *)argv);
#ifdef __linux__
	cp_random(&__stack_chk_guard, sizeof __stack_chk_guard);
#endif
	return hvm_main(argc, argv);
}
