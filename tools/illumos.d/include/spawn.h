#ifndef _SPAWN_H
#define _SPAWN_H

#include <signal.h>

#define POSIX_SPAWN_SETSIGDEF 4
#define POSIX_SPAWN_SETSIGMASK 8

typedef struct {
	void *__file_attrp;
} posix_spawn_file_actions_t;

typedef struct {
	void *__spawn_attrp;
} posix_spawnattr_t;

extern int posix_spawn(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *,
    char *const *, char *const *);
extern int posix_spawn_file_actions_init(posix_spawn_file_actions_t *);
extern int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *);
extern int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *, int, int);
extern int posix_spawnattr_init(posix_spawnattr_t *);
extern int posix_spawnattr_destroy(posix_spawnattr_t *);
extern int posix_spawnattr_setflags(posix_spawnattr_t *, short);
extern int posix_spawnattr_setsigmask(posix_spawnattr_t *, const sigset_t *);
extern int posix_spawnattr_setsigdefault(posix_spawnattr_t *, const sigset_t *);

#endif
