#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"
#include "signals.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#else
#include <libcontract.h>
#include <sys/contract/process.h>
#endif

extern char **environ;

/* ---- child processes ---- */

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
