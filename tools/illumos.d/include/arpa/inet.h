#ifndef _ARPA_INET_H
#define _ARPA_INET_H

#include <netinet/in.h>

extern int inet_pton(int, const char *, void *);

#endif
