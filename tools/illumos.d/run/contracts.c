/*
 * Process contracts, process(5), as far as one is made for a child that must not outlive the program: with CT_PR_NOORPHAN in
 * the active template a process that is started is killed when the program is gone. A watcher beside both plays that.
 */
#define _GNU_SOURCE
#include "run.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int template = -1, has_param, is_active;

int
open_template(const char *path, int flags, int *fd)
{
	if (strcmp(path, "/system/contract/process/template") != 0)
		return -1;
	if ((flags & ~ILLUMOS_O_CLOEXEC) != ILLUMOS_O_RDWR)
		refuse("%s is opened with flags %#x", path, flags);
	template = *fd = ANSWER(open("/dev/null", O_RDWR | O_CLOEXEC));
	return 1;
}

static void
check_template(int fd, const char *call)
{
	if (fd == -1 || fd != template)
		refuse("%s: %d is no template", call, fd);
}

static int
illumos_ct_pr_tmpl_set_param(int fd, unsigned int param)
{
	check_template(fd, "ct_pr_tmpl_set_param");
	if (param != ILLUMOS_CT_PR_NOORPHAN)
		refuse("ct_pr_tmpl_set_param: %#x is not played here", param);
	has_param = 1;
	return 0;
}

static int
illumos_ct_tmpl_activate(int fd)
{
	check_template(fd, "ct_tmpl_activate");
	is_active = 1;
	return 0;
}

static int
illumos_ct_tmpl_clear(int fd)
{
	check_template(fd, "ct_tmpl_clear");
	is_active = 0;
	return 0;
}

static int
open_pid(int32_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

/* What a member starts is a member, too. */
static void
kill_members(int pid)
{
	char path[64];
	int child;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
	FILE *children = fopen(path, "re");
	kill(pid, SIGSTOP);
	while (children != NULL && fscanf(children, "%d", &child) == 1)
		kill_members(child);
	kill(pid, SIGKILL);
}

/* It holds nothing but the two. */
static void
watch(int us, int child, int32_t pid)
{
	setsid();
	dup2(us, STDIN_FILENO);
	dup2(child, STDOUT_FILENO);
	close_range(STDERR_FILENO, ~0U, 0);
	struct pollfd processes[] = { { .fd = STDIN_FILENO, .events = POLLIN }, { .fd = STDOUT_FILENO, .events = POLLIN } };
	while (poll(processes, 2, -1) == -1)
		continue;
	if (processes[1].revents == 0)
		kill_members(pid);
	_exit(0);
}

void
bind_by_contract(int32_t pid)
{
	if (!is_active || !has_param)
		return;
	int us = open_pid(getpid()), child = open_pid(pid);
	if (us <= STDERR_FILENO || child <= STDERR_FILENO)
		refuse("posix_spawn: no descriptors to watch processes by");
	if (fork() == 0)
		watch(us, child, pid);
	close(us);
	close(child);
}

const struct played played_contracts[] = {
	PLAYED(ct_pr_tmpl_set_param, ERROR_NUMBER),
	PLAYED(ct_tmpl_activate, ERROR_NUMBER),
	PLAYED(ct_tmpl_clear, ERROR_NUMBER),
	END,
};
