#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __sun
#include <limits.h>
#include <procfs.h>
#include <ucred.h>
#include <zone.h>
#elif !defined(SO_PEERPIDFD)
/* Newer than the C library may be. */
#define SO_PEERPIDFD 77
#endif

/* Where there is none, SIGPIPE is ignored all the same: cp_start() sees to it. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

static int32_t
close_with(int32_t fd, int32_t error)
{
	close(fd);
	return error;
}

/* Connects without ever waiting for long: whoever listens may be hostile, or stopped. */
static int32_t
connect_soon(int32_t fd, const struct sockaddr_un *address)
{
	if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0)
		return 0;
	if (errno != EINPROGRESS && errno != EINTR)
		return -errno;
	struct pollfd connecting = { .fd = fd, .events = POLLOUT };
	int error = ETIMEDOUT;
	socklen_t size = sizeof error;
	if (poll(&connecting, 1, 2000) == 1 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == -1)
		error = errno;
	return -error;
}

#ifdef __sun
/* getpeerucred(3C), ucred_get(3C): the zone of whoever listens at the other end; -errno when that cannot be learnt. */
static zoneid_t
peer_zone(int32_t fd)
{
	ucred_t *peer = NULL;
	if (getpeerucred(fd, &peer) == -1)
		return -errno;
	zoneid_t zone = ucred_getzoneid(peer);
	ucred_free(peer);
	return zone == -1 ? -EPERM : zone;
}

/* 1 when this is the zone's root directory: then the zone is not the global one, and what listens is what lies there.
   zone_getattr() is private to illumos: usr/src/lib/libc/port/sys/zone.c. */
static int32_t
is_root_of(zoneid_t zone, int32_t root)
{
	char path[PATH_MAX];
	struct stat its, given;
	ssize_t size = zone_getattr(zone, ZONE_ATTR_ROOT, path, sizeof path);
	return zone != GLOBAL_ZONEID && size > 0 && (size_t)size < sizeof path && stat(path, &its) == 0 &&
	    fstat(root, &given) == 0 && its.st_dev == given.st_dev && its.st_ino == given.st_ino;
}

/* A relative path is the only one that leads from a descriptor to a socket, and starts in the working directory. */
static int32_t
connect_from(int32_t directory, int32_t fd, const struct sockaddr_un *address)
{
	int32_t before = cp_open_directory(".");
	if (before < 0)
		return before;
	int32_t result = fchdir(directory) == -1 ? -errno : connect_soon(fd, address);
	if (fchdir(before) == -1 && result == 0)
		result = -errno;
	close(before);
	return result;
}

int32_t
cp_connect_at(int32_t directory, const char *name, int32_t root, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	if (strlcpy(address.sun_path, name, sizeof address.sun_path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	struct stat found;
	if (fstatat(directory, name, &found, AT_SYMLINK_NOFOLLOW) == -1)
		return -errno;
	/* connect() would follow a link before anybody could ask whose it is; on whatever is not a socket nobody listens. */
	if (!S_ISSOCK(found.st_mode))
		return -ECONNREFUSED;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	int32_t connected = connect_from(directory, fd, &address);
	if (connected < 0)
		return close_with(fd, connected);
	zoneid_t peer = peer_zone(fd);
	if (peer < 0)
		return close_with(fd, peer);
	int32_t belongs = zone != NULL ? peer == getzoneidbyname(zone) : is_root_of(peer, root);
	return belongs ? fd : close_with(fd, -EPERM);
}

int32_t
cp_open_peer(int32_t fd, int32_t root, int32_t *pid)
{
	ucred_t *peer = NULL;
	(void)root;
	if (getpeerucred(fd, &peer) == -1)
		return -errno;
	*pid = (int32_t)ucred_getpid(peer);
	zoneid_t zone = ucred_getzoneid(peer);
	ucred_free(peer);
	int32_t process = cp_open_process(*pid);
	if (process < 0)
		return process;
	psinfo_t found;
	if (RETRY(ssize_t, pread(process, &found, sizeof found, 0)) != sizeof found)
		return close_with(process, -ESRCH);
	return found.pr_zoneid == zone ? process : close_with(process, -EPERM);
}
#else
int32_t
cp_connect_at(int32_t directory, const char *name, int32_t root, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)root;
	(void)zone;
	/* The very file, held open: what is at its name later does not matter, and a link is not followed. */
	int place = RETRY(int, openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC));
	if (place < 0)
		return place;
	snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d", place);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return close_with(place, -errno);
	int connected = connect_soon(fd, &address);
	close(place);
	return connected < 0 ? close_with(fd, connected) : fd;
}

/* 1 when the process, held by a descriptor, has this directory for its root. */
static int32_t
has_root(int32_t process, int32_t pid, int32_t root)
{
	char path[64];
	struct stat its, given;
	snprintf(path, sizeof path, "/proc/%d/root", (int)pid);
	/* While the process that is held is there its number means no other, so what was looked at was its. */
	return stat(path, &its) == 0 && fstat(root, &given) == 0 && its.st_dev == given.st_dev &&
	    its.st_ino == given.st_ino && cp_process_ended(process, 0) == 0;
}

int32_t
cp_open_peer(int32_t fd, int32_t root, int32_t *pid)
{
	struct ucred peer;
	int32_t process;
	socklen_t size = sizeof process;
	int asked = getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &process, &size) == -1 ? errno : 0;
	size = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1)
		return asked == 0 ? close_with(process, -errno) : -errno;
	*pid = (int32_t)peer.pid;
	if (asked == 0)
		return process;
	if (asked != ENOPROTOOPT)
		return -ESRCH;
	process = cp_open_process(*pid);
	return process < 0 || has_root(process, *pid, root) ? process : close_with(process, -EPERM);
}
#endif

/* ---- relaying ---- */

union address {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

static socklen_t
parse_address(const char *text, uint16_t port, union address *address)
{
	memset(address, 0, sizeof *address);
	if (inet_pton(AF_INET, text, &address->ipv4.sin_addr) == 1) {
		address->ipv4.sin_family = AF_INET;
		address->ipv4.sin_port = htons(port);
		return sizeof address->ipv4;
	}
	if (inet_pton(AF_INET6, text, &address->ipv6.sin6_addr) != 1)
		return 0;
	address->ipv6.sin6_family = AF_INET6;
	address->ipv6.sin6_port = htons(port);
	return sizeof address->ipv6;
}

int32_t
cp_listen(const char *address, uint16_t port)
{
	union address where;
	int one = 1;
	socklen_t size = parse_address(address, port, &where);
	if (size == 0)
		return -EINVAL;
	int fd = socket(where.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == -1 || bind(fd, &where.any, size) == -1 ||
	    listen(fd, 128) == -1)
		return close_with(fd, -errno);
	return fd;
}

int32_t
cp_listen_at(const char *path)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	size_t size = strlen(path);
	if (size >= sizeof where.sun_path)
		return -ENAMETOOLONG;
	memcpy(where.sun_path, path, size);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&where, sizeof where) == -1 || listen(fd, 128) == -1)
		return close_with(fd, -errno);
	return fd;
}

int32_t
cp_port(int32_t fd)
{
	union address where;
	socklen_t size = sizeof where;
	if (getsockname(fd, &where.any, &size) == -1)
		return -errno;
	return ntohs(where.any.sa_family == AF_INET ? where.ipv4.sin_port : where.ipv6.sin6_port);
}

int32_t
cp_accept(int32_t fd)
{
	int one = 1;
	int client = RETRY(int, accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
	/* A screen's small messages must not wait for more. */
	if (client >= 0)
		(void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	return client;
}

int32_t
cp_is_shortage(int32_t error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

int64_t
cp_receive(int32_t fd, void *bytes, int64_t count)
{
	return RETRY(ssize_t, recv(fd, bytes, (size_t)count, 0));
}

int64_t
cp_send(int32_t fd, const void *bytes, int64_t count)
{
	return RETRY(ssize_t, send(fd, bytes, (size_t)count, MSG_NOSIGNAL));
}

int32_t
cp_end_sending(int32_t fd)
{
	return shutdown(fd, SHUT_WR) == -1 ? -errno : 0;
}
