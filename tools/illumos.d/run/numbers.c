#define _GNU_SOURCE
#include "run.h"

#include <fcntl.h>
#include <string.h>

struct number {
	int linux_number;
	int illumos_number;
	const char *name;
};

static const struct number errors[] = {
#define ERROR(name, value) { name, value, #name },
#include "numbers.def"
};

static const struct number signals[] = {
#define SIGNAL(name, value) { name, value, #name },
#include "numbers.def"
};

static const struct number open_flags[] = {
#define OPEN_FLAG(name, value) { name, value, #name },
#include "numbers.def"
};

#define COUNT(table) (sizeof table / sizeof *table)
#define ILLUMOS_NUMBER(table, number) illumos_number(table, COUNT(table), number)
#define LINUX_NUMBER(table, number) linux_number(table, COUNT(table), number)

/* Either returns 0 when there is none. */
static int
illumos_number(const struct number *table, size_t count, int number)
{
	for (; count > 0; count--, table++)
		if (table->linux_number == number)
			return table->illumos_number;
	return 0;
}

static int
linux_number(const struct number *table, size_t count, int number)
{
	for (; count > 0; count--, table++)
		if (table->illumos_number == number)
			return table->linux_number;
	return 0;
}

/* ---- errors ---- */

int illumos_errno;

int
illumos_error(int error)
{
	int number = ILLUMOS_NUMBER(errors, error);
	if (number == 0)
		refuse("a call fails with \"%s\", for which no number of illumos' is known here", strerror(error));
	return number;
}

int
linux_error(int error)
{
	return LINUX_NUMBER(errors, error);
}

int
error_named(const char *name)
{
	for (size_t i = 0; i < COUNT(errors); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].illumos_number;
	return 0;
}

/* ---- signals ---- */

int
illumos_signal(int signal)
{
	return ILLUMOS_NUMBER(signals, signal);
}

int
linux_signal(int signal)
{
	return LINUX_NUMBER(signals, signal);
}

void
linux_set(const illumos_sigset_t *from, sigset_t *to)
{
	sigemptyset(to);
	for (int signal = 1; signal <= 128; signal++)
		if (from->bits[(signal - 1) / 32] & 1U << (signal - 1) % 32 && linux_signal(signal) != 0)
			sigaddset(to, linux_signal(signal));
}

void
illumos_set(const sigset_t *from, illumos_sigset_t *to)
{
	memset(to, 0, sizeof *to);
	for (size_t i = 0; i < COUNT(signals); i++) {
		int bit = signals[i].illumos_number - 1;
		if (sigismember(from, signals[i].linux_number) == 1)
			to->bits[bit / 32] |= 1U << bit % 32;
	}
}

/* ---- flags of open(2) ---- */

int
linux_open_flags(int flags, const char *call)
{
	int result = 0;
	for (size_t i = 0; i < COUNT(open_flags); i++)
		if (flags & open_flags[i].illumos_number) {
			result |= open_flags[i].linux_number;
			flags &= ~open_flags[i].illumos_number;
		}
	if (flags != 0)
		refuse("%s: illumos has no flags %#x, or they are not played here", call, flags);
	return result;
}

int
illumos_open_flags(int flags)
{
	int result = 0;
	for (size_t i = 0; i < COUNT(open_flags); i++)
		if (flags & open_flags[i].linux_number)
			result |= open_flags[i].illumos_number;
	return result;
}
