#pragma once

/* A guest on a disk of one sector: it computes for a moment in each mode that firmware, boot loaders and kernels use, and
 * then writes CG_DONE to port CG_PORT, where QEMU's isa-debug-exit listens. There is none for other hosts than x86-64. */
#define CG_SECTOR_SIZE 512
#define CG_PORT 0xf4
#define CG_DONE 0x2a

#ifndef __ASSEMBLER__
/* The sector, CG_SECTOR_SIZE bytes; NULL where there is none. */
const unsigned char *cg_sector(void);
#endif
