#ifndef _SYS_SOCKET_H
#define _SYS_SOCKET_H

#include <sys/types.h>

typedef unsigned int socklen_t;
typedef unsigned short sa_family_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

#define AF_UNIX 1
#define AF_INET 2
#define AF_INET6 26
#define SOCK_STREAM 2
#define SOCK_CLOEXEC 0x80000
#define SOCK_NONBLOCK 0x100000
#define SOL_SOCKET 0xffff
#define SO_REUSEADDR 0x4
#define SO_ERROR 0x1007
#define SHUT_RD 0
#define SHUT_WR 1

extern int socket(int, int, int);
extern int bind(int, const struct sockaddr *, socklen_t);
extern int listen(int, int);
extern int accept4(int, struct sockaddr *, socklen_t *, int);
extern int connect(int, const struct sockaddr *, socklen_t);
extern int getsockname(int, struct sockaddr *, socklen_t *);
extern int getsockopt(int, int, int, void *, socklen_t *);
extern int setsockopt(int, int, int, const void *, socklen_t);
extern ssize_t recv(int, void *, size_t, int);
extern ssize_t send(int, const void *, size_t, int);
extern int shutdown(int, int);

#endif
