/* Apart from files.c: <linux/stat.h>, which knows of mounts, does not go with <sys/stat.h>. */
#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int32_t
look(int32_t fd, struct statx *found)
{
	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_MNT_ID, found) == -1)
		return -errno;
	return found->stx_mask & STATX_MNT_ID ? 0 : -EOPNOTSUPP;
}

int32_t
cp_mounted_together(int32_t one, int32_t other)
{
	struct statx a, b;
	int32_t error;
	if ((error = look(one, &a)) < 0 || (error = look(other, &b)) < 0)
		return error;
	return a.stx_mnt_id == b.stx_mnt_id && a.stx_dev_major == b.stx_dev_major && a.stx_dev_minor == b.stx_dev_minor;
}
#else
#include <string.h>
#include <sys/stat.h>

int32_t
cp_mounted_together(int32_t one, int32_t other)
{
	struct stat a, b;
	if (fstat(one, &a) == -1 || fstat(other, &b) == -1)
		return -errno;
	/* A loopback mount, lofs(4FS), has the device of what it shows, and a kind of its own, stat(2). */
	return a.st_dev == b.st_dev && strncmp(a.st_fstype, b.st_fstype, sizeof a.st_fstype) == 0;
}
#endif
