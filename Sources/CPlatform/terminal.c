#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <unistd.h>
#ifdef __sun
#include <termios.h>
#else
#include <sys/ioctl.h>
#endif

int32_t
cp_terminal_columns(int32_t fd)
{
	struct winsize size = { 0 };
	int32_t result = RETRY(int32_t, ioctl(fd, TIOCGWINSZ, &size));
	return result < 0 ? result : size.ws_col;
}
