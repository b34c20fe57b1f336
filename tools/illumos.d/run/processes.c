#define _GNU_SOURCE
#include "run.h"

#include <fcntl.h>
#include <grp.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- other processes: proc(5) ---- */

static int
signal_process(int fd, int signal)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0);
}

int
is_process(int fd)
{
	int error = errno;
	int is = fd > STDERR_FILENO && (signal_process(fd, 0) == 0 || errno == ESRCH || errno == EPERM);
	errno = error;
	return is;
}

int
open_process(const char *path, int flags, int *fd)
{
	int pid, end = 0;
	char name[8];
	if (sscanf(path, "/proc/%d/%7s%n", &pid, name, &end) != 2 || path[end] != '\0')
		return -1;
	int is_psinfo = strcmp(name, "psinfo") == 0;
	if (!is_psinfo && strcmp(name, "ctl") != 0)
		return -1;
	if ((flags & ~ILLUMOS_O_CLOEXEC) != (is_psinfo ? ILLUMOS_O_RDONLY : ILLUMOS_O_WRONLY))
		refuse("%s is opened with flags %#x", path, flags);
	*fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (*fd == -1 && (errno == ESRCH || errno == EINVAL))
		*fd = FAIL(ENOENT);
	else if (*fd != -1 && !(flags & ILLUMOS_O_CLOEXEC))
		fcntl(*fd, F_SETFD, 0);
	else
		(void)ANSWER(*fd);
	return 1;
}

/* The first line of a file below /proc that starts with the given words, without them. */
static int
line_of(const char *path, const char *start, char *text, int size)
{
	FILE *file = fopen(path, "re");
	int found = 0;
	while (file != NULL && !found && fgets(text, size, file) != NULL)
		found = strncmp(text, start, strlen(start)) == 0;
	if (file != NULL)
		fclose(file);
	if (found) {
		memmove(text, text + strlen(start), strlen(text + strlen(start)) + 1);
		text[strcspn(text, "\n")] = '\0';
	}
	return found;
}

/* When a process started, in ticks of the clock since the system did. */
static long long
start_of(int pid)
{
	char path[64], text[1024];
	long long ticks = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	if (!line_of(path, "", text, sizeof text))
		return 0;
	/* Its name, in parentheses, may hold anything; the start is the twentieth word behind it. */
	char *word = strrchr(text, ')');
	for (int i = 0; word != NULL && i < 20; i++)
		word = strchr(word + 1, ' ');
	if (word != NULL)
		ticks = atoll(word);
	return ticks;
}

int64_t
read_process(int fd, void *bytes, uint64_t count, int64_t offset)
{
	char path[64], pid[64], name[sizeof (struct illumos_psinfo)];
	struct stat owner;
	if (offset != 0)
		refuse("psinfo is read at %ld", offset);
	snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
	if (!line_of(path, "Pid:\t", pid, sizeof pid))
		refuse("%s does not name a process", path);
	snprintf(path, sizeof path, "/proc/%d/comm", atoi(pid));
	/* While the process is there its number is its own, so what was read is about it. */
	if (!line_of(path, "", name, sizeof name) || stat(path, &owner) == -1 ||
	    (signal_process(fd, 0) == -1 && errno == ESRCH))
		return FAIL(ENOENT);
	struct illumos_psinfo found = { .pr_pid = atoi(pid), .pr_nlwp = 1, .pr_uid = owner.st_uid, .pr_euid = owner.st_uid };
	found.pr_zoneid = zone_of_others();
	long long ticks = start_of(found.pr_pid), second = sysconf(_SC_CLK_TCK);
	found.pr_start = (struct illumos_timespec){ ticks / second, ticks % second * (1000000000 / second) };
	memcpy(found.pr_fname, name, strnlen(name, sizeof found.pr_fname - 1));
	memcpy(found.pr_psargs, name, strnlen(name, sizeof found.pr_psargs - 1));
	uint64_t given = count < sizeof found ? count : sizeof found;
	memcpy(bytes, &found, given);
	return (int64_t)given;
}

int64_t
control_process(int fd, const void *bytes, uint64_t count)
{
	int64_t message[2];
	if (count != sizeof message)
		return FAIL(EINVAL);
	memcpy(message, bytes, sizeof message);
	if (message[0] != ILLUMOS_PCKILL)
		refuse("ctl: message %ld", message[0]);
	int signal = linux_signal((int)message[1]);
	if (signal == 0)
		return FAIL(EINVAL);
	if (signal_process(fd, signal) == -1)
		return errno == ESRCH ? FAIL(ENOENT) : ANSWER(-1);
	return (int64_t)count;
}

static int
illumos_kill(int32_t pid, int signal)
{
	if (signal != 0 && linux_signal(signal) == 0)
		return FAIL(EINVAL);
	return ANSWER(kill(pid, linux_signal(signal)));
}

/* ---- children: posix_spawn(3C), waitpid(3C) ---- */

static int
hold(void **held, uint64_t size)
{
	*held = calloc(1, size);
	return *held == NULL ? ILLUMOS_ENOMEM : 0;
}

static int
illumos_posix_spawn_file_actions_init(illumos_posix_spawn_file_actions_t *actions)
{
	int error = hold(&actions->held, sizeof (posix_spawn_file_actions_t));
	return error != 0 ? error : posix_spawn_file_actions_init(actions->held);
}

static int
illumos_posix_spawn_file_actions_destroy(illumos_posix_spawn_file_actions_t *actions)
{
	int result = posix_spawn_file_actions_destroy(actions->held);
	free(actions->held);
	actions->held = NULL;
	return result;
}

static int
illumos_posix_spawn_file_actions_adddup2(illumos_posix_spawn_file_actions_t *actions, int fd, int as)
{
	int error = posix_spawn_file_actions_adddup2(actions->held, fd, as);
	return error == 0 ? 0 : illumos_error(error);
}

static int
illumos_posix_spawnattr_init(illumos_posix_spawnattr_t *attributes)
{
	int error = hold(&attributes->held, sizeof (posix_spawnattr_t));
	return error != 0 ? error : posix_spawnattr_init(attributes->held);
}

static int
illumos_posix_spawnattr_destroy(illumos_posix_spawnattr_t *attributes)
{
	int result = posix_spawnattr_destroy(attributes->held);
	free(attributes->held);
	attributes->held = NULL;
	return result;
}

static int
illumos_posix_spawnattr_setflags(illumos_posix_spawnattr_t *attributes, short flags)
{
	if (flags & ~(ILLUMOS_POSIX_SPAWN_SETSIGDEF | ILLUMOS_POSIX_SPAWN_SETSIGMASK))
		refuse("posix_spawnattr_setflags: flags %#x", flags);
	return posix_spawnattr_setflags(attributes->held,
	    (short)((flags & ILLUMOS_POSIX_SPAWN_SETSIGDEF ? POSIX_SPAWN_SETSIGDEF : 0) |
		(flags & ILLUMOS_POSIX_SPAWN_SETSIGMASK ? POSIX_SPAWN_SETSIGMASK : 0)));
}

static int
illumos_posix_spawnattr_setsigmask(illumos_posix_spawnattr_t *attributes, const illumos_sigset_t *from)
{
	sigset_t set;
	linux_set(from, &set);
	return posix_spawnattr_setsigmask(attributes->held, &set);
}

static int
illumos_posix_spawnattr_setsigdefault(illumos_posix_spawnattr_t *attributes, const illumos_sigset_t *from)
{
	sigset_t set;
	linux_set(from, &set);
	return posix_spawnattr_setsigdefault(attributes->held, &set);
}

static int
illumos_posix_spawn(int32_t *pid, const char *path, const illumos_posix_spawn_file_actions_t *actions,
    const illumos_posix_spawnattr_t *attributes, char *const *arguments, char *const *environment)
{
	int error = posix_spawn(pid, path, actions == NULL ? NULL : actions->held,
	    attributes == NULL ? NULL : attributes->held, arguments, environment);
	if (error == 0)
		bind_by_contract(*pid);
	return error == 0 ? 0 : illumos_error(error);
}

static int
illumos_waitpid(int32_t pid, int *status, int options)
{
	if (options & ~ILLUMOS_WNOHANG)
		return FAIL(EINVAL);
	int result = waitpid(pid, status, options ? WNOHANG : 0);
	/* The same but for the signal's number. */
	if (result > 0 && status != NULL && WIFSIGNALED(*status))
		*status = (*status & ~0x7f) | illumos_signal(WTERMSIG(*status));
	return ANSWER(result);
}

static int
illumos_fork(void)
{
	return ANSWER(fork());
}

static int
illumos_execve(const char *path, char *const *arguments, char *const *environment)
{
	return ANSWER(execve(path, arguments, environment));
}

/* ---- this one ---- */

static struct illumos_group *
illumos_getgrnam(const char *name)
{
	static struct illumos_group found;
	errno = 0;
	struct group *group = getgrnam(name);
	if (group == NULL) {
		if (errno != 0)
			illumos_errno = illumos_error(errno);
		return NULL;
	}
	found = (struct illumos_group){ group->gr_name, group->gr_passwd, group->gr_gid, group->gr_mem };
	return &found;
}

/* "No limit" has another number, getrlimit(2). */
static const uint64_t unlimited = (uint64_t)-3;

static int
linux_limit(int resource)
{
	switch (resource) {
#define LIMIT(name, value) case value: return name;
#include "numbers.def"
	default: refuse("resource limit %d is not played here", resource);
	}
}

static int
illumos_getrlimit(int resource, struct illumos_rlimit *to)
{
	struct rlimit from;
	if (getrlimit(linux_limit(resource), &from) == -1)
		return ANSWER(-1);
	to->rlim_cur = from.rlim_cur == RLIM_INFINITY ? unlimited : from.rlim_cur;
	to->rlim_max = from.rlim_max == RLIM_INFINITY ? unlimited : from.rlim_max;
	return 0;
}

static int
illumos_setrlimit(int resource, const struct illumos_rlimit *from)
{
	struct rlimit to = {
		.rlim_cur = from->rlim_cur == unlimited ? RLIM_INFINITY : from->rlim_cur,
		.rlim_max = from->rlim_max == unlimited ? RLIM_INFINITY : from->rlim_max,
	};
	return ANSWER(setrlimit(linux_limit(resource), &to));
}

const struct played played_processes[] = {
	PLAYED(kill, MINUS_ONE),
	PLAYED(posix_spawn_file_actions_init, ERROR_NUMBER),
	PLAYED(posix_spawn_file_actions_destroy, ERROR_NUMBER),
	PLAYED(posix_spawn_file_actions_adddup2, ERROR_NUMBER),
	PLAYED(posix_spawnattr_init, ERROR_NUMBER),
	PLAYED(posix_spawnattr_destroy, ERROR_NUMBER),
	PLAYED(posix_spawnattr_setflags, ERROR_NUMBER),
	PLAYED(posix_spawnattr_setsigmask, ERROR_NUMBER),
	PLAYED(posix_spawnattr_setsigdefault, ERROR_NUMBER),
	PLAYED(posix_spawn, ERROR_NUMBER),
	PLAYED(fork, MINUS_ONE),
	PLAYED(waitpid, MINUS_ONE),
	PLAYED(execve, MINUS_ONE),
	PASSED(geteuid, NEVER),
	PLAYED(getgrnam, NULL_POINTER),
	PLAYED(getrlimit, MINUS_ONE),
	PLAYED(setrlimit, MINUS_ONE),
	END,
};
