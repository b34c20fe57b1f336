/*
 * Zones, played in the simplest way. There is the global zone, where the program runs, and one other, which has whatever name
 * it is asked for by. A program that ILLUMOS_RUN_IN names a zone for runs in that one. Every other process is in that one, or in the zone whose number ILLUMOS_RUN_ZONE says. Its root is
 * the last directory called "root" on the way to where the program connected to last, as below a zonepath.
 */
#define _GNU_SOURCE
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THE_ZONE = 1 };

int32_t
zone_of_others(void)
{
	const char *number = getenv("ILLUMOS_RUN_ZONE");
	return number == NULL ? THE_ZONE : atoi(number);
}

static int32_t
illumos_getzoneid(void)
{
	return getenv("ILLUMOS_RUN_IN") == NULL ? ILLUMOS_GLOBAL_ZONEID : THE_ZONE;
}

static int64_t
illumos_getzonenamebyid(int32_t zone, char *to, uint64_t size)
{
	const char *name = zone == ILLUMOS_GLOBAL_ZONEID ? "global" : getenv("ILLUMOS_RUN_IN");
	if (name == NULL || (zone != ILLUMOS_GLOBAL_ZONEID && zone != THE_ZONE))
		return FAIL(EINVAL);
	return snprintf(to, size, "%s", name) + 1;
}

static int32_t
illumos_getzoneidbyname(const char *name)
{
	return strcmp(name, "global") == 0 ? ILLUMOS_GLOBAL_ZONEID : THE_ZONE;
}

/* ---- privileges: priv_set(3C). The program has those that there are, but the one that ILLUMOS_RUN_LACKS names ---- */

static int
illumos_priv_ineffect(const char *name)
{
	const char *lacking = getenv("ILLUMOS_RUN_LACKS");
	if (strcmp(name, "sys_config") != 0)
		refuse("priv_ineffect: whether there is a privilege %s is not known here", name);
	return lacking == NULL || strcmp(lacking, name) != 0;
}

/* ---- attributes: the system call zone(2) ---- */

static char connected_from[4096];

void
note_connection(void)
{
	if (getcwd(connected_from, sizeof connected_from - 1) == NULL)
		connected_from[0] = '\0';
	strcat(connected_from, "/");
}

static int64_t
illumos_zone_getattr(int32_t zone, int attribute, void *to, uint64_t size)
{
	char *found = NULL, root[sizeof connected_from];
	if (attribute != ILLUMOS_ZONE_ATTR_ROOT)
		refuse("zone_getattr: attribute %d", attribute);
	strcpy(root, connected_from);
	for (char *next = root; (next = strstr(next, "/root/")) != NULL; next++)
		found = next;
	if (zone != THE_ZONE || found == NULL)
		return FAIL(EINVAL);
	found[strlen("/root")] = '\0';
	return snprintf(to, size, "%s", root) + 1;
}

/* ---- who is at the other end: getpeerucred(3C) ---- */

struct credential {
	int32_t pid;
};

static int
illumos_getpeerucred(int fd, struct credential **credential)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == -1)
		return ANSWER(-1);
	if ((*credential = calloc(1, sizeof **credential)) == NULL)
		return FAIL(ENOMEM);
	(*credential)->pid = peer.pid;
	return 0;
}

static int32_t
illumos_ucred_getpid(const struct credential *credential)
{
	return credential->pid;
}

static int32_t
illumos_ucred_getzoneid(const struct credential *credential)
{
	(void)credential;
	return zone_of_others();
}

static void
illumos_ucred_free(struct credential *credential)
{
	free(credential);
}

const struct played played_zones[] = {
	PLAYED(getzoneid, NEVER),
	PLAYED(getzoneidbyname, MINUS_ONE),
	PLAYED(getzonenamebyid, MINUS_ONE),
	PLAYED(priv_ineffect, NEVER),
	PLAYED(zone_getattr, MINUS_ONE),
	PLAYED(getpeerucred, MINUS_ONE),
	PLAYED(ucred_getpid, MINUS_ONE),
	PLAYED(ucred_getzoneid, MINUS_ONE),
	PLAYED(ucred_free, NEVER),
	END,
};
