#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"
#include "signals.h"

#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __sun
#include <priv.h>
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
