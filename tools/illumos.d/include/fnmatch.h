#ifndef _FNMATCH_H
#define _FNMATCH_H

extern int fnmatch(const char *, const char *, int);

#endif
