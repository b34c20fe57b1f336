#define _GNU_SOURCE
#include "run.h"

#include <fnmatch.h>
#include <libxml/xmlreader.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- libc's own variables ---- */

/* The program's _start sets it; nothing here does. */
static char **illumos_environ;
static uint64_t illumos___stack_chk_guard;

__attribute__((constructor)) static void
choose_guard(void)
{
	arc4random_buf(&illumos___stack_chk_guard, sizeof illumos___stack_chk_guard);
}

static void
illumos___stack_chk_fail(void)
{
	refuse("the program wrote beyond a variable on its stack");
}

static int *
illumos____errno(void)
{
	return &illumos_errno;
}

static char *
illumos_getenv(const char *name)
{
	size_t length = strlen(name);
	for (char **entry = illumos_environ; entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, length) == 0 && (*entry)[length] == '=')
			return *entry + length + 1;
	return NULL;
}

/* ---- the program's beginning and end ---- */

static int hands_over_the_end;

void
at_the_end(void)
{
}

/* At a call the stack is aligned to 16 bytes: then the frame that starts below the return address and %rbp is, too. */
#define CHECK_ALIGNMENT(call) \
	do \
		if ((uintptr_t)__builtin_frame_address(0) % 16 != 0) \
			refuse("the stack is not aligned at " call); \
	while (0)

static int
illumos_atexit(void (*function)(void))
{
	CHECK_ALIGNMENT("atexit()");
	hands_over_the_end |= function == at_the_end;
	return atexit(function) == 0 ? 0 : -1;
}

static void
illumos_exit(int status)
{
	CHECK_ALIGNMENT("exit()");
	if (!hands_over_the_end)
		refuse("_start did not hand what was in %%rdx to atexit()");
	exit(status);
}

/* ---- texts ---- */

/* The number is illumos', the words are Linux': tests compare them. */
static char *
illumos_strerror(int error)
{
	int number = linux_error(error);
	return strerror(number != 0 ? number : -error);
}

static uint64_t
illumos_strlcpy(char *to, const char *from, uint64_t size)
{
	size_t length = strlen(from);
	if (size > 0) {
		size_t count = length < size ? length : size - 1;
		memcpy(to, from, count);
		to[count] = '\0';
	}
	return length;
}

static int
illumos_fnmatch(const char *pattern, const char *text, int flags)
{
	if (flags != 0)
		refuse("fnmatch: flags %#x", flags);
	return fnmatch(pattern, text, 0);
}

const struct played played_services[] = {
	{ "environ", &illumos_environ, NEVER },
	{ "_environ", &illumos_environ, NEVER },
	{ "__stack_chk_guard", &illumos___stack_chk_guard, NEVER },
	PLAYED(__stack_chk_fail, NEVER),
	PLAYED(___errno, NEVER),
	PLAYED(getenv, NULL_POINTER),
	PLAYED(atexit, MINUS_ONE),
	PLAYED(exit, NEVER),
	PLAYED(strerror, NEVER),
	PLAYED(strlcpy, NEVER),
	PLAYED(fnmatch, NEVER),
	PASSED(_exit, NEVER),
	PASSED(abort, NEVER),
	PASSED(arc4random_buf, NEVER),
	PASSED(calloc, NULL_POINTER),
	PASSED(ceil, NEVER),
	PASSED(free, NEVER),
	PASSED(memcmp, NEVER),
	PASSED(memcpy, NEVER),
	PASSED(memmove, NEVER),
	PASSED(memset, NEVER),
	PASSED(posix_memalign, ERROR_NUMBER),
	PASSED(putchar, NEVER),
	PASSED(snprintf, NEVER),
	PASSED(strcmp, NEVER),
	PASSED(strcspn, NEVER),
	PASSED(strlen, NEVER),
	PASSED(strncmp, NEVER),
	/* libxml2 is the same there. */
	PASSED(xmlFreeTextReader, NEVER),
	PASSED(xmlGetLineNo, NEVER),
	PASSED(xmlReaderForMemory, NULL_POINTER),
	PASSED(xmlTextReaderConstEncoding, NULL_POINTER),
	PASSED(xmlTextReaderConstName, NULL_POINTER),
	PASSED(xmlTextReaderConstValue, NULL_POINTER),
	PASSED(xmlTextReaderCurrentNode, NULL_POINTER),
	PASSED(xmlTextReaderDepth, NEVER),
	PASSED(xmlTextReaderGetParserLineNumber, NEVER),
	PASSED(xmlTextReaderMoveToNextAttribute, NEVER),
	PASSED(xmlTextReaderNodeType, NEVER),
	PASSED(xmlTextReaderRead, MINUS_ONE),
	PASSED(xmlTextReaderSetStructuredErrorHandler, NEVER),
	END,
};
