#define _GNU_SOURCE
#include "run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

union any_address {
	struct sockaddr any;
	struct sockaddr_un local;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

static int
linux_family(int family)
{
	return family == ILLUMOS_AF_UNIX ? AF_UNIX : family == ILLUMOS_AF_INET ? AF_INET :
	    family == ILLUMOS_AF_INET6 ? AF_INET6 : -1;
}

/* ---- addresses ---- */

/* Linux' form of an address, and its size; 0 when the size is not one that illumos takes. */
static socklen_t
linux_address(const struct illumos_sockaddr *from, uint32_t size, union any_address *to)
{
	memset(to, 0, sizeof *to);
	if (size < sizeof from->sa_family)
		return 0;
	to->any.sa_family = (sa_family_t)linux_family(from->sa_family);
	if (from->sa_family == ILLUMOS_AF_UNIX && size <= sizeof (struct illumos_sockaddr_un)) {
		memcpy(to->local.sun_path, from->sa_data, size - offsetof(struct illumos_sockaddr_un, sun_path));
		return size;
	}
	if (from->sa_family == ILLUMOS_AF_INET && size == sizeof (struct illumos_sockaddr_in)) {
		const struct illumos_sockaddr_in *ipv4 = (const void *)from;
		to->ipv4.sin_port = ipv4->sin_port;
		to->ipv4.sin_addr.s_addr = ipv4->sin_addr;
		return sizeof to->ipv4;
	}
	if (from->sa_family == ILLUMOS_AF_INET6 && size == sizeof (struct illumos_sockaddr_in6)) {
		const struct illumos_sockaddr_in6 *ipv6 = (const void *)from;
		to->ipv6.sin6_port = ipv6->sin6_port;
		to->ipv6.sin6_flowinfo = ipv6->sin6_flowinfo;
		memcpy(&to->ipv6.sin6_addr, ipv6->sin6_addr, sizeof ipv6->sin6_addr);
		to->ipv6.sin6_scope_id = ipv6->sin6_scope_id;
		return sizeof to->ipv6;
	}
	return 0;
}

/* What is given back fits what was asked for; its size tells how much there was. */
static void
give_address(const union any_address *from, void *to, uint32_t *size)
{
	struct illumos_sockaddr_in ipv4 = { .sin_family = ILLUMOS_AF_INET, .sin_port = from->ipv4.sin_port,
		.sin_addr = from->ipv4.sin_addr.s_addr };
	struct illumos_sockaddr_in6 ipv6 = { .sin6_family = ILLUMOS_AF_INET6, .sin6_port = from->ipv6.sin6_port,
		.sin6_scope_id = from->ipv6.sin6_scope_id };
	memcpy(ipv6.sin6_addr, &from->ipv6.sin6_addr, sizeof ipv6.sin6_addr);
	int is_ipv4 = from->any.sa_family == AF_INET;
	if (!is_ipv4 && from->any.sa_family != AF_INET6)
		refuse("an address of Linux' family %d is asked for", from->any.sa_family);
	uint32_t whole = is_ipv4 ? sizeof ipv4 : sizeof ipv6;
	memcpy(to, is_ipv4 ? (void *)&ipv4 : &ipv6, *size < whole ? *size : whole);
	*size = whole;
}

/* ---- making and connecting ---- */

enum { KIND_FLAGS = ILLUMOS_SOCK_CLOEXEC | ILLUMOS_SOCK_NONBLOCK };

static int
linux_kind_flags(int flags)
{
	return (flags & ILLUMOS_SOCK_CLOEXEC ? SOCK_CLOEXEC : 0) | (flags & ILLUMOS_SOCK_NONBLOCK ? SOCK_NONBLOCK : 0);
}

static int
illumos_socket(int family, int kind, int protocol)
{
	if (linux_family(family) == -1)
		return FAIL(EAFNOSUPPORT);
	if ((kind & ~KIND_FLAGS) != ILLUMOS_SOCK_STREAM || protocol != 0)
		refuse("socket: kind %#x, protocol %d", kind, protocol);
	return ANSWER(socket(linux_family(family), SOCK_STREAM | linux_kind_flags(kind), 0));
}

static int
illumos_bind(int fd, const struct illumos_sockaddr *from, uint32_t size)
{
	union any_address address;
	socklen_t count = linux_address(from, size, &address);
	return count == 0 ? FAIL(EINVAL) : ANSWER(bind(fd, &address.any, count));
}

static int
illumos_listen(int fd, int backlog)
{
	return ANSWER(listen(fd, backlog));
}

static int
illumos_accept4(int fd, struct illumos_sockaddr *peer, uint32_t *size, int flags)
{
	if (flags & ~KIND_FLAGS)
		return FAIL(EINVAL);
	if (peer != NULL || size != NULL)
		refuse("accept4: the peer's address is not played here");
	return ANSWER(accept4(fd, NULL, NULL, linux_kind_flags(flags)));
}

static int
illumos_connect(int fd, const struct illumos_sockaddr *from, uint32_t size)
{
	union any_address address;
	socklen_t count = linux_address(from, size, &address);
	if (count == 0)
		return FAIL(EINVAL);
	note_connection();
	return ANSWER(connect(fd, &address.any, count));
}

static int
illumos_getsockname(int fd, void *to, uint32_t *size)
{
	union any_address address;
	socklen_t count = sizeof address;
	if (getsockname(fd, &address.any, &count) == -1)
		return ANSWER(-1);
	give_address(&address, to, size);
	return 0;
}

/* ---- options: getsockopt(3SOCKET) ---- */

static int
illumos_getsockopt(int fd, int level, int option, void *to, uint32_t *size)
{
	int value;
	socklen_t count = sizeof value;
	if (level != ILLUMOS_SOL_SOCKET || option != ILLUMOS_SO_ERROR)
		refuse("getsockopt: level %#x, option %#x", level, option);
	if (*size < sizeof value)
		return FAIL(EINVAL);
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &value, &count) == -1)
		return ANSWER(-1);
	*(int32_t *)to = value == 0 ? 0 : illumos_error(value);
	*size = sizeof value;
	return 0;
}

static int
illumos_setsockopt(int fd, int level, int option, const void *value, uint32_t size)
{
	if (size != sizeof (int32_t))
		return FAIL(EINVAL);
	if (level == ILLUMOS_SOL_SOCKET && option == ILLUMOS_SO_REUSEADDR)
		return ANSWER(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, size));
	if (level == ILLUMOS_IPPROTO_TCP && option == ILLUMOS_TCP_NODELAY)
		return ANSWER(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, value, size));
	if (level == ILLUMOS_IPPROTO_IPV6 && option == ILLUMOS_IPV6_V6ONLY)
		return ANSWER(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, value, size));
	refuse("setsockopt: level %#x, option %#x", level, option);
}

/* ---- traffic ---- */

static int64_t
illumos_recv(int fd, void *bytes, uint64_t count, int flags)
{
	if (flags != 0)
		refuse("recv: flags %#x", flags);
	return ANSWER(recv(fd, bytes, count, 0));
}

static int64_t
illumos_send(int fd, const void *bytes, uint64_t count, int flags)
{
	if (flags != 0)
		refuse("send: flags %#x", flags);
	return ANSWER(send(fd, bytes, count, 0));
}

static int
illumos_shutdown(int fd, int how)
{
	if (how != ILLUMOS_SHUT_RD && how != ILLUMOS_SHUT_WR)
		return FAIL(EINVAL);
	return ANSWER(shutdown(fd, how == ILLUMOS_SHUT_RD ? SHUT_RD : SHUT_WR));
}

static int
illumos_inet_pton(int family, const char *text, void *address)
{
	if (family != ILLUMOS_AF_INET && family != ILLUMOS_AF_INET6)
		return FAIL(EAFNOSUPPORT);
	return inet_pton(linux_family(family), text, address);
}

const struct played played_sockets[] = {
	PLAYED(socket, MINUS_ONE),
	PLAYED(bind, MINUS_ONE),
	PLAYED(listen, MINUS_ONE),
	PLAYED(accept4, MINUS_ONE),
	PLAYED(connect, MINUS_ONE),
	PLAYED(getsockname, MINUS_ONE),
	PLAYED(getsockopt, MINUS_ONE),
	PLAYED(setsockopt, MINUS_ONE),
	PLAYED(recv, MINUS_ONE),
	PLAYED(send, MINUS_ONE),
	PLAYED(shutdown, MINUS_ONE),
	PLAYED(inet_pton, MINUS_ONE),
	END,
};
