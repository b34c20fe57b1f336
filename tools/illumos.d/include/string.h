#ifndef _STRING_H
#define _STRING_H

#include <sys/types.h>

extern void *memcpy(void *, const void *, size_t);
extern void *memset(void *, int, size_t);
extern int strcmp(const char *, const char *);
extern size_t strcspn(const char *, const char *);
extern char *strerror(int);
extern size_t strlcpy(char *, const char *, size_t);
extern size_t strlen(const char *);
extern int strncmp(const char *, const char *, size_t);

#endif
