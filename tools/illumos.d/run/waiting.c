#define _GNU_SOURCE
#include "run.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>

/* ---- poll(2) ---- */

enum { KNOWN_EVENTS = ILLUMOS_POLLIN | ILLUMOS_POLLOUT };
_Static_assert(POLLIN == ILLUMOS_POLLIN && POLLOUT == ILLUMOS_POLLOUT && POLLERR == ILLUMOS_POLLERR &&
    POLLHUP == ILLUMOS_POLLHUP && POLLNVAL == ILLUMOS_POLLNVAL, "the events are the same on both systems");

/* psinfo can always be read and hangs up when its process ends; Linux' descriptor of a process is readable then. */
static short
events_of(const struct illumos_pollfd *entry, int is_process, int *at_once)
{
	if (entry->events & ~KNOWN_EVENTS)
		refuse("poll: events %#x are not played here", entry->events);
	if (!is_process)
		return entry->events;
	*at_once |= entry->events != 0;
	return POLLIN;
}

static int
poll_all(struct illumos_pollfd *entries, uint64_t count, const struct timespec *limit, const sigset_t *mask)
{
	static const struct timespec none;
	int at_once = 0, ready = 0;
	struct pollfd *polled = calloc(count + 1, sizeof *polled);
	char *processes = calloc(count + 1, 1);
	if (polled == NULL || processes == NULL)
		refuse("no memory");
	for (uint64_t i = 0; i < count; i++) {
		processes[i] = (char)is_process(entries[i].fd);
		polled[i] = (struct pollfd){ .fd = entries[i].fd, .events = events_of(&entries[i], processes[i], &at_once) };
	}
	int result = ANSWER(ppoll(polled, count, at_once ? &none : limit, mask));
	for (uint64_t i = 0; i < count && result >= 0; i++) {
		entries[i].revents = polled[i].revents;
		if (processes[i])
			entries[i].revents = (int16_t)(entries[i].events | (polled[i].revents & POLLIN ? POLLHUP : 0));
		ready += entries[i].revents != 0;
	}
	free(polled);
	free(processes);
	return result < 0 ? result : ready;
}

static int
illumos_poll(struct illumos_pollfd *entries, uint64_t count, int milliseconds)
{
	struct timespec limit = { .tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L };
	return poll_all(entries, count, milliseconds < 0 ? NULL : &limit, NULL);
}

static int
illumos_ppoll(struct illumos_pollfd *entries, uint64_t count, const struct illumos_timespec *from,
    const illumos_sigset_t *mask)
{
	struct timespec limit;
	sigset_t set;
	if (from != NULL)
		limit = (struct timespec){ .tv_sec = from->tv_sec, .tv_nsec = from->tv_nsec };
	if (mask != NULL)
		linux_set(mask, &set);
	return poll_all(entries, count, from == NULL ? NULL : &limit, mask == NULL ? NULL : &set);
}

/* ---- time ---- */

static int
illumos_clock_gettime(int clock, struct illumos_timespec *to)
{
	struct timespec now;
	if (clock != ILLUMOS_CLOCK_MONOTONIC && clock != ILLUMOS_CLOCK_REALTIME)
		return FAIL(EINVAL);
	if (clock_gettime(clock == ILLUMOS_CLOCK_MONOTONIC ? CLOCK_MONOTONIC : CLOCK_REALTIME, &now) == -1)
		return ANSWER(-1);
	*to = (struct illumos_timespec){ now.tv_sec, now.tv_nsec };
	return 0;
}

static struct illumos_tm *
illumos_gmtime_r(const int64_t *when, struct illumos_tm *to)
{
	struct tm from;
	time_t seconds = *when;
	if (gmtime_r(&seconds, &from) == NULL)
		return NULL;
	*to = (struct illumos_tm){ from.tm_sec, from.tm_min, from.tm_hour, from.tm_mday, from.tm_mon, from.tm_year,
		from.tm_wday, from.tm_yday, from.tm_isdst };
	return to;
}

static uint64_t
illumos_strftime(char *text, uint64_t size, const char *format, const struct illumos_tm *from)
{
	struct tm parts = { .tm_sec = from->tm_sec, .tm_min = from->tm_min, .tm_hour = from->tm_hour,
		.tm_mday = from->tm_mday, .tm_mon = from->tm_mon, .tm_year = from->tm_year, .tm_wday = from->tm_wday,
		.tm_yday = from->tm_yday, .tm_isdst = from->tm_isdst };
	return strftime(text, size, format, &parts);
}

const struct played played_waiting[] = {
	PLAYED(poll, MINUS_ONE),
	PLAYED(ppoll, MINUS_ONE),
	PLAYED(clock_gettime, MINUS_ONE),
	PASSED(time, NEVER),
	PLAYED(gmtime_r, NULL_POINTER),
	PLAYED(strftime, NEVER),
	END,
};
