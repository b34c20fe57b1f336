#ifndef _FCNTL_H
#define _FCNTL_H

#include <sys/types.h>

#define O_RDONLY 0
#define O_WRONLY 1
#define O_RDWR 2
#define O_APPEND 0x8
#define O_NONBLOCK 0x80
#define O_CREAT 0x100
#define O_TRUNC 0x200
#define O_EXCL 0x400
#define O_NOCTTY 0x800
#define O_NOFOLLOW 0x20000
#define O_CLOEXEC 0x800000
#define O_DIRECTORY 0x1000000

#define AT_FDCWD ((int)0xffd19553)
#define AT_REMOVEDIR 0x1
#define AT_SYMLINK_NOFOLLOW 0x1000

#define FD_CLOEXEC 1
#define F_GETFD 1
#define F_SETFD 2
#define F_GETFL 3
#define F_SETFL 4
#define F_SETLK 6
#define F_SETLKW 7
#define F_OFD_SETLK 48
#define F_OFD_SETLKW 49
#define F_RDLCK 1
#define F_WRLCK 2
#define F_UNLCK 3

struct flock {
	short l_type;
	short l_whence;
	off_t l_start;
	off_t l_len;
	int l_sysid;
	pid_t l_pid;
	long l_pad[4];
};

#ifndef SEEK_SET
#define SEEK_SET 0
#endif

extern int open(const char *, int, ...);
extern int openat(int, const char *, int, ...);
extern int fcntl(int, int, ...);

#endif
