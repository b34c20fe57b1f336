#ifndef _LIMITS_H
#define _LIMITS_H

#include_next <limits.h>

#define PATH_MAX 1024

#endif
