#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- descriptors ---- */

int64_t
cp_read(int32_t fd, void *bytes, int64_t count)
{
	return RETRY(ssize_t, read(fd, bytes, (size_t)count));
}

int64_t
cp_read_at(int32_t fd, void *bytes, int64_t count, int64_t offset)
{
	return RETRY(ssize_t, pread(fd, bytes, (size_t)count, (off_t)offset));
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

static void
tell_of_stray_close(int32_t fd)
{
	const char *strict = getenv("HVM_STRICT");
	char words[80];
	int size = snprintf(words, sizeof words, "hvm-brand: fault: descriptor %d is closed and was not open\n", (int)fd);
	(void)!write(STDERR_FILENO, words, (size_t)size);
	if (strict != NULL && strcmp(strict, "1") == 0)
		abort();
}

int32_t
cp_close(int32_t fd)
{
	if (close(fd) == 0)
		return 0;
	int error = errno;
	if (error == EBADF)
		tell_of_stray_close(fd);
	return -error;
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
cp_is_regular(const char *path)
{
	struct stat found;
	return stat(path, &found) == -1 ? -errno : S_ISREG(found.st_mode) ? 1 : 0;
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
cp_open_lock(const char *path)
{
	return RETRY(int, open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK, 0600));
}

int32_t
cp_make_directory(const char *path, uint32_t mode)
{
	return mkdir(path, (mode_t)mode) == -1 && errno != EEXIST ? -errno : 0;
}

int32_t
cp_make_private_directory(char *path)
{
	return mkdtemp(path) == NULL ? -errno : 0;
}

int32_t
cp_make_link(const char *target, const char *path)
{
	return symlink(target, path) == -1 ? -errno : 0;
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
	if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
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
	/* A log that is made so is also written by others. */
	return RETRY(int,
	    openat(directory, name, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, (mode_t)mode));
}

int32_t
cp_append_at(int32_t directory, const char *name)
{
	struct stat found;
	/* Opening a device may do something already. */
	if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) == -1)
		return -errno;
	if (!S_ISREG(found.st_mode))
		return -EINVAL;
	/* O_NONBLOCK: see cp_open_file_at(). */
	int fd = RETRY(int,
	    openat(directory, name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK));
	if (fd < 0)
		return fd;
	int result = fstat(fd, &found) == -1 ? -errno : !S_ISREG(found.st_mode) || found.st_nlink != 1 ? -EINVAL : fd;
	if (result < 0)
		close(fd);
	return result;
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
cp_is_writable(int32_t directory, const char *name)
{
	int fd = cp_create_at(directory, name, 0600);
	if (fd < 0)
		return fd == -EROFS ? 0 : fd;
	cp_close(fd);
	int32_t removed = cp_remove_at(directory, name, 0);
	return removed < 0 ? removed : 1;
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
