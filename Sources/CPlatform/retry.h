/* Shared by the sources of CPlatform; no part of its interface. */
#ifndef CPLATFORM_RETRY_H
#define CPLATFORM_RETRY_H

#include <errno.h>

/* Runs a call again for as long as signals interrupt it; gives what it gives, or -errno. */
#define RETRY(type, call) \
	({ \
		type result_; \
		do \
			result_ = (call); \
		while (result_ == -1 && errno == EINTR); \
		result_ == -1 ? (type)-errno : result_; \
	})

#endif
