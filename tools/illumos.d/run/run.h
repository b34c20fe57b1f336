/*
 * illumos-run: runs a program built for illumos on Linux, to test it. Its functions of libc and libsocket are played here:
 * they take what illumos' manual pages and ABI say, and do the same by Linux' means. What they do not know, they refuse.
 */
#ifndef RUN_RUN_H
#define RUN_RUN_H

#include "abi.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stddef.h>

/* How a function tells that it failed. */
enum failure { MINUS_ONE, NULL_POINTER, ERROR_NUMBER, NEVER };

/* One symbol that a program may want of illumos' libraries. */
struct played {
	const char *name;
	void *address;
	enum failure failure;
};

#define PLAYED(name, failure) { #name, (void *)illumos_##name, failure }
/* Of the same meaning and ABI on both systems. */
#define PASSED(name, failure) { #name, (void *)name, failure }
#define END { NULL, NULL, NEVER }

extern const struct played played_files[], played_descriptors[], played_processes[], played_signals[], played_sockets[],
    played_waiting[], played_zones[], played_contracts[], played_services[];

/* ---- main.c ---- */

/* Says why the program is not played any further, and aborts. */
void refuse(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
/* What _start must hand to atexit(). */
void at_the_end(void);

/* ---- elf.c ---- */

/* Maps the program that starts at OFFSET of the file, binds its symbols, and returns its entry. */
uint64_t load(int file, uint64_t offset);

/* ---- table.c ---- */

/* The address of a symbol. One that is not played ends the program, and says its name. */
void *play(const char *name);
/* Takes ILLUMOS_RUN_FAULT=name:n:errno, before any symbol is bound. After that, a fault in a function that the program does
   not use is refused. */
void read_fault(void);
void check_fault(void);

/* ---- numbers.c ---- */

/* The program's errno. */
extern int illumos_errno;
/* illumos' number for a Linux one, which ends the program when it has none; and the other way round, or 0. */
int illumos_error(int error);
int linux_error(int error);
/* The number of an error by its name, or 0. */
int error_named(const char *name);
/* 0 when there is none. */
int illumos_signal(int signal);
int linux_signal(int signal);
void linux_set(const illumos_sigset_t *from, sigset_t *to);
void illumos_set(const sigset_t *from, illumos_sigset_t *to);
/* The program's flags for open() and pipe2(), in Linux' numbers. */
int linux_open_flags(int flags, const char *call);
int illumos_open_flags(int flags);

/* Fails with an error of illumos'. */
#define FAIL(error) (illumos_errno = ILLUMOS_##error, -1)
/* Passes a Linux result on: -1 sets the program's errno. */
#define ANSWER(call) \
	({ \
		__typeof__(call) result_ = (call); \
		if (result_ == -1) \
			illumos_errno = illumos_error(errno); \
		result_; \
	})

/* ---- mounts.c ---- */

/* What illumos would call the file system that is mounted by this number. */
const char *file_system_kind(uint64_t mount);

/* ---- processes.c: /proc/PID/psinfo and /proc/PID/ctl are descriptors of the process ---- */

/* -1 when the path is not one of these; else 1, with the descriptor or -1 in *FD. */
int open_process(const char *path, int flags, int *fd);
/* 1 when it was opened by open_process(). */
int is_process(int fd);
int64_t read_process(int fd, void *bytes, uint64_t count, int64_t offset);
int64_t control_process(int fd, const void *bytes, uint64_t count);

/* ---- contracts.c: the template of process contracts, and who dies with the program ---- */

/* As open_process(). */
int open_template(const char *path, int flags, int *fd);
/* After a child was started: what the active template says of it. */
void bind_by_contract(int32_t pid);

/* ---- zones.c ---- */

/* The zone in which other processes are. */
int32_t zone_of_others(void);
/* Where the program connected to last: what listens there is in a zone with this in its root. */
void note_connection(void);

#endif
