/* Our headers, held against illumos' ABI. Compiled for illumos, and part of no program: it either compiles or says what differs. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <libcontract.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <priv.h>
#include <procfs.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/contract/process.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <zone.h>

#define SCALAR(type, size, is_signed) \
	_Static_assert(sizeof (type) == (size) && ((type)-1 < (type)1) == (is_signed), #type);
#define TYPE(type, size) _Static_assert(sizeof (type) == (size), "size of " #type);
#define STRUCTURE(tag, size) _Static_assert(sizeof (struct tag) == (size), "size of struct " #tag);
#define FIELD(tag, field, offset, size) \
	_Static_assert(offsetof(struct tag, field) == (offset), "offset of " #field); \
	_Static_assert(sizeof ((struct tag *)0)->field == (size), "size of " #field);
#define NUMBER(name, value) _Static_assert((name) == (value), #name);
#include "structures.def"
#include "numbers.def"

_Static_assert(sizeof (void *) == 8 && sizeof (long) == 8, "LP64");
