#define _GNU_SOURCE
#include "run.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int64_t
illumos_read(int fd, void *bytes, uint64_t count)
{
	return ANSWER(read(fd, bytes, count));
}

static int64_t
illumos_pread(int fd, void *bytes, uint64_t count, int64_t offset)
{
	if (is_process(fd))
		return read_process(fd, bytes, count, offset);
	return ANSWER(pread(fd, bytes, count, offset));
}

static int64_t
illumos_write(int fd, const void *bytes, uint64_t count)
{
	if (is_process(fd))
		return control_process(fd, bytes, count);
	return ANSWER(write(fd, bytes, count));
}

static int
illumos_close(int fd)
{
	return ANSWER(close(fd));
}

static int
illumos_fsync(int fd)
{
	return ANSWER(fsync(fd));
}

static int
illumos_fchmod(int fd, uint32_t mode)
{
	return ANSWER(fchmod(fd, mode));
}

static int
illumos_fchown(int fd, uint32_t owner, uint32_t group)
{
	return ANSWER(fchown(fd, owner, group));
}

static int
illumos_dup2(int fd, int as)
{
	return ANSWER(dup2(fd, as));
}

static int
illumos_pipe2(int *ends, int flags)
{
	if (flags & ~(ILLUMOS_O_CLOEXEC | ILLUMOS_O_NONBLOCK))
		return FAIL(EINVAL);
	return ANSWER(pipe2(ends, linux_open_flags(flags, "pipe2")));
}

/* ---- fcntl(2) ---- */

static int
lock(int fd, int command, const struct illumos_flock *from)
{
	int is_whole_file = from->l_whence == SEEK_SET && from->l_start == 0 && from->l_len == 0;
	struct flock to = { .l_whence = from->l_whence, .l_start = from->l_start, .l_len = from->l_len };
	switch (from->l_type) {
	case ILLUMOS_F_RDLCK: to.l_type = F_RDLCK; break;
	case ILLUMOS_F_WRLCK: to.l_type = F_WRLCK; break;
	case ILLUMOS_F_UNLCK: to.l_type = F_UNLCK; break;
	default: return FAIL(EINVAL);
	}
	/* Locks of open files are for all of the file. */
	if ((command == F_OFD_SETLK || command == F_OFD_SETLKW) && !is_whole_file)
		return FAIL(EINVAL);
	return ANSWER(fcntl(fd, command, &to));
}

/* Variadic there, as open() is. */
static int
illumos_fcntl(int fd, int command, void *argument)
{
	int number = (int)(intptr_t)argument;
	switch (command) {
	case ILLUMOS_F_GETFD: return ANSWER(fcntl(fd, F_GETFD));
	case ILLUMOS_F_SETFD:
		if (number & ~ILLUMOS_FD_CLOEXEC)
			refuse("fcntl: F_SETFD with %#x", number);
		return ANSWER(fcntl(fd, F_SETFD, number ? FD_CLOEXEC : 0));
	case ILLUMOS_F_GETFL: {
		int flags = fcntl(fd, F_GETFL);
		return flags == -1 ? ANSWER(flags) : illumos_open_flags(flags);
	}
	case ILLUMOS_F_SETFL: return ANSWER(fcntl(fd, F_SETFL, linux_open_flags(number, "fcntl")));
	case ILLUMOS_F_SETLK: return lock(fd, F_SETLK, argument);
	case ILLUMOS_F_SETLKW: return lock(fd, F_SETLKW, argument);
	case ILLUMOS_F_OFD_SETLK: return lock(fd, F_OFD_SETLK, argument);
	case ILLUMOS_F_OFD_SETLKW: return lock(fd, F_OFD_SETLKW, argument);
	default: refuse("fcntl: command %d is not played here", command);
	}
}

/* ---- all of them: closefrom(3C) ---- */

/* ---- ioctl(2) ---- */

static int
illumos_ioctl(int fd, int request, void *argument)
{
	if (request != ILLUMOS_TIOCGWINSZ)
		refuse("ioctl: request %#x is not played here", request);
	struct winsize from;
	if (ioctl(fd, TIOCGWINSZ, &from) == -1)
		return ANSWER(-1);
	*(struct illumos_winsize *)argument =
	    (struct illumos_winsize){ from.ws_row, from.ws_col, from.ws_xpixel, from.ws_ypixel };
	return 0;
}

static void
illumos_closefrom(int first)
{
	closefrom(first);
}

enum { MOST_OPEN = 65536 };

/* Calls the function for every open descriptor, until it returns something else than 0. */
static int
illumos_fdwalk(int (*function)(void *, int), void *context)
{
	static int open_ones[MOST_OPEN];
	int count = 0, result = 0;
	DIR *listing = opendir("/proc/self/fd");
	if (listing == NULL)
		refuse("fdwalk: /proc is not there");
	struct dirent *entry;
	while ((entry = readdir(listing)) != NULL && count < MOST_OPEN)
		if (entry->d_name[0] != '.' && atoi(entry->d_name) != dirfd(listing))
			open_ones[count++] = atoi(entry->d_name);
	closedir(listing);
	for (int i = 0; i < count && result == 0; i++)
		result = function(context, open_ones[i]);
	return result;
}

const struct played played_descriptors[] = {
	PLAYED(read, MINUS_ONE),
	PLAYED(pread, MINUS_ONE),
	PLAYED(write, MINUS_ONE),
	PLAYED(close, MINUS_ONE),
	PLAYED(fsync, MINUS_ONE),
	PLAYED(fchmod, MINUS_ONE),
	PLAYED(fchown, MINUS_ONE),
	PLAYED(dup2, MINUS_ONE),
	PLAYED(pipe2, MINUS_ONE),
	PLAYED(fcntl, MINUS_ONE),
	PLAYED(ioctl, MINUS_ONE),
	PLAYED(closefrom, NEVER),
	PLAYED(fdwalk, MINUS_ONE),
	END,
};
