#ifndef _STDIO_H
#define _STDIO_H

#include <stdarg.h>
#include <sys/types.h>

typedef struct __FILE FILE;

extern int rename(const char *, const char *);
extern int snprintf(char *, size_t, const char *, ...) __attribute__((format(printf, 3, 4)));

#endif
