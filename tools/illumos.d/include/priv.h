#ifndef _PRIV_H
#define _PRIV_H

#include <sys/types.h>

extern boolean_t priv_ineffect(const char *);

#endif
