/*
 * illumos' stat() names the kind of file system. A loopback mount of a part of one, lofs, shows that one's device, and only its
 * own kind tells the two apart. Linux' bind mounts are played as such.
 */
#include "run.h"

#include <stdio.h>
#include <string.h>

struct mount {
	uint64_t id;
	char device[32];
	/* The part of the file system that is mounted. */
	char part[2048];
};

static int
next_mount(FILE *mounts, struct mount *next)
{
	char line[4096];
	return fgets(line, sizeof line, mounts) != NULL &&
	    sscanf(line, "%lu %*u %31s %2047s", &next->id, next->device, next->part) == 3;
}

/* 1 when INNER is a part of OUTER, and not all of it. */
static int
is_within(const struct mount *inner, const struct mount *outer)
{
	size_t length = strcmp(outer->part, "/") == 0 ? 0 : strlen(outer->part);
	return strcmp(inner->device, outer->device) == 0 && strncmp(inner->part, outer->part, length) == 0 &&
	    inner->part[length] == '/' && inner->part[length + 1] != '\0';
}

const char *
file_system_kind(uint64_t mount)
{
	static struct mount wanted, other;
	int is_part = 0;
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	if (mounts == NULL)
		refuse("/proc is not there");
	while (next_mount(mounts, &wanted) && wanted.id != mount)
		continue;
	rewind(mounts);
	while (wanted.id == mount && next_mount(mounts, &other))
		is_part |= is_within(&wanted, &other);
	fclose(mounts);
	return is_part ? "lofs" : "zfs";
}
