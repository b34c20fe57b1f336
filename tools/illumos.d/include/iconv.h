/* libxml2's headers name the type. */
#ifndef _ICONV_H
#define _ICONV_H

typedef struct _iconv_info *iconv_t;

#endif
