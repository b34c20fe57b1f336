#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"
#include "signals.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifdef __sun
#include <procfs.h>
#include <zone.h>
#else
#include <sys/statvfs.h>
#include <sys/syscall.h>
#endif

/* ---- the zone that this process is in, and other processes ---- */

#ifdef __sun
int32_t
cp_is_in_zone(void)
{
	return getzoneid() != GLOBAL_ZONEID;
}

/* getzonenamebyid(3C) */
int32_t
cp_zone_name(char *name, int32_t size)
{
	ssize_t length = getzonenamebyid(getzoneid(), name, (size_t)size);
	return length == -1 ? -errno : length > size ? -ENAMETOOLONG : 0;
}

int32_t
cp_open_process(int32_t pid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/psinfo", (int)pid);
	int fd = RETRY(int, open(path, O_RDONLY | O_CLOEXEC));
	return fd == -ENOENT ? -ESRCH : fd;
}

/* proc(5): psinfo, and ctl below. Fails once the process that was opened is gone, whatever has its number then. */
static int32_t
look_at_process(int32_t fd, psinfo_t *found)
{
	return RETRY(ssize_t, pread(fd, found, sizeof *found, 0)) == sizeof *found ? 0 : -ESRCH;
}

int32_t
cp_process_is(int32_t fd, const char *zone, const char *name)
{
	psinfo_t found;
	zoneid_t wanted = getzoneidbyname(zone);
	return wanted != -1 && look_at_process(fd, &found) == 0 && found.pr_zoneid == wanted &&
	    strncmp(found.pr_fname, name, sizeof found.pr_fname - 1) == 0;
}

int32_t
cp_process_identity(int32_t fd, int32_t pid, char *text, int32_t size)
{
	psinfo_t found;
	if (look_at_process(fd, &found) != 0)
		return -ESRCH;
	snprintf(text, (size_t)size, "%d.%lld.%ld", (int)pid, (long long)found.pr_start.tv_sec, found.pr_start.tv_nsec);
	return 0;
}

int32_t
cp_signal_process(int32_t fd, int32_t pid, int32_t signal)
{
	char path[64];
	long control[2] = { PCKILL, number_of(signal) };
	psinfo_t found;
	snprintf(path, sizeof path, "/proc/%d/ctl", (int)pid);
	int ctl = RETRY(int, open(path, O_WRONLY | O_CLOEXEC));
	if (ctl < 0 && ctl != -EBUSY)
		return ctl == -ENOENT ? -ESRCH : ctl;
	/* While the process that is held is there its number means no other, so what was opened just now is it as well. */
	int32_t result = look_at_process(fd, &found);
	/* A tracer may hold the control file for itself; kill(2) gets past it. */
	if (result == 0 && ctl < 0)
		return kill((pid_t)pid, number_of(signal)) == -1 ? -errno : 0;
	if (result == 0 && RETRY(ssize_t, write(ctl, control, sizeof control)) < 0)
		result = -errno;
	if (ctl >= 0)
		close(ctl);
	return result;
}
#else
int32_t
cp_is_in_zone(void)
{
	struct statvfs found;
	return statvfs("/hvm", &found) == 0 && (found.f_flag & ST_RDONLY) != 0;
}

int32_t
cp_zone_name(char *name, int32_t size)
{
	return gethostname(name, (size_t)size) == -1 ? -errno : 0;
}

int32_t
cp_open_process(int32_t pid)
{
	return RETRY(int, (int)syscall(SYS_pidfd_open, pid, 0));
}

int32_t
cp_process_is(int32_t fd, const char *zone, const char *name)
{
	(void)fd;
	(void)zone;
	(void)name;
	return 1;
}

int32_t
cp_process_identity(int32_t fd, int32_t pid, char *text, int32_t size)
{
	char path[64], found[1024];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	int stat = RETRY(int, open(path, O_RDONLY | O_CLOEXEC));
	if (stat < 0)
		return stat;
	int64_t count = cp_read(stat, found, sizeof found - 1);
	close(stat);
	/* While the process that is held is there its number means no other. */
	if (count <= 0 || cp_process_ended(fd, 0) != 0)
		return -ESRCH;
	found[count] = 0;
	/* Its name, in parentheses, may hold anything. The start is field 22, the state after the name being the third. */
	char *field = strrchr(found, ')');
	for (int i = 2; field != NULL && i < 22; i++)
		field = strchr(field + 1, ' ');
	if (field == NULL)
		return -EINVAL;
	snprintf(text, (size_t)size, "%.*s", (int)strcspn(field + 1, " "), field + 1);
	return 0;
}

int32_t
cp_signal_process(int32_t fd, int32_t pid, int32_t signal)
{
	(void)pid;
	return syscall(SYS_pidfd_send_signal, fd, number_of(signal), NULL, 0) == -1 ? -errno : 0;
}
#endif
