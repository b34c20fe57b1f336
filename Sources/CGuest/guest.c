#include <stddef.h>

#include "CGuest.h"

#if defined(__x86_64__)
extern const unsigned char cg_boot_sector[CG_SECTOR_SIZE];
const unsigned char *cg_sector(void) { return cg_boot_sector; }
#else
const unsigned char *cg_sector(void) { return NULL; }
#endif
