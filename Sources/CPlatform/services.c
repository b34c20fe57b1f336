#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- time ---- */

int64_t
cp_milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
cp_sleep(int32_t milliseconds)
{
	poll(NULL, 0, milliseconds);
}

void
cp_utc(char *text)
{
	time_t now = time(NULL);
	struct tm parts;
	gmtime_r(&now, &parts);
	strftime(text, 21, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* ---- small services of libc ---- */

const int32_t cp_eperm = EPERM;
const int32_t cp_enoent = ENOENT;
const int32_t cp_esrch = ESRCH;
const int32_t cp_eintr = EINTR;
const int32_t cp_eagain = EAGAIN;
const int32_t cp_eisdir = EISDIR;
const int32_t cp_efbig = EFBIG;
const int32_t cp_epipe = EPIPE;
const int32_t cp_eaddrinuse = EADDRINUSE;
const int32_t cp_econnrefused = ECONNREFUSED;

const char *
cp_error_text(int32_t error)
{
	return strerror(error);
}

int32_t
cp_pattern_matches(const char *pattern, const char *text)
{
	return fnmatch(pattern, text, 0) == 0;
}

int32_t
cp_address(const char *text, uint8_t *address)
{
	if (inet_pton(AF_INET, text, address) == 1)
		return 4;
	return inet_pton(AF_INET6, text, address) == 1 ? 6 : 0;
}

void
cp_random(void *bytes, int64_t count)
{
	arc4random_buf(bytes, (size_t)count);
}
