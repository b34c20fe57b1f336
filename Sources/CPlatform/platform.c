#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __sun
#include <ucred.h>
#include <zone.h>
#else
#include <sys/syscall.h>
#endif

extern char **environ;

/* Runs a call again for as long as signals interrupt it; gives what it gives, or -errno. */
#define RETRY(type, call) \
	({ \
		type result_; \
		do \
			result_ = (call); \
		while (result_ == -1 && errno == EINTR); \
		result_ == -1 ? (type)-errno : result_; \
	})

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

int32_t
cp_argument_count(void)
{
	return argument_count;
}

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

int32_t
cp_open_missing_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* The lowest free descriptor is given out, and all below this one are open. */
		if (open("/dev/null", O_RDWR) != fd)
			return -errno;
	}
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
cp_group(const char *name)
{
	errno = 0;
	struct group *group = getgrnam(name);
	return group != NULL ? (int32_t)group->gr_gid : -(errno != 0 ? errno : ENOENT);
}

static volatile sig_atomic_t interrupted;

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
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	/* Whoever started us may have had them blocked. */
	sigaddset(&action.sa_mask, SIGINT);
	sigaddset(&action.sa_mask, SIGTERM);
	sigaddset(&action.sa_mask, SIGHUP);
	sigprocmask(SIG_UNBLOCK, &action.sa_mask, NULL);
}

int32_t
cp_interrupted(void)
{
	return interrupted;
}

int32_t
cp_execute(const char *path, const char *const *arguments, const char *const *environment)
{
	execve(path, (char *const *)arguments, (char *const *)environment);
	return -errno;
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

/* ---- descriptors ---- */

int64_t
cp_read(int32_t fd, void *bytes, int64_t count)
{
	return RETRY(ssize_t, read(fd, bytes, (size_t)count));
}

int64_t
cp_write(int32_t fd, const void *bytes, int64_t count)
{
	int64_t written = 0;
	while (written < count) {
		ssize_t step = RETRY(ssize_t, write(fd, (const char *)bytes + written, (size_t)(count - written)));
		if (step < 0)
			return step;
		written += step;
	}
	return written;
}

int32_t
cp_close(int32_t fd)
{
	return close(fd) == -1 ? -errno : 0;
}

int32_t
cp_sync(int32_t fd)
{
	return RETRY(int, fsync(fd));
}

static int32_t
file_kind(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return CP_REGULAR;
	case S_IFDIR:
		return CP_DIRECTORY;
	case S_IFLNK:
		return CP_SYMLINK;
	case S_IFSOCK:
		return CP_SOCKET;
	case S_IFBLK:
	case S_IFCHR:
		return CP_DEVICE;
	default:
		return CP_OTHER;
	}
}

static int32_t
give_status(int result, const struct stat *from, struct cp_status *to)
{
	if (result == -1)
		return -errno;
	to->kind = file_kind(from->st_mode);
	to->mode = from->st_mode & 07777;
	to->owner = from->st_uid;
	to->size = (uint64_t)from->st_size;
	to->device = (uint64_t)from->st_dev;
	to->inode = (uint64_t)from->st_ino;
	return 0;
}

int32_t
cp_status(int32_t fd, struct cp_status *status)
{
	struct stat found;
	return give_status(fstat(fd, &found), &found, status);
}

/* ---- paths of the global zone ---- */

int32_t
cp_open_file(const char *path)
{
	return RETRY(int, open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
}

int32_t
cp_open_directory(const char *path)
{
	return RETRY(int, open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY));
}

int32_t
cp_open_output(const char *path, uint32_t mode, int32_t append)
{
	return RETRY(int, open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | (append ? O_APPEND : O_TRUNC), (mode_t)mode));
}

int32_t
cp_make_directory(const char *path, uint32_t mode)
{
	return mkdir(path, (mode_t)mode) == -1 && errno != EEXIST ? -errno : 0;
}

int32_t
cp_unlink(const char *path)
{
	return unlink(path) == -1 ? -errno : 0;
}

int32_t
cp_rename(const char *from, const char *to)
{
	return rename(from, to) == -1 ? -errno : 0;
}

int32_t
cp_lock(int32_t fd)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	if (fcntl(fd, F_SETLK, &whole) == 0)
		return 0;
	return errno == EACCES ? -EAGAIN : -errno;
}

/* ---- below a directory descriptor ---- */

int32_t
cp_open_file_at(int32_t directory, const char *name)
{
	/* O_NONBLOCK: a fifo that the zone planted must not hold us. */
	return RETRY(int, openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
}

int32_t
cp_open_directory_at(int32_t directory, const char *name)
{
	return RETRY(int, openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY));
}

int32_t
cp_status_at(int32_t directory, const char *name, struct cp_status *status)
{
	struct stat found;
	return give_status(fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW), &found, status);
}

int32_t
cp_create_at(int32_t directory, const char *name, uint32_t mode)
{
	int fd = RETRY(int,
	    openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, (mode_t)mode));
	return fd;
}

int32_t
cp_make_directory_at(int32_t directory, const char *name, uint32_t mode)
{
	return mkdirat(directory, name, (mode_t)mode) == -1 ? -errno : 0;
}

int32_t
cp_make_link_at(int32_t directory, const char *target, const char *name)
{
	return symlinkat(target, directory, name) == -1 ? -errno : 0;
}

int32_t
cp_remove_at(int32_t directory, const char *name, int32_t is_directory)
{
	return unlinkat(directory, name, is_directory ? AT_REMOVEDIR : 0) == -1 ? -errno : 0;
}

int32_t
cp_rename_at(int32_t from_directory, const char *from, int32_t to_directory, const char *to)
{
	return renameat(from_directory, from, to_directory, to) == -1 ? -errno : 0;
}

int32_t
cp_set_mode(int32_t fd, uint32_t mode)
{
	return fchmod(fd, (mode_t)mode) == -1 ? -errno : 0;
}

int32_t
cp_set_owner(int32_t fd, uint32_t owner, uint32_t group)
{
	return fchown(fd, (uid_t)owner, (gid_t)group) == -1 ? -errno : 0;
}

static int32_t
close_with(int32_t fd, int32_t error)
{
	close(fd);
	return error;
}

/* Connects without ever waiting for long: whoever listens may be hostile, or stopped. */
static int32_t
connect_soon(int32_t fd, const struct sockaddr_un *address)
{
	if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -errno;
	struct pollfd connecting = { .fd = fd, .events = POLLOUT };
	int error = ETIMEDOUT;
	socklen_t size = sizeof error;
	if (poll(&connecting, 1, 2000) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
		error = errno;
	return -error;
}

#ifdef __sun
int32_t
cp_connect_at(int32_t directory, const char *name, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	ucred_t *peer = NULL;
	if (strlcpy(address.sun_path, name, sizeof address.sun_path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (fchdir(directory) == -1)
		return close_with(fd, -errno);
	int connected = connect_soon(fd, &address);
	if (connected < 0)
		return close_with(fd, connected);
	if (zone == NULL)
		return fd;
	if (getpeerucred(fd, &peer) == -1)
		return close_with(fd, -errno);
	int belongs = ucred_getzoneid(peer) == getzoneidbyname(zone);
	ucred_free(peer);
	return belongs ? fd : close_with(fd, -EPERM);
}

int32_t
cp_peer_process(int32_t fd)
{
	ucred_t *peer = NULL;
	if (getpeerucred(fd, &peer) == -1)
		return -errno;
	int32_t pid = (int32_t)ucred_getpid(peer);
	ucred_free(peer);
	return pid;
}
#else
int32_t
cp_connect_at(int32_t directory, const char *name, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)zone;
	/* The very file, held open: what stands at its name later does not matter, and a link is not followed. */
	int place = RETRY(int, openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	if (place < 0)
		return place;
	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", place);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return close_with(place, -errno);
	int connected = connect_soon(fd, &address);
	close(place);
	return connected < 0 ? close_with(fd, connected) : fd;
}

int32_t
cp_peer_process(int32_t fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1 ? -errno : (int32_t)peer.pid;
}
#endif

/* ---- names in a directory ---- */

struct cp_listing *
cp_list(int32_t directory, int32_t *error)
{
	/* A fresh open file, so that reading it moves no one else's offset and closing it closes only itself. */
	int fd = RETRY(int, openat(directory, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY));
	if (fd < 0) {
		*error = fd;
		return NULL;
	}
	DIR *stream = fdopendir(fd);
	if (stream == NULL) {
		*error = -errno;
		close(fd);
	}
	return (struct cp_listing *)stream;
}

const char *
cp_list_next(struct cp_listing *listing)
{
	struct dirent *entry;
	while ((entry = readdir((DIR *)listing)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			return entry->d_name;
	return NULL;
}

void
cp_list_end(struct cp_listing *listing)
{
	closedir((DIR *)listing);
}

/* ---- child processes ---- */

int32_t
cp_spawn(const char *path, const char *const *arguments, int32_t in, int32_t out, int32_t err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, ours;
	pid_t pid;
	int error;

	if ((error = posix_spawn_file_actions_init(&actions)) != 0)
		return -error;
	if ((error = posix_spawnattr_init(&attributes)) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -error;
	}
	sigemptyset(&none);
	/* What cp_hold_interrupts() and SIGPIPE's being ignored would hand on. */
	sigemptyset(&ours);
	sigaddset(&ours, SIGPIPE);
	/* A descriptor's number may be one that an earlier dup2 would overwrite only if it is below 3, and the callers'
	   never are: Platform opens 0-2 before anything else. */
	if ((error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)) == 0 &&
	    (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
	    (error = posix_spawnattr_setsigdefault(&attributes, &ours)) == 0 &&
	    (error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)) == 0)
		error = posix_spawn(&pid, path, &actions, &attributes, (char *const *)arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return error != 0 ? -error : (int32_t)pid;
}

int32_t
cp_wait(int32_t pid)
{
	int status;
	int result = RETRY(pid_t, waitpid(pid, &status, 0));
	if (result < 0)
		return result;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int32_t
cp_pipe(int32_t ends[2])
{
	return pipe2(ends, O_CLOEXEC) == -1 ? -errno : 0;
}

enum { POLL_LIMIT = 8 };

int32_t
cp_poll(const int32_t *fds, int32_t *ready, int32_t count, int32_t timeout)
{
	struct pollfd entries[POLL_LIMIT];
	if (count > POLL_LIMIT)
		return -EINVAL;
	for (int32_t i = 0; i < count; i++)
		entries[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	int result = RETRY(int, poll(entries, (nfds_t)count, timeout));
	for (int32_t i = 0; i < count; i++)
		ready[i] = result > 0 && fds[i] >= 0 && entries[i].revents != 0;
	return result;
}

/* ---- other processes ---- */

#ifdef __sun
int32_t
cp_open_process(int32_t pid)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/psinfo", (int)pid);
	int fd = RETRY(int, open(path, O_RDONLY | O_CLOEXEC));
	return fd == -ENOENT ? -ESRCH : fd;
}
enum { PROCESS_EVENTS = 0 }; /* psinfo hangs up when the process ends */
#else
int32_t
cp_open_process(int32_t pid)
{
	return RETRY(int, (int)syscall(SYS_pidfd_open, pid, 0));
}
enum { PROCESS_EVENTS = POLLIN };
#endif

int32_t
cp_process_ended(int32_t fd, int32_t milliseconds)
{
	struct pollfd process = { .fd = fd, .events = PROCESS_EVENTS };
	int64_t end = cp_milliseconds() + milliseconds;
	int result;
	do {
		int64_t left = end - cp_milliseconds();
		result = poll(&process, 1, left > 0 ? (int)left : 0);
	} while (result == -1 && errno == EINTR);
	return result == -1 ? -errno : result > 0;
}

int32_t
cp_signal(int32_t pid, int32_t signal)
{
	return kill((pid_t)pid, signal == CP_KILL ? SIGKILL : SIGTERM) == -1 ? -errno : 0;
}

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
cp_address_family(const char *text)
{
	unsigned char address[sizeof (struct in6_addr)];
	if (inet_pton(AF_INET, text, address) == 1)
		return 4;
	return inet_pton(AF_INET6, text, address) == 1 ? 6 : 0;
}

void
cp_random(void *bytes, int64_t count)
{
	arc4random_buf(bytes, (size_t)count);
}
