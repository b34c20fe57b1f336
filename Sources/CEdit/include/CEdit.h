/* Lines of a terminal, through libedit: editline(3) has variadic calls, which Swift cannot make. */
#ifndef CEDIT_H
#define CEDIT_H

/* What could stand at the end of a line's beginning, a candidate a line; free(3) is called on it. NULL for nothing. */
typedef char *(*ce_candidates)(const char *line);

/* Begins: history is read from a file, when there is one. Returns 0, or -1 when the terminal cannot be edited. */
int ce_begin(const char *history_file, ce_candidates candidates);

/* Reads a line after a prompt. Returns it without its newline, until the next call; NULL at the end of the input. After
   Ctrl-C *interrupted is 1, and the line is what was typed until then. */
const char *ce_line(const char *prompt, int *interrupted);

/* Ends: the history is written. */
void ce_end(void);

#endif
