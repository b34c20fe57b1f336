#ifndef _NETINET_IN_H
#define _NETINET_IN_H

#include <sys/socket.h>

struct in_addr {
	uint32_t s_addr;
};

struct in6_addr {
	union {
		uint8_t _S6_u8[16];
		uint32_t _S6_u32[4];
	} _S6_un;
};

struct sockaddr_in {
	sa_family_t sin_family;
	uint16_t sin_port;
	struct in_addr sin_addr;
	char sin_zero[8];
};

struct sockaddr_in6 {
	sa_family_t sin6_family;
	uint16_t sin6_port;
	uint32_t sin6_flowinfo;
	struct in6_addr sin6_addr;
	uint32_t sin6_scope_id;
	uint32_t __sin6_src_id;
};

#define IPPROTO_TCP 6
#define IPPROTO_IPV6 41
#define IPV6_V6ONLY 39

/* Network order is the other way round on amd64. */
#define htons(number) __builtin_bswap16(number)
#define ntohs(number) __builtin_bswap16(number)

#endif
