#ifndef _TERMIOS_H
#define _TERMIOS_H

#define _TIOC ('T' << 8)
#define TIOCGWINSZ (_TIOC | 104)

struct winsize {
	unsigned short ws_row;
	unsigned short ws_col;
	unsigned short ws_xpixel;
	unsigned short ws_ypixel;
};

#endif
