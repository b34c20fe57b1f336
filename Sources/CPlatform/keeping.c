#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#endif

/* ---- the one program that a zone's init starts, waits for and ends as ---- */

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
