#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

extern char **environ;

/* ---- the process itself ---- */

static int32_t argument_count;
static const char *const *argument_values;

void
cp_set_arguments(int32_t count, const char *const *values)
{
	argument_count = count;
	argument_values = values;
}

#ifdef __linux__
/* glibc hands constructors what main() gets. illumos fills these in too late, so there main() does it. */
__attribute__((constructor)) static void
remember_arguments(int count, char **values)
{
	cp_set_arguments(count, (const char *const *)values);
}
#endif

const char *
cp_argument(int32_t index)
{
	return index >= 0 && index < argument_count ? argument_values[index] : NULL;
}

const char *
cp_environment(const char *name)
{
	return getenv(name);
}

int32_t
cp_open_missing_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* The lowest free descriptor is given out, and all below this one are open. */
		if (open("/dev/null", O_RDWR) != fd)
			return -errno;
	}
	return 0;
}

void
cp_exit(int32_t status)
{
	exit(status);
}

int32_t
cp_is_illumos(void)
{
#ifdef __sun
	return 1;
#else
	return 0;
#endif
}

int32_t
cp_effective_user(void)
{
	return (int32_t)geteuid();
}

int32_t
cp_group(const char *name)
{
	errno = 0;
	struct group *group = getgrnam(name);
	return group != NULL ? (int32_t)group->gr_gid : -(errno != 0 ? errno : ENOENT);
}

static volatile sig_atomic_t interrupted;

static void
note_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

void
cp_hold_interrupts(void)
{
	struct sigaction action = { .sa_handler = note_interrupt };
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	/* Whoever started us may have had them blocked. */
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGTERM);
	sigaddset(&action.sa_mask, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &action.sa_mask, NULL);
}

int32_t
cp_interrupted(void)
{
	return interrupted;
}

int32_t
cp_execute(const char *path, const char *const *arguments, const char *const *environment)
{
	execve(path, (char *const *)arguments, (char *const *)environment);
	return -errno;
}

const char *
cp_environment_entry(int32_t index)
{
	int32_t count = 0;
	while (environ[count] != NULL)
		count++;
	return index >= 0 && index < count ? environ[index] : NULL;
}

int32_t
cp_duplicate(int32_t fd, int32_t as)
{
	return RETRY(int, dup2(fd, as));
}

/* ---- child processes ---- */

int32_t
cp_spawn(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, ours;
	pid_t pid;
	int error;

	if ((error = posix_spawn_file_actions_init(&actions)) != 0)
		return -error;
	if ((error = posix_spawnattr_init(&attributes)) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -error;
	}
	sigemptyset(&none);
	/* What cp_hold_interrupts() and SIGPIPE's being ignored would hand on. */
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE);
	/* A descriptor's number may be one that an earlier dup2 would overwrite only if it is below 3, and the callers'
	   never are: Platform opens 0-2 before anything else. */
	if ((error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)) == 0 &&
	    (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
	    (error = posix_spawnattr_setsigdefault(&attributes, &ours)) == 0 &&
	    (error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0)
		error = posix_spawn(&pid, path, &actions, &attributes, (char *const *)arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error != 0 ? -error : (int32_t)pid;
}

int32_t
cp_wait(int32_t pid)
{
	int status;
	int result = RETRY(pid_t, waitpid(pid, &status, 0));
	if (result < 0)
		return result;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int32_t
cp_pipe(int32_t ends[2])
{
	return pipe2(ends, O_CLOEXEC) == -1 ? -errno : 0;
}

enum { POLL_LIMIT = 8 };

int32_t
cp_poll(const int32_t *fds, int32_t *ready, int32_t count, int32_t timeout)
{
	struct pollfd entries[POLL_LIMIT];
	if (count > POLL_LIMIT)
		return -EINVAL;
	for (int32_t i = 0; i < count; i++)
		entries[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	int result = RETRY(int, poll(entries, (nfds_t)count, timeout));
	for (int32_t i = 0; i < count; i++)
		ready[i] = result > 0 && fds[i] >= 0 && entries[i].revents != 0;
	return result;
}

/* ---- other processes ---- */

#ifdef __sun
int32_t
cp_open_process(int32_t pid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/psinfo", (int)pid);
	int fd = RETRY(int, open(path, O_RDONLY | O_CLOEXEC));
	return fd == -ENOENT ? -ESRCH : fd;
}
enum { PROCESS_EVENTS = 0 }; /* psinfo hangs up when the process ends */
#else
int32_t
cp_open_process(int32_t pid)
{
	return RETRY(int, (int)syscall(SYS_pidfd_open, pid, 0));
}
enum { PROCESS_EVENTS = POLLIN };
#endif

int32_t
cp_process_ended(int32_t fd, int32_t milliseconds)
{
	struct pollfd process = { .fd = fd, .events = PROCESS_EVENTS };
	int64_t end = cp_milliseconds() + milliseconds;
	int result;
	do {
		int64_t left = end - cp_milliseconds();
		result = poll(&process, 1, left > 0 ? (int)left : 0);
	} while (result == -1 && errno == EINTR);
	return result == -1 ? -errno : result > 0;
}

int32_t
cp_signal(int32_t pid, int32_t signal)
{
	return kill((pid_t)pid, signal == CP_KILL ? SIGKILL : SIGTERM) == -1 ? -errno : 0;
}
