/* Our side's structures, held against illumos' ABI. Without Linux' headers, whose macros have some of the same names. */
#include "abi.h"

#include <stddef.h>

#define sa_handler handler
#define sa_mask mask

#define TYPE(type, size) _Static_assert(sizeof (illumos_##type) == (size), "size of " #type);
#define STRUCTURE(tag, size) _Static_assert(sizeof (struct illumos_##tag) == (size), "size of struct " #tag);
#define FIELD(tag, field, offset, size) \
	_Static_assert(offsetof(struct illumos_##tag, field) == (offset), "offset of " #field); \
	_Static_assert(sizeof ((struct illumos_##tag *)0)->field == (size), "size of " #field);
#include "structures.def"
