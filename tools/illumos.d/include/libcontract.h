#ifndef _LIBCONTRACT_H
#define _LIBCONTRACT_H

#include <sys/types.h>

extern int ct_pr_tmpl_set_param(int, unsigned int);
extern int ct_tmpl_activate(int);
extern int ct_tmpl_clear(int);

#endif
