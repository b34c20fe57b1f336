/* The yardstick of `make bench`: reads a zone's XML with libxml2 and does nothing else with it. */
#include <libxml/xmlreader.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	xmlTextReaderPtr reader = argc == 2 ? xmlReaderForFile(argv[1], NULL, XML_PARSE_NONET) : NULL;
	int elements = 0;
	int result = -1;
	while (reader != NULL && (result = xmlTextReaderRead(reader)) == 1)
		elements += xmlTextReaderNodeType(reader) == XML_READER_TYPE_ELEMENT;
	xmlFreeTextReader(reader);
	printf("%d\n", elements);
	return result;
}
