#ifndef _UNISTD_H
#define _UNISTD_H

#include <sys/types.h>

#define STDIN_FILENO 0
#define STDOUT_FILENO 1
#define STDERR_FILENO 2
#ifndef SEEK_SET
#define SEEK_SET 0
#endif

extern void _exit(int) __attribute__((noreturn));
extern int close(int);
extern void closefrom(int);
extern int dup2(int, int);
extern int execve(const char *, char *const *, char *const *);
extern int fchdir(int);
extern int fchown(int, uid_t, gid_t);
extern pid_t fork(void);
extern int fsync(int);
extern uid_t geteuid(void);
extern int ioctl(int, int, ...);
extern int pipe2(int *, int);
extern ssize_t pread(int, void *, size_t, off_t);
extern ssize_t read(int, void *, size_t);
extern ssize_t readlinkat(int, const char *, char *, size_t);
extern int renameat(int, const char *, int, const char *);
extern int symlink(const char *, const char *);
extern int symlinkat(const char *, int, const char *);
extern int unlink(const char *);
extern int unlinkat(int, const char *, int);
extern ssize_t write(int, const void *, size_t);

#endif
