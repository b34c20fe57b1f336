/*
 * A walk over an XML text, in front of the system's libxml2, as opaque pointers and plain calls.
 *
 * Nothing outside the given bytes is ever read: no network, no DTD, no external entity.
 */
#ifndef CXML_H
#define CXML_H

#include <stdint.h>

struct cxml_reader;

/* NULL when memory ran out. BYTES must outlive the reader. */
struct cxml_reader *cxml_open(const char *bytes, int32_t count);
void cxml_close(struct cxml_reader *reader);

/* Moves to the next start of an element. 1: there is one; 0: the document is at its end; -1: it is not well-formed. */
int32_t cxml_next_element(struct cxml_reader *reader);

/* Of the element reached last. The name is valid until the next move. */
const char *cxml_name(struct cxml_reader *reader);
/* The line its start tag ends on, from 1. */
int32_t cxml_line(struct cxml_reader *reader);
/* The root's is 0. */
int32_t cxml_depth(struct cxml_reader *reader);

/* Moves to the element's next attribute: 1, or 0 when there are no more. */
int32_t cxml_next_attribute(struct cxml_reader *reader);
/* Of the attribute reached last; valid until the next move. */
const char *cxml_attribute_name(struct cxml_reader *reader);
const char *cxml_attribute_value(struct cxml_reader *reader);

/* What the XML declaration says; NULL when it says nothing. Known once the first element is reached. */
const char *cxml_encoding(struct cxml_reader *reader);

/* After -1: what libxml2 found first, without its line end, and where. */
const char *cxml_error(struct cxml_reader *reader);
int32_t cxml_error_line(struct cxml_reader *reader);

#endif
