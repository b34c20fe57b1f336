#ifndef _ZONE_H
#define _ZONE_H

#include <sys/types.h>

#define GLOBAL_ZONEID 0
#define ZONE_ATTR_ROOT 1

extern zoneid_t getzoneid(void);
extern zoneid_t getzoneidbyname(const char *);
extern ssize_t getzonenamebyid(zoneid_t, char *, size_t);
extern ssize_t zone_getattr(zoneid_t, int, void *, size_t);

#endif
