#ifndef _DIRENT_H
#define _DIRENT_H

#include <sys/types.h>

struct dirent {
	ino_t d_ino;
	off_t d_off;
	unsigned short d_reclen;
	char d_name[1];
};

typedef struct dir DIR;

extern DIR *fdopendir(int);
extern struct dirent *readdir(DIR *);
extern int closedir(DIR *);

#endif
