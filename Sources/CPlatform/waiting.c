#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* ---- interrupts ---- */

static volatile sig_atomic_t interrupted;
static int32_t holds_interrupts;
/* The signals that are blocked while cp_wait_for() waits: the interrupts are let in only there, so that none comes between
   a look at cp_interrupted() and the waiting. */
static sigset_t blocked_while_waiting;
static const int interrupts[] = { SIGINT, SIGTERM, SIGHUP };
enum { INTERRUPTS = sizeof interrupts / sizeof *interrupts };

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
	sigset_t held;
	sigemptyset(&action.sa_mask);
	sigemptyset(&held);
	for (int i = 0; i < INTERRUPTS; i++)
		sigaddset(&held, interrupts[i]);
	sigprocmask(SIG_BLOCK, &held, &blocked_while_waiting);
	for (int i = 0; i < INTERRUPTS; i++) {
		/* Whoever started us may have had them blocked. */
		sigdelset(&blocked_while_waiting, interrupts[i]);
		sigaction(interrupts[i], &action, NULL);
	}
	holds_interrupts = 1;
}

int32_t
cp_interrupted(void)
{
	sigset_t pending;
	if (holds_interrupts && sigpending(&pending) == 0)
		for (int i = 0; i < INTERRUPTS; i++)
			if (sigismember(&pending, interrupts[i]) == 1)
				interrupted = 1;
	return interrupted;
}

/* ---- waiting ---- */

#ifdef __sun
/* psinfo hangs up when the process ends: prpoll() in usr/src/uts/common/fs/proc/prvnops.c. */
enum { PROCESS_EVENTS = 0, PROCESS_ENDED = POLLHUP };
#else
enum { PROCESS_EVENTS = POLLIN, PROCESS_ENDED = POLLIN };
#endif

static short
events_of(int16_t wanted)
{
	if (wanted & CP_ENDED)
		return PROCESS_EVENTS;
	return (short)((wanted & CP_READABLE ? POLLIN : 0) | (wanted & CP_WRITABLE ? POLLOUT : 0));
}

static int16_t
ready_of(int16_t wanted, short events)
{
	if (wanted & CP_ENDED)
		return events & PROCESS_ENDED ? CP_ENDED : 0;
	return (int16_t)((events & POLLIN ? CP_READABLE : 0) | (events & POLLOUT ? CP_WRITABLE : 0) |
	    (events & (POLLERR | POLLHUP | POLLNVAL) ? CP_BROKEN : 0));
}

int32_t
cp_wait_for(struct cp_wait_entry *entries, int32_t count, int32_t milliseconds)
{
	struct timespec limit = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L };
	struct pollfd *polled = calloc((size_t)count, sizeof *polled);
	if (polled == NULL)
		return -ENOMEM;
	for (int32_t i = 0; i < count; i++)
		polled[i] = (struct pollfd){ .fd = entries[i].fd, .events = events_of(entries[i].wanted) };
	int result = ppoll(polled, (nfds_t)count, milliseconds < 0 ? NULL : &limit,
	    holds_interrupts ? &blocked_while_waiting : NULL);
	int error = errno;
	for (int32_t i = 0; i < count; i++)
		entries[i].ready = result <= 0 || entries[i].fd < 0 ? 0 : ready_of(entries[i].wanted, polled[i].revents);
	free(polled);
	return result == -1 ? -error : result;
}

int32_t
cp_process_ended(int32_t fd, int32_t milliseconds)
{
	struct cp_wait_entry process = { .fd = fd, .wanted = CP_ENDED };
	int64_t end = cp_milliseconds() + milliseconds;
	for (;;) {
		int64_t left = end - cp_milliseconds();
		int32_t result = cp_wait_for(&process, 1, left > 0 ? (int32_t)left : 0);
		if (result < 0 && result != -EINTR)
			return result;
		if (process.ready != 0)
			return 1;
		if (left <= 0)
			return 0;
		/* Ready, but not for its end: looking at once again would show the same. */
		if (result > 0)
			cp_sleep(20);
	}
}
