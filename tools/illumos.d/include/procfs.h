/* proc(5): what /proc/PID/psinfo holds, and what /proc/PID/ctl takes. */
#ifndef _PROCFS_H
#define _PROCFS_H

#include <sys/types.h>

#define PCKILL 9

typedef struct psinfo {
	int pr_flag;
	int pr_nlwp;
	pid_t pr_pid;
	pid_t pr_ppid;
	pid_t pr_pgid;
	pid_t pr_sid;
	uid_t pr_uid;
	uid_t pr_euid;
	char __pr_unused_1[56];
	struct timespec pr_start;
	char __pr_unused_2[32];
	char pr_fname[16];
	char pr_psargs[80];
	int pr_wstat;
	char __pr_unused_3[40];
	zoneid_t pr_zoneid;
	char __pr_unused_4[8];
	char pr_lwp[128];
} psinfo_t;

#endif
