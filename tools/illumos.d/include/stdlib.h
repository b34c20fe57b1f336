#ifndef _STDLIB_H
#define _STDLIB_H

#include <sys/types.h>

extern void abort(void) __attribute__((noreturn));
extern void arc4random_buf(void *, size_t);
extern void *calloc(size_t, size_t);
extern void exit(int) __attribute__((noreturn));
extern int fdwalk(int (*)(void *, int), void *);
extern void free(void *);
extern char *getenv(const char *);
extern char *mkdtemp(char *);

#endif
