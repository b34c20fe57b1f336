/* Signals by their numbers, for those who start processes and those who end them. */
#include <signal.h>

/* What a program that is started by another one may find ignored. SIGKILL and SIGSTOP cannot be. */
static const int ignorable[] = {
	SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGTERM, SIGUSR1, SIGPIPE, SIGCHLD, SIGXFSZ, SIGWINCH,
};
enum { IGNORABLE = sizeof ignorable / sizeof *ignorable };

/* SIGKILL or SIGTERM, by CPlatform.h's names of them. */
static inline int
number_of(int32_t signal)
{
	return signal == CP_KILL ? SIGKILL : SIGTERM;
}
