#define _GNU_SOURCE
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct played *const tables[] = {
	played_files, played_descriptors, played_processes, played_signals, played_sockets, played_waiting, played_zones,
	played_contracts, played_services,
};

/* ---- one call that fails on purpose ---- */

static char fault_name[64];
static int fault_is_bound;
/* Shared with the code below. */
__attribute__((visibility("hidden"))) uint64_t fault_count, fault_at;
__attribute__((visibility("hidden"))) void *fault_real;
__attribute__((visibility("hidden"))) int64_t fault_result;
__attribute__((visibility("hidden"))) int32_t fault_error;
extern char fault_call[];

/* Stands before a function without touching its arguments: the chosen call fails, every other one goes through. */
__asm__("fault_call:\n"
	"	incq fault_count(%rip)\n"
	"	movq fault_count(%rip), %r11\n"
	"	cmpq fault_at(%rip), %r11\n"
	"	je 1f\n"
	"	jmpq *fault_real(%rip)\n"
	"1:	movl fault_error(%rip), %r11d\n"
	"	movl %r11d, illumos_errno(%rip)\n"
	"	movq fault_result(%rip), %rax\n"
	"	ret\n");

void
read_fault(void)
{
	const char *text = getenv("ILLUMOS_RUN_FAULT");
	char error[32];
	if (text == NULL)
		return;
	if (sscanf(text, "%63[^:]:%lu:%31[A-Z0-9]", fault_name, &fault_at, error) != 3 || fault_at == 0 ||
	    (fault_error = error_named(error)) == 0)
		refuse("ILLUMOS_RUN_FAULT=%s is not name:n:errno", text);
}

void
check_fault(void)
{
	if (fault_name[0] != '\0' && !fault_is_bound)
		refuse("ILLUMOS_RUN_FAULT: the program does not use %s", fault_name);
}

static void *
bind_fault(const struct played *function)
{
	if (function->failure == NEVER)
		refuse("ILLUMOS_RUN_FAULT: %s cannot fail", function->name);
	fault_is_bound = 1;
	fault_real = function->address;
	fault_result = function->failure == MINUS_ONE ? -1 : function->failure == ERROR_NUMBER ? fault_error : 0;
	return fault_call;
}

/* ---- looking names up ---- */

void *
play(const char *name)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const struct played *function = tables[i]; function->name != NULL; function++)
			if (strcmp(function->name, name) == 0)
				return strcmp(name, fault_name) == 0 ? bind_fault(function) : function->address;
	refuse("%s is not played here", name);
}
