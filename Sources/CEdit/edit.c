#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "CEdit.h"

static EditLine *editor;
static History *history_list;
static const char *prompt_text;
static char *history_path;
static char *last_line;
static int is_interrupted;
static ce_candidates find_candidates;

static char *prompt(EditLine *el)
{
	(void)el;
	return (char *)prompt_text;
}

static unsigned char interrupt(EditLine *el, int key)
{
	(void)el;
	(void)key;
	is_interrupted = 1;
	fputs("^C\n", stdout);
	fflush(stdout);
	return CC_NEWLINE;
}

/* Puts in what all candidates begin with; shows them when that is nothing more. */
static unsigned char complete(EditLine *el, int key)
{
	(void)key;
	const LineInfo *info = el_line(el);
	char *line = strndup(info->buffer, (size_t)(info->cursor - info->buffer));
	char *all = line ? find_candidates(line) : NULL;
	free(line);
	if (!all || !*all) {
		free(all);
		return CC_REFRESH_BEEP;
	}
	/* A candidate is what would be put in, a tab, and what is shown. */
	size_t common = strcspn(all, "\t");
	for (char *one = all; *one; one = strchr(one, '\n') + 1) {
		size_t same = 0, length = strcspn(one, "\t");
		while (same < common && same < length && one[same] == all[same]) same++;
		common = same;
	}
	if (common > 0) {
		char *text = strndup(all, common);
		int failed = !text || el_insertstr(el, text) == -1;
		free(text);
		free(all);
		return failed ? CC_ERROR : CC_REFRESH;
	}
	fputc('\n', stdout);
	for (char *one = all; *one; one = strchr(one, '\n') + 1) {
		char *shown = strchr(one, '\t') + 1;
		printf("%.*s  ", (int)strcspn(shown, "\n"), shown);
	}
	fputc('\n', stdout);
	fflush(stdout);
	free(all);
	return CC_REDISPLAY;
}

int ce_begin(const char *history_file, ce_candidates candidates)
{
	HistEvent event;
	editor = el_init("zonecfg", stdin, stdout, stderr);
	history_list = history_init();
	if (!editor || !history_list) return -1;
	find_candidates = candidates;
	history_path = strdup(history_file);
	history(history_list, &event, H_SETSIZE, 500);
	history(history_list, &event, H_SETUNIQUE, 1);
	if (history_path) history(history_list, &event, H_LOAD, history_path);
	el_set(editor, EL_PROMPT, prompt);
	el_set(editor, EL_EDITOR, "emacs");
	el_set(editor, EL_HIST, history, history_list);
	el_set(editor, EL_ADDFN, "zonecfg-complete", "complete a word", complete);
	el_set(editor, EL_ADDFN, "zonecfg-interrupt", "cancel the line", interrupt);
	el_set(editor, EL_BIND, "^I", "zonecfg-complete", NULL);
	el_set(editor, EL_BIND, "^C", "zonecfg-interrupt", NULL);
	el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
	/* Ctrl-C is a key while a line is edited. */
	el_set(editor, EL_SETTY, "-d", "-isig", NULL);
	return 0;
}

const char *ce_line(const char *text, int *interrupted)
{
	HistEvent event;
	int count = 0;
	prompt_text = text;
	is_interrupted = 0;
	free(last_line);
	last_line = NULL;
	/* libedit draws the prompt first: keys that answer it at once would be edited by the terminal. */
	el_set(editor, EL_PREP_TERM, 1);
	const char *line = el_gets(editor, &count);
	*interrupted = is_interrupted;
	if (!line || count <= 0) {
		if (!is_interrupted) return NULL;
		line = "";
		count = 0;
	}
	last_line = strndup(line, (size_t)count);
	if (!last_line) return NULL;
	last_line[strcspn(last_line, "\n")] = '\0';
	if (!is_interrupted && last_line[strspn(last_line, " \t")] != '\0') history(history_list, &event, H_ENTER, line);
	return last_line;
}

void ce_end(void)
{
	HistEvent event;
	if (history_path) {
		mode_t mask = umask(077);
		history(history_list, &event, H_SAVE, history_path);
		umask(mask);
	}
	history_end(history_list);
	el_end(editor);
	free(history_path);
	free(last_line);
	history_path = last_line = NULL;
}
