/*
 * illumos' ABI, seen from the other side: what a program built for illumos hands over. Numbers are ILLUMOS_*, structures are
 * written out in fixed widths, and abi.c holds them against the facts.
 */
#ifndef RUN_ABI_H
#define RUN_ABI_H

#include <stdint.h>

enum {
#define NUMBER(name, value) ILLUMOS_##name = value,
#include "numbers.def"
};

struct illumos_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

struct illumos_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint32_t st_mode;
	uint32_t st_nlink;
	uint32_t st_uid;
	uint32_t st_gid;
	uint64_t st_rdev;
	int64_t st_size;
	struct illumos_timespec st_atim;
	struct illumos_timespec st_mtim;
	struct illumos_timespec st_ctim;
	int32_t st_blksize;
	int64_t st_blocks;
	char st_fstype[16];
};

struct illumos_dirent {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	char d_name[1];
};

struct illumos_tm {
	int32_t tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};

struct illumos_winsize {
	uint16_t ws_row, ws_col, ws_xpixel, ws_ypixel;
};

struct illumos_sockaddr {
	uint16_t sa_family;
	char sa_data[14];
};

struct illumos_sockaddr_un {
	uint16_t sun_family;
	char sun_path[108];
};

struct illumos_sockaddr_in {
	uint16_t sin_family;
	uint16_t sin_port;
	uint32_t sin_addr;
	char sin_zero[8];
};

struct illumos_sockaddr_in6 {
	uint16_t sin6_family;
	uint16_t sin6_port;
	uint32_t sin6_flowinfo;
	uint8_t sin6_addr[16];
	uint32_t sin6_scope_id;
	uint32_t __sin6_src_id;
};

struct illumos_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

typedef struct {
	uint32_t bits[4];
} illumos_sigset_t;

struct illumos_sigaction {
	int32_t sa_flags;
	void (*handler)(int);
	illumos_sigset_t mask;
};

struct illumos_flock {
	int16_t l_type;
	int16_t l_whence;
	int64_t l_start;
	int64_t l_len;
	int32_t l_sysid;
	int32_t l_pid;
	int64_t l_pad[4];
};

struct illumos_group {
	char *gr_name;
	char *gr_passwd;
	uint32_t gr_gid;
	char **gr_mem;
};

struct illumos_rlimit {
	uint64_t rlim_cur;
	uint64_t rlim_max;
};

struct illumos_psinfo {
	int32_t pr_flag;
	int32_t pr_nlwp;
	int32_t pr_pid;
	int32_t pr_ppid;
	char unused_1[8];
	uint32_t pr_uid;
	uint32_t pr_euid;
	char unused_2[56];
	struct illumos_timespec pr_start;
	char unused_3[32];
	char pr_fname[16];
	char pr_psargs[80];
	int32_t pr_wstat;
	char unused_4[40];
	int32_t pr_zoneid;
	char unused_5[8];
	char pr_lwp[128];
};

/* Both hold a pointer to whatever libc likes. */
typedef struct {
	void *held;
} illumos_posix_spawn_file_actions_t, illumos_posix_spawnattr_t;

#endif
