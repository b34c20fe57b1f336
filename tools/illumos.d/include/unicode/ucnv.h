/* Debian's headers of libxml2 name the types; what is built with illumos' libxml2 never touches one. */
#ifndef UCNV_H
#define UCNV_H

#include <stdint.h>

typedef struct UConverter UConverter;
typedef uint16_t UChar;

#endif
