/*
 * The one door to the operating system, for illumos and Linux alike.
 *
 * Only fixed-width integers, characters and opaque pointers cross it, so that Swift for a bare ELF target can import it
 * without any system header. Unless a comment says otherwise, a call gives 0 or a count, or -errno when it fails; calls
 * that a signal interrupts are taken up again.
 */
#ifndef CPLATFORM_H
#define CPLATFORM_H

#include <stdint.h>

/* ---- the process itself ---- */

/* Remembers what main() was given. On Linux a constructor does so before main(); elsewhere main() calls it. */
void cp_set_arguments(int32_t count, const char *const *values);
/* NULL outside 0 ..< the count. */
const char *cp_argument(int32_t index);
/* NULL when the variable is not set. */
const char *cp_environment(const char *name);
/* Makes what the program was started with known: opens /dev/null on whichever of the descriptors 0-2 is closed, closes all
   others or keeps them from programs it starts, ignores SIGPIPE, and gives SIGCHLD its usual meaning, without which no
   child could be waited for. */
int32_t cp_start(int32_t closes);
void cp_exit(int32_t status) __attribute__((noreturn));
/* 1 when this program was built for illumos, else 0. */
int32_t cp_is_illumos(void);
int32_t cp_effective_user(void);
/* 1 when the process has the privilege, privileges(7), in its effective set. Always 1 on Linux, which has none by these names: a
   call that is not allowed fails there by itself. */
int32_t cp_has_privilege(const char *name);
/* The group's number; -ENOENT when there is none of that name. */
int32_t cp_group(const char *name);
/* From now on SIGINT, SIGTERM and SIGHUP end nothing; cp_interrupted() tells that one came. */
void cp_hold_interrupts(void);
int32_t cp_interrupted(void);
/* Becomes another program, in which no signal is ignored or blocked; comes back with -errno only. */
int32_t cp_execute(const char *path, const char *const *arguments, const char *const *environment);
/* The environment's variables as NAME=VALUE; NULL outside 0 ..< count. */
const char *cp_environment_entry(int32_t index);
/* Makes the open descriptor serve as another number as well, which stays open in programs started later. */
int32_t cp_duplicate(int32_t fd, int32_t as);

/* ---- descriptors ---- */

int64_t cp_read(int32_t fd, void *bytes, int64_t count);
/* Reads up to COUNT bytes at an offset. */
int64_t cp_read_at(int32_t fd, void *bytes, int64_t count, int64_t offset);
/* Writes all of it. */
int64_t cp_write(int32_t fd, const void *bytes, int64_t count);
/* A descriptor that is not open is a fault of the program: by now the number may be somebody else's file. It is told on
   standard error, and with HVM_STRICT=1 in the environment it ends the program. */
int32_t cp_close(int32_t fd);
int32_t cp_sync(int32_t fd);
/* The columns of the terminal that this is, 0 where it does not say; -ENOTTY when it is none. */
int32_t cp_terminal_columns(int32_t fd);

enum cp_file_kind { CP_REGULAR = 1, CP_DIRECTORY, CP_SYMLINK, CP_SOCKET, CP_DEVICE, CP_OTHER };

struct cp_status {
	int32_t kind; /* enum cp_file_kind */
	uint32_t mode; /* permission bits */
	uint32_t owner;
	uint64_t size; /* bytes */
	uint64_t inode;
};

int32_t cp_status(int32_t fd, struct cp_status *status);
/* 1 when both lie on the same file system, reached through the same mount; else 0. */
int32_t cp_mounted_together(int32_t fd, int32_t other);

/* ---- paths of the global zone, which only root can change ---- */

int32_t cp_open_file(const char *path);
/* 1 when it is a regular file, else 0. */
int32_t cp_is_regular(const char *path);
int32_t cp_open_directory(const char *path);
/* Opens for writing, made with MODE when it is not there. Truncated or, with APPEND 1, added to at its end. */
int32_t cp_open_output(const char *path, uint32_t mode, int32_t append);
/* 0 also when it is there already. */
int32_t cp_make_directory(const char *path, uint32_t mode);
int32_t cp_unlink(const char *path);
int32_t cp_rename(const char *from, const char *to);
/* Makes a directory of mode 0700 whose name nobody could have foreseen: the six X at the end of PATH become it. */
int32_t cp_make_private_directory(char *path);
/* Makes a symbolic link to TARGET at PATH. */
int32_t cp_make_link(const char *target, const char *path);
/* Opens a file to lock, of mode 0600; a link at its name is not followed. */
int32_t cp_open_lock(const char *path);
/* Locks an open file until it is closed in this process and in all that it was handed on to. -EAGAIN while others have it. */
int32_t cp_lock(int32_t fd);

/* ---- below a directory descriptor: NAME is one path component; symbolic links are never followed ---- */

int32_t cp_open_file_at(int32_t directory, const char *name);
int32_t cp_open_directory_at(int32_t directory, const char *name);
int32_t cp_status_at(int32_t directory, const char *name, struct cp_status *status);
/* Makes a file that was not there, and opens it to write at its end. */
int32_t cp_create_at(int32_t directory, const char *name, uint32_t mode);
/* Opens a regular file to write at its end; -EINVAL when it is none, or has another name as well. */
int32_t cp_append_at(int32_t directory, const char *name);
int32_t cp_make_directory_at(int32_t directory, const char *name, uint32_t mode);
int32_t cp_make_link_at(int32_t directory, const char *target, const char *name);
/* Removes a file or link, or, with IS_DIRECTORY 1, an empty directory. */
int32_t cp_remove_at(int32_t directory, const char *name, int32_t is_directory);
int32_t cp_rename_at(int32_t from_directory, const char *from, int32_t to_directory, const char *to);
/* 1 when a file can be made in an open directory (it is removed at once), 0 when the directory is mounted read-only.
   On illumos nothing else tells: a lofs mount shows the file system below it in stat(2) and statvfs(2). */
int32_t cp_is_writable(int32_t directory, const char *name);
int32_t cp_set_mode(int32_t fd, uint32_t mode);
int32_t cp_set_owner(int32_t fd, uint32_t owner, uint32_t group);
/* Connects to a UNIX socket, within two seconds; what it gives never blocks. On illumos the kernel cannot be told not to
   follow a link, so there the process that listens must belong to the zone or, when none is named, to the zone whose root
   directory ROOT is; else -EPERM. */
int32_t cp_connect_at(int32_t directory, const char *name, int32_t root, const char *zone);
/* Opens the process that listens at the other end of a connected UNIX socket, as cp_open_process() does; its number goes to
   *PID. -ESRCH when it is gone. The kernel is asked for the process itself, not for its number, which another may have by now;
   where it cannot be (before Linux 6.5), -EPERM unless the process has the directory ROOT for its root: then it is the
   zone's. */
int32_t cp_open_peer(int32_t fd, int32_t root, int32_t *pid);

/* ---- relaying: descriptors here never block ---- */

/* Listens on an IPv4 or IPv6 address in text form. Port 0 takes any free one. */
int32_t cp_listen(const char *address, uint16_t port);
/* Listens on a UNIX socket that is made at the path. */
int32_t cp_listen_at(const char *path);
/* The port a listening socket has. */
int32_t cp_port(int32_t fd);
/* The next client; -EAGAIN when none waits. */
int32_t cp_accept(int32_t fd);
/* 1 when the errno says that there are not enough descriptors or memory now: trying at once again would be in vain. */
int32_t cp_is_shortage(int32_t error);
/* What is there, or what fits: a count, 0 at the end, or -EAGAIN when nothing is or does. */
int64_t cp_receive(int32_t fd, void *bytes, int64_t count);
int64_t cp_send(int32_t fd, const void *bytes, int64_t count);
/* Tells the other end that nothing more comes. */
int32_t cp_end_sending(int32_t fd);

/* CP_ENDED is for descriptors of cp_open_process(), and goes with no other. */
enum cp_event { CP_READABLE = 1, CP_WRITABLE = 2, CP_BROKEN = 4, CP_ENDED = 8 };

struct cp_wait_entry {
	int32_t fd; /* -1: left out */
	int16_t wanted; /* enum cp_event */
	int16_t ready; /* enum cp_event; CP_BROKEN without being wanted */
};

/* Waits until one of them is ready, at most this many milliseconds; for ever when they are negative. Returns how many are ready.
   Unlike other calls, it comes back with -EINTR when a signal comes. */
int32_t cp_wait_for(struct cp_wait_entry *entries, int32_t count, int32_t milliseconds);

/* ---- names in a directory ---- */

struct cp_listing;
/* Starts a listing of an open directory; the descriptor stays the caller's. NULL, with -errno in *error, on failure. */
struct cp_listing *cp_list(int32_t directory, int32_t *error);
/* The next name, valid until the next call; NULL at the end. "." and ".." are left out. */
const char *cp_list_next(struct cp_listing *listing);
void cp_list_end(struct cp_listing *listing);

/* ---- child processes ---- */

/* Starts PATH with ARGUMENTS (NULL-terminated) and the given standard descriptors; nothing else stays open in it but KEPT,
   when that is not -1. Gives its process id. */
int32_t cp_spawn(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err, int32_t kept);
/* The same, but when this process ends, however it ends, so does the program: by SIGTERM on Linux, by SIGKILL on illumos. On Linux
   what cannot be started ends with status 127. */
int32_t cp_spawn_bound(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err);
/* Waits for a child, at most this many milliseconds; for ever when they are negative. Returns its exit status, or 128 + the
   signal that ended it; -EAGAIN when it goes on. */
int32_t cp_wait(int32_t pid, int32_t milliseconds);
enum cp_signal { CP_TERMINATE = 1, CP_KILL };
/* For a child that was not waited for yet: its number means no other. */
int32_t cp_kill_child(int32_t pid, int32_t signal);
/* A pipe: ends[0] reads, ends[1] writes. Both close on exec. */
int32_t cp_pipe(int32_t ends[2]);

/* Starts a program as cp_execute() does, but as a child, and returns its number. *ERROR is 0, or the errno with which it
   could not be run: then the child is gone. On Linux it is killed when this process ends. */
int32_t cp_begin(const char *path, const char *const *arguments, const char *const *environment, int32_t *error);
/* Waits for its end, with nothing open but /dev/null; hands signals on to it, and reaps whatever else ends as a child of
   this process. Gives its exit status, or 128 + the signal that ended it, which goes to *SIGNAL, else 0. */
int32_t cp_keep(int32_t pid, int32_t *signal);
/* A signal's name, such as SIGKILL; NULL for a number that has none of the usual ones. */
const char *cp_signal_name(int32_t number);

/* ---- other processes ---- */

/* A descriptor that cp_process_ended() can wait on; -ESRCH when there is no such process. */
int32_t cp_open_process(int32_t pid);
/* 1 when the process has ended, 0 when MILLISECONDS have passed before. */
int32_t cp_process_ended(int32_t fd, int32_t milliseconds);
/* 1 when the process runs in the zone and has this name (its first 15 bytes). Always 1 on Linux, which has no zones. */
int32_t cp_process_is(int32_t fd, const char *zone, const char *name);
/* What tells the process, opened as FD by the number PID, from every other since the system was started, the same in and
   out of its zone: a text of at most SIZE bytes with the end. Where zones count processes for themselves (Linux), the
   number is not part of it. */
int32_t cp_process_identity(int32_t fd, int32_t pid, char *text, int32_t size);
/* Signals the very process that was opened as FD by the number PID; -ESRCH once it is gone. */
int32_t cp_signal_process(int32_t fd, int32_t pid, int32_t signal);

/* 1 in a zone, 0 in the global one; on Linux 1 where /hvm is mounted read-only, as it is in a zone. */
int32_t cp_is_in_zone(void);
/* The name of the zone that this process runs in, at most SIZE bytes with the end; on Linux the host's name, which a
   namespace zone has of its own. */
int32_t cp_zone_name(char *name, int32_t size);

/* ---- time ---- */

/* Since some moment that stays the same while the program runs. */
int64_t cp_milliseconds(void);
void cp_sleep(int32_t milliseconds);
/* The present time as 2026-11-22T13:47:00Z; at least 21 bytes. */
void cp_utc(char *text);

/* ---- small services of libc ---- */

/* Values of errno by their names: the numbers differ between systems. */
extern const int32_t cp_eperm, cp_enoent, cp_esrch, cp_eintr, cp_eagain, cp_eisdir, cp_efbig, cp_epipe, cp_eaddrinuse,
    cp_econnrefused;

/* Valid until the next call. */
const char *cp_error_text(int32_t error);
/* 1 when fnmatch(3) finds that the pattern matches the whole text, else 0. */
int32_t cp_pattern_matches(const char *pattern, const char *text);
/* 4 or 6 for an IPv4 or IPv6 address in text form, whose 4 or 16 bytes go to ADDRESS, which holds 16; else 0. */
int32_t cp_address(const char *text, uint8_t *address);
void cp_random(void *bytes, int64_t count);

#endif
