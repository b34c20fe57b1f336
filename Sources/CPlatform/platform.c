#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
	sigset_t none, all;
	pid_t pid;
	int error;

	if ((error = posix_spawn_file_actions_init(&actions)) != 0)
		return -error;
	if ((error = posix_spawnattr_init(&attributes)) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -error;
	}
	sigemptyset(&none);
	sigfillset(&all);
	/* A descriptor's number may be one that an earlier dup2 would overwrite only if it is below 3, and the callers'
	   never are: Platform opens 0-2 before anything else. */
	if ((error = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO)) == 0 &&
	    (error = posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO)) == 0 &&
	    (error = posix_spawnattr_setsigmask(&attributes, &none)) == 0 &&
	    (error = posix_spawnattr_setsigdefault(&attributes, &all)) == 0 &&
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
