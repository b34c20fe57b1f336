#define _GNU_SOURCE
#include "run.h"

#include <string.h>

/* ---- sets: sigsetops(3C) ---- */

static int
illumos_sigemptyset(illumos_sigset_t *set)
{
	memset(set, 0, sizeof *set);
	return 0;
}

/* The word of the set that holds the signal; NULL when there is no such signal. */
static uint32_t *
word_of(illumos_sigset_t *set, int signal)
{
	return signal > 0 && signal <= 128 ? &set->bits[(signal - 1) / 32] : NULL;
}

static uint32_t
bit_of(int signal)
{
	return 1U << (signal - 1) % 32;
}

static int
illumos_sigaddset(illumos_sigset_t *set, int signal)
{
	uint32_t *word = word_of(set, signal);
	if (word == NULL)
		return FAIL(EINVAL);
	*word |= bit_of(signal);
	return 0;
}

static int
illumos_sigdelset(illumos_sigset_t *set, int signal)
{
	uint32_t *word = word_of(set, signal);
	if (word == NULL)
		return FAIL(EINVAL);
	*word &= ~bit_of(signal);
	return 0;
}

static int
illumos_sigismember(const illumos_sigset_t *set, int signal)
{
	uint32_t *word = word_of((illumos_sigset_t *)set, signal);
	if (word == NULL)
		return FAIL(EINVAL);
	return (*word & bit_of(signal)) != 0;
}

/* ---- handlers: sigaction(2) ---- */

static struct illumos_sigaction actions[128];

static void
handle(int signal)
{
	int number = illumos_signal(signal);
	actions[number].handler(number);
}

static int
illumos_sigaction(int signal, const struct illumos_sigaction *new, struct illumos_sigaction *old)
{
	int number = linux_signal(signal);
	if (number == 0)
		return FAIL(EINVAL);
	struct illumos_sigaction before = actions[signal];
	struct sigaction action = { 0 };
	if (new != NULL) {
		if (new->sa_flags != 0)
			refuse("sigaction: flags %#x are not played here", new->sa_flags);
		/* SIG_DFL and SIG_IGN are the same on both systems. */
		int is_function = new->handler != SIG_DFL && new->handler != SIG_IGN;
		action.sa_handler = is_function ? handle : new->handler;
		linux_set(&new->mask, &action.sa_mask);
		actions[signal] = *new;
	}
	if (sigaction(number, new == NULL ? NULL : &action, NULL) == -1)
		return ANSWER(-1);
	if (old != NULL)
		*old = before;
	return 0;
}

/* ---- masks: sigprocmask(2) ---- */

static int
illumos_sigprocmask(int how, const illumos_sigset_t *new, illumos_sigset_t *old)
{
	sigset_t change, before;
	int number = how == ILLUMOS_SIG_BLOCK ? SIG_BLOCK : how == ILLUMOS_SIG_UNBLOCK ? SIG_UNBLOCK : SIG_SETMASK;
	if (new != NULL && number == SIG_SETMASK && how != ILLUMOS_SIG_SETMASK)
		return FAIL(EINVAL);
	if (new != NULL)
		linux_set(new, &change);
	if (sigprocmask(number, new == NULL ? NULL : &change, &before) == -1)
		return ANSWER(-1);
	if (old != NULL)
		illumos_set(&before, old);
	return 0;
}

static int
illumos_sigpending(illumos_sigset_t *set)
{
	sigset_t pending;
	if (sigpending(&pending) == -1)
		return ANSWER(-1);
	illumos_set(&pending, set);
	return 0;
}

/* What came is not asked for: siginfo is not played here. */
static int
illumos_sigwaitinfo(const illumos_sigset_t *from, void *information)
{
	sigset_t set;
	if (information != NULL)
		refuse("sigwaitinfo is asked what came");
	linux_set(from, &set);
	int number = sigwaitinfo(&set, NULL);
	return number == -1 ? ANSWER(-1) : illumos_signal(number);
}

static int
illumos_raise(int signal)
{
	if (linux_signal(signal) == 0)
		return FAIL(EINVAL);
	return ANSWER(raise(linux_signal(signal)));
}

const struct played played_signals[] = {
	PLAYED(sigemptyset, NEVER),
	PLAYED(sigaddset, MINUS_ONE),
	PLAYED(sigdelset, MINUS_ONE),
	PLAYED(sigismember, MINUS_ONE),
	PLAYED(sigaction, MINUS_ONE),
	PLAYED(sigprocmask, MINUS_ONE),
	PLAYED(sigpending, MINUS_ONE),
	PLAYED(sigwaitinfo, MINUS_ONE),
	PLAYED(raise, MINUS_ONE),
	END,
};
