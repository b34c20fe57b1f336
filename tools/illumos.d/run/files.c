#define _GNU_SOURCE
#include "run.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Linux' own number for the working directory is no descriptor on illumos. */
static int
directory_of(int directory)
{
	return directory == ILLUMOS_AT_FDCWD ? AT_FDCWD : directory < 0 ? -1 : directory;
}

/* ---- opening: open(2) ---- */

static int
open_at(int directory, const char *path, int flags, uint32_t mode, const char *call)
{
	int fd;
	if (open_process(path, flags, &fd) == 1 || open_template(path, flags, &fd) == 1)
		return fd;
	fd = openat(directory_of(directory), path, linux_open_flags(flags, call), mode);
	struct stat found;
	/* A socket cannot be opened: illumos has another word for that. */
	if (fd == -1 && errno == ENXIO && fstatat(directory_of(directory), path, &found, 0) == 0 && S_ISSOCK(found.st_mode))
		return FAIL(EOPNOTSUPP);
	return ANSWER(fd);
}

/* Variadic there; but on amd64 the mode comes where it always would, or is not looked at. */
static int
illumos_openat(int directory, const char *path, int flags, uint32_t mode)
{
	return open_at(directory, path, flags, mode, "openat");
}

static int
illumos_open(const char *path, int flags, uint32_t mode)
{
	return open_at(ILLUMOS_AT_FDCWD, path, flags, mode, "open");
}

/* ---- what a file is: stat(2) ---- */

static int
give_status(int directory, const char *path, int flags, struct illumos_stat *to)
{
	static uint64_t known_mount;
	static const char *known_kind;
	struct statx from;
	if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_MNT_ID, &from) == -1)
		return ANSWER(-1);
	if (from.stx_mnt_id != known_mount || known_kind == NULL)
		known_kind = file_system_kind(known_mount = from.stx_mnt_id);
	*to = (struct illumos_stat){
		.st_dev = makedev(from.stx_dev_major, from.stx_dev_minor),
		.st_ino = from.stx_ino,
		/* The kinds of files have the same numbers on both systems. */
		.st_mode = from.stx_mode,
		.st_nlink = from.stx_nlink,
		.st_uid = from.stx_uid,
		.st_gid = from.stx_gid,
		.st_rdev = makedev(from.stx_rdev_major, from.stx_rdev_minor),
		.st_size = (int64_t)from.stx_size,
		.st_atim = { from.stx_atime.tv_sec, from.stx_atime.tv_nsec },
		.st_mtim = { from.stx_mtime.tv_sec, from.stx_mtime.tv_nsec },
		.st_ctim = { from.stx_ctime.tv_sec, from.stx_ctime.tv_nsec },
		.st_blksize = (int32_t)from.stx_blksize,
		.st_blocks = (int64_t)from.stx_blocks,
	};
	strcpy(to->st_fstype, known_kind);
	return 0;
}

static int
illumos_fstat(int fd, struct illumos_stat *status)
{
	return give_status(fd < 0 ? -1 : fd, "", AT_EMPTY_PATH, status);
}

static int
illumos_stat(const char *path, struct illumos_stat *status)
{
	return give_status(AT_FDCWD, path, 0, status);
}

static int
illumos_fstatat(int directory, const char *path, struct illumos_stat *status, int flags)
{
	if (flags & ~ILLUMOS_AT_SYMLINK_NOFOLLOW)
		return FAIL(EINVAL);
	return give_status(directory_of(directory), path, flags ? AT_SYMLINK_NOFOLLOW : 0, status);
}

/* ---- names ---- */

static int
illumos_mkdir(const char *path, uint32_t mode)
{
	return ANSWER(mkdir(path, mode));
}

static int
illumos_mkdirat(int directory, const char *path, uint32_t mode)
{
	return ANSWER(mkdirat(directory_of(directory), path, mode));
}

static int
illumos_symlinkat(const char *target, int directory, const char *path)
{
	return ANSWER(symlinkat(target, directory_of(directory), path));
}

static int
illumos_symlink(const char *target, const char *path)
{
	return ANSWER(symlink(target, path));
}

static char *
illumos_mkdtemp(char *path)
{
	char *made = mkdtemp(path);
	if (made == NULL)
		illumos_errno = illumos_error(errno);
	return made;
}

static int64_t
illumos_readlinkat(int directory, const char *path, char *bytes, uint64_t size)
{
	return ANSWER(readlinkat(directory_of(directory), path, bytes, size));
}

/* A directory is not to be unlinked, unlink(2): EPERM; and one that is not empty "exists", rmdir(2). */
static int
illumos_unlinkat(int directory, const char *path, int flags)
{
	if (flags & ~ILLUMOS_AT_REMOVEDIR)
		return FAIL(EINVAL);
	int result = unlinkat(directory_of(directory), path, flags ? AT_REMOVEDIR : 0);
	if (result == -1 && errno == EISDIR)
		return FAIL(EPERM);
	if (result == -1 && errno == ENOTEMPTY)
		return FAIL(EEXIST);
	return ANSWER(result);
}

static int
illumos_unlink(const char *path)
{
	return illumos_unlinkat(ILLUMOS_AT_FDCWD, path, 0);
}

static int
illumos_renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	int result = renameat(directory_of(from_directory), from, directory_of(to_directory), to);
	if (result == -1 && errno == ENOTEMPTY)
		return FAIL(EEXIST);
	return ANSWER(result);
}

static int
illumos_rename(const char *from, const char *to)
{
	int result = rename(from, to);
	if (result == -1 && errno == ENOTEMPTY)
		return FAIL(EEXIST);
	return ANSWER(result);
}

static int
illumos_fchmodat(int directory, const char *path, uint32_t mode, int flags)
{
	if (flags & ~ILLUMOS_AT_SYMLINK_NOFOLLOW)
		return FAIL(EINVAL);
	return ANSWER(fchmodat(directory_of(directory), path, mode, flags ? AT_SYMLINK_NOFOLLOW : 0));
}

static int
illumos_fchdir(int fd)
{
	return ANSWER(fchdir(fd));
}

/* ---- listing: readdir(3C) ---- */

struct listing {
	DIR *stream;
	/* Aligned as the structure that starts it. */
	_Alignas(struct illumos_dirent) char entry[sizeof (struct illumos_dirent) + 256];
};

static struct listing *
illumos_fdopendir(int fd)
{
	struct listing *listing = calloc(1, sizeof *listing);
	if (listing == NULL || (listing->stream = fdopendir(fd)) == NULL) {
		illumos_errno = illumos_error(errno);
		free(listing);
		return NULL;
	}
	return listing;
}

static struct illumos_dirent *
illumos_readdir(struct listing *listing)
{
	struct illumos_dirent *to = (struct illumos_dirent *)listing->entry;
	errno = 0;
	struct dirent *from = readdir(listing->stream);
	if (from == NULL) {
		if (errno != 0)
			illumos_errno = illumos_error(errno);
		return NULL;
	}
	size_t length = strlen(from->d_name) + 1;
	to->d_ino = from->d_ino;
	to->d_off = from->d_off;
	to->d_reclen = (uint16_t)((offsetof(struct illumos_dirent, d_name) + length + 7) / 8 * 8);
	memcpy(listing->entry + offsetof(struct illumos_dirent, d_name), from->d_name, length);
	return to;
}

static int
illumos_closedir(struct listing *listing)
{
	int result = closedir(listing->stream);
	free(listing);
	return ANSWER(result);
}

const struct played played_files[] = {
	PLAYED(open, MINUS_ONE),
	PLAYED(openat, MINUS_ONE),
	PLAYED(stat, MINUS_ONE),
	PLAYED(fstat, MINUS_ONE),
	PLAYED(fstatat, MINUS_ONE),
	PLAYED(mkdir, MINUS_ONE),
	PLAYED(mkdirat, MINUS_ONE),
	PLAYED(symlink, MINUS_ONE),
	PLAYED(symlinkat, MINUS_ONE),
	PLAYED(mkdtemp, NULL_POINTER),
	PLAYED(readlinkat, MINUS_ONE),
	PLAYED(unlink, MINUS_ONE),
	PLAYED(unlinkat, MINUS_ONE),
	PLAYED(rename, MINUS_ONE),
	PLAYED(renameat, MINUS_ONE),
	PLAYED(fchmodat, MINUS_ONE),
	PLAYED(fchdir, MINUS_ONE),
	PLAYED(fdopendir, NULL_POINTER),
	PLAYED(readdir, NULL_POINTER),
	PLAYED(closedir, MINUS_ONE),
	END,
};
