#define _GNU_SOURCE
#define __EXTENSIONS__
#include "CPlatform.h"
#include "retry.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#ifdef __sun
#include <ucred.h>
#include <zone.h>
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
int32_t
cp_connect_at(int32_t directory, const char *name, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	ucred_t *peer = NULL;
	if (strlcpy(address.sun_path, name, sizeof address.sun_path) >= sizeof address.sun_path)
		return -ENAMETOOLONG;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -errno;
	if (fchdir(directory) == -1)
		return close_with(fd, -errno);
	int connected = connect_soon(fd, &address);
	if (connected < 0)
		return close_with(fd, connected);
	if (zone == NULL)
		return fd;
	if (getpeerucred(fd, &peer) == -1)
		return close_with(fd, -errno);
	int belongs = ucred_getzoneid(peer) == getzoneidbyname(zone);
	ucred_free(peer);
	return belongs ? fd : close_with(fd, -EPERM);
}

int32_t
cp_peer_process(int32_t fd)
{
	ucred_t *peer = NULL;
	if (getpeerucred(fd, &peer) == -1)
		return -errno;
	int32_t pid = (int32_t)ucred_getpid(peer);
	ucred_free(peer);
	return pid;
}
#else
int32_t
cp_connect_at(int32_t directory, const char *name, const char *zone)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	(void)zone;
	/* The very file, held open: what stands at its name later does not matter, and a link is not followed. */
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

int32_t
cp_peer_process(int32_t fd)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1 ? -errno : (int32_t)peer.pid;
}
#endif
