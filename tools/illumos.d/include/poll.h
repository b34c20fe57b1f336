#ifndef _POLL_H
#define _POLL_H

#include <signal.h>

#define POLLIN 1
#define POLLOUT 4
#define POLLERR 8
#define POLLHUP 16
#define POLLNVAL 32

typedef unsigned long nfds_t;

struct pollfd {
	int fd;
	short events;
	short revents;
};

extern int poll(struct pollfd *, nfds_t, int);
extern int ppoll(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *);

#endif
