#include "CXML.h"

#include <libxml/xmlreader.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cxml_reader {
	xmlTextReaderPtr text;
	int32_t error_line;
	char error[256];
};

/* Keeps the first error: the ones that follow are mostly its consequences. */
static void
keep_first_error(void *context, const xmlError *error)
{
	struct cxml_reader *reader = context;
	if (reader->error[0] != '\0' || error->level < XML_ERR_ERROR)
		return;
	const char *message = error->message != NULL ? error->message : "not well-formed";
	size_t length = strcspn(message, "\n");
	if (length >= sizeof reader->error)
		length = sizeof reader->error - 1;
	memcpy(reader->error, message, length);
	reader->error[length] = '\0';
	reader->error_line = error->line;
}

struct cxml_reader *
cxml_open(const char *bytes, int32_t count)
{
	struct cxml_reader *reader = calloc(1, sizeof *reader);
	if (reader == NULL)
		return NULL;
	/* Without XML_PARSE_DTDLOAD, _DTDATTR, _NOENT and _HUGE: nothing is fetched, no entity of the document's own is put
	   into its text, and libxml2's limits on depth, name and text length and entity growth hold. */
	reader->text = xmlReaderForMemory(bytes, count, NULL, NULL, XML_PARSE_NONET);
	if (reader->text == NULL) {
		free(reader);
		return NULL;
	}
	xmlTextReaderSetStructuredErrorHandler(reader->text, (xmlStructuredErrorFunc)keep_first_error, reader);
	return reader;
}

void
cxml_close(struct cxml_reader *reader)
{
	xmlFreeTextReader(reader->text);
	free(reader);
}

int32_t
cxml_next_element(struct cxml_reader *reader)
{
	int result;
	while ((result = xmlTextReaderRead(reader->text)) == 1) {
		int type = xmlTextReaderNodeType(reader->text);
		if (type == XML_READER_TYPE_ELEMENT)
			return reader->error[0] != '\0' ? -1 : 1;
		/* What an entity stands for is not taken up; to pass over it would lose what it says. */
		if (type == XML_READER_TYPE_ENTITY_REFERENCE && reader->error[0] == '\0') {
			snprintf(reader->error, sizeof reader->error, "it uses an entity of its own, &%s;",
			    (const char *)xmlTextReaderConstName(reader->text));
			reader->error_line = xmlTextReaderGetParserLineNumber(reader->text);
			return -1;
		}
	}
	return reader->error[0] != '\0' || result < 0 ? -1 : 0;
}

const char *
cxml_name(struct cxml_reader *reader)
{
	return (const char *)xmlTextReaderConstName(reader->text);
}

int32_t
cxml_line(struct cxml_reader *reader)
{
	return (int32_t)xmlGetLineNo(xmlTextReaderCurrentNode(reader->text));
}

int32_t
cxml_depth(struct cxml_reader *reader)
{
	return xmlTextReaderDepth(reader->text);
}

int32_t
cxml_next_attribute(struct cxml_reader *reader)
{
	return xmlTextReaderMoveToNextAttribute(reader->text) == 1;
}

const char *
cxml_attribute_name(struct cxml_reader *reader)
{
	return (const char *)xmlTextReaderConstName(reader->text);
}

const char *
cxml_attribute_value(struct cxml_reader *reader)
{
	return (const char *)xmlTextReaderConstValue(reader->text);
}

const char *
cxml_encoding(struct cxml_reader *reader)
{
	return (const char *)xmlTextReaderConstEncoding(reader->text);
}

const char *
cxml_error(struct cxml_reader *reader)
{
	return reader->error[0] != '\0' ? reader->error : "not well-formed";
}

int32_t
cxml_error_line(struct cxml_reader *reader)
{
	return reader->error_line;
}
