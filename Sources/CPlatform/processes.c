#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#endif
#ifdef __sun
#include <libcontract.h>
#include <priv.h>
#include <procfs.h>
#include <sys/contract/process.h>
#include <zone.h>
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

#ifdef __sun
/* For fdwalk(3C). */
static int
keep_to_ourselves(void *context, int fd)
{
	(void)context;
	if (fd > STDERR_FILENO)
		(void)fcntl(fd, F_SETFD, FD_CLOEXEC);
	return 0;
}
#endif

/* What a program that is started by another one may find ignored. SIGKILL and SIGSTOP cannot be. */
static const int ignorable[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGPIPE, SIGCHLD, SIGXFSZ, SIGWINCH,
};
enum { IGNORABLE = sizeof ignorable / sizeof *ignorable };

int32_t
cp_start(int32_t closes)
{
	struct sigaction action = { .sa_handler = SIG_IGN };
	sigemptyset(&action.sa_mask);
	sigaction(SIGPIPE, &action, NULL);
	/* A file that may not grow is an error like any other. */
	sigaction(SIGXFSZ, &action, NULL);
	action.sa_handler = SIG_DFL;
	sigaction(SIGCHLD, &action, NULL);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* The lowest free descriptor is given out, and all below this one are open. */
		if (open("/dev/null", O_RDWR) != fd)
			return -errno;
	}
	if (closes)
		closefrom(STDERR_FILENO + 1);
	else
#ifdef __sun
		(void)fdwalk(keep_to_ourselves, NULL);
#else
		(void)close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
#endif
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
cp_has_privilege(const char *name)
{
#ifdef __sun
	/* priv_set(3C) */
	return priv_ineffect(name) ? 1 : 0;
#else
	(void)name;
	return 1;
#endif
}

int32_t
cp_group(const char *name)
{
	errno = 0;
	struct group *group = getgrnam(name);
	return group != NULL ? (int32_t)group->gr_gid : -(errno != 0 ? errno : ENOENT);
}

int32_t
cp_execute(const char *path, const char *const *arguments, const char *const *environment)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t none;
	sigemptyset(&action.sa_mask);
	sigemptyset(&none);
	for (int i = 0; i < IGNORABLE; i++)
		sigaction(ignorable[i], &action, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(path, (char *const *)arguments, (char *const *)environment);
	int error = errno;
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	return -error;
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

static int
number_of(int32_t signal)
{
	return signal == CP_KILL ? SIGKILL : SIGTERM;
}

int32_t
cp_spawn(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err, int32_t kept)
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
	/* What cp_hold_interrupts(), cp_start() and whoever started us would hand on. */
	sigemptyset(&ours);
	for (int i = 0; i < IGNORABLE; i++)
		sigaddset(&ours, ignorable[i]);
	/* A descriptor's number may be one that an earlier dup2 would overwrite only if it is below 3, and the callers'
	   never are: Platform opens 0-2 before anything else. */
	if ((error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)) == 0 &&
	    /* Under another number, for the one it has here closes on exec. */
	    (kept < 0 || (error = posix_spawn_file_actions_adddup2(&actions, kept, kept == 3 ? 4 : 3)) == 0) &&
	    (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
	    (error = posix_spawnattr_setsigdefault(&attributes, &ours)) == 0 &&
	    (error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0)
		error = posix_spawn(&pid, path, &actions, &attributes, (char *const *)arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error != 0 ? -error : (int32_t)pid;
}

#ifdef __linux__
int32_t
cp_spawn_bound(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid != 0)
		return pid == -1 ? -errno : (int32_t)pid;
	/* The parent may have ended before this one asked to be told. */
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() == parent && dup2(in, STDIN_FILENO) != -1 &&
	    dup2(out, STDOUT_FILENO) != -1 && dup2(err, STDERR_FILENO) != -1)
		(void)cp_execute(path, arguments, (const char *const *)environ);
	_exit(127);
}
#else
/* A template for contracts of child processes, which is active now; -errno when there is none. */
static int32_t
activate_template(void)
{
	int template = RETRY(int, open("/system/contract/process/template", O_RDWR | O_CLOEXEC));
	if (template < 0)
		return template;
	int error = ct_pr_tmpl_set_param(template, CT_PR_NOORPHAN);
	if (error == 0)
		error = ct_tmpl_activate(template);
	if (error == 0)
		return template;
	close(template);
	return -error;
}

/* The kernel kills the members of a contract that nobody holds, process(5): this process holds it for as long as it lives. */
int32_t
cp_spawn_bound(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err)
{
	int32_t template = activate_template();
	if (template < 0)
		return template;
	int32_t pid = cp_spawn(path, arguments, in, out, err, -1);
	(void)ct_tmpl_clear(template);
	close(template);
	return pid;
}
#endif

int32_t
cp_wait(int32_t pid, int32_t milliseconds)
{
	int64_t end = cp_milliseconds() + milliseconds;
	int status;
	pid_t result;
	while ((result = RETRY(pid_t, waitpid(pid, &status, milliseconds < 0 ? 0 : WNOHANG))) == 0) {
		if (cp_milliseconds() >= end)
			return -EAGAIN;
		cp_sleep(10);
	}
	if (result < 0)
		return result;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int32_t
cp_kill_child(int32_t pid, int32_t signal)
{
	return kill((pid_t)pid, number_of(signal)) == -1 ? -errno : 0;
}

int32_t
cp_pipe(int32_t ends[2])
{
	return pipe2(ends, O_CLOEXEC) == -1 ? -errno : 0;
}

/* ---- the one program that a zone's init starts ---- */

/* What init hands on. Those that end or stop nothing but what they are sent to stay where they arrive. */
static const int handed_on[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGALRM, SIGPWR, SIGWINCH,
};
enum { HANDED_ON = sizeof handed_on / sizeof *handed_on };

static void
wake_up(int number)
{
	(void)number;
}

/* Holds them, and the news of a child, until they are waited for. A signal that by default is ignored would be lost
   without a handler, held or not. */
static void
hold_signals(sigset_t *held)
{
	struct sigaction action = { .sa_handler = wake_up };
	sigemptyset(&action.sa_mask);
	sigemptyset(held);
	sigaddset(held, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	for (int i = 0; i < HANDED_ON; i++) {
		sigaddset(held, handed_on[i]);
		sigaction(handed_on[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, held, NULL);
}

int32_t
cp_begin(const char *path, const char *const *arguments, const char *const *environment, int32_t *error)
{
	sigset_t held;
	int ends[2], failure = 0;
	if (pipe2(ends, O_CLOEXEC) == -1)
		return -errno;
	hold_signals(&held);
#ifdef __linux__
	pid_t parent = getpid();
#endif
	pid_t pid = fork();
	if (pid == 0) {
#ifdef __linux__
		/* Where no zone ends with its init, as when it is tried outside one, the program still does. */
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) == -1 || getppid() != parent)
			_exit(127);
#endif
		failure = -cp_execute(path, arguments, environment);
		(void)cp_write(ends[1], &failure, sizeof failure);
		_exit(127);
	}
	int32_t result = pid == -1 ? -errno : (int32_t)pid;
	close(ends[1]);
	/* Nothing comes once the program runs: its end of the pipe closes then. */
	*error = cp_read(ends[0], &failure, sizeof failure) == sizeof failure ? failure : 0;
	close(ends[0]);
	if (pid != -1 && *error != 0)
		(void)RETRY(pid_t, waitpid(pid, NULL, 0));
	return result;
}

static int32_t
reap(pid_t wanted, int *status)
{
	pid_t pid;
	while ((pid = RETRY(pid_t, waitpid(-1, status, WNOHANG))) > 0)
		if (pid == wanted)
			return 1;
	/* -ECHILD: it is gone, and how is not known. */
	return pid == 0 ? 0 : pid;
}

int32_t
cp_keep(int32_t pid, int32_t *signal)
{
	sigset_t held;
	int number, status = 0, null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = STDIN_FILENO; null != -1 && fd <= STDERR_FILENO; fd++)
		(void)dup2(null, fd);
	if (null > STDERR_FILENO)
		close(null);
	hold_signals(&held);
	*signal = 0;
	int32_t found;
	while ((found = reap((pid_t)pid, &status)) == 0)
		if ((number = RETRY(int, sigwaitinfo(&held, NULL))) > 0 && number != SIGCHLD)
			(void)kill((pid_t)pid, number);
	if (found < 0)
		return found;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	*signal = WTERMSIG(status);
	return 128 + *signal;
}

const char *
cp_signal_name(int32_t number)
{
	switch (number) {
#define NAME(signal) case signal: return #signal
	NAME(SIGHUP); NAME(SIGINT); NAME(SIGQUIT); NAME(SIGILL); NAME(SIGTRAP); NAME(SIGABRT); NAME(SIGBUS); NAME(SIGFPE);
	NAME(SIGKILL); NAME(SIGUSR1); NAME(SIGSEGV); NAME(SIGUSR2); NAME(SIGPIPE); NAME(SIGALRM); NAME(SIGTERM);
	NAME(SIGXCPU); NAME(SIGXFSZ); NAME(SIGSYS); NAME(SIGPWR);
#undef NAME
	default: return NULL;
	}
}

/* ---- other processes ---- */

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
