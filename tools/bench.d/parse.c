/* The yardstick of `make bench`: reads zones' XML with libxml2 and does nothing else with it. */
#include <libxml/xmlreader.h>
#include <stdio.h>

int
main(int argc, char **argv)
{
	int elements = 0;
	int result = -1;
	for (int i = 1; i < argc; i++) {
		xmlTextReaderPtr reader = xmlReaderForFile(argv[i], NULL, XML_PARSE_NONET);
		result = -1;
		while (reader != NULL && (result = xmlTextReaderRead(reader)) == 1)
			elements += xmlTextReaderNodeType(reader) == XML_READER_TYPE_ELEMENT;
		xmlFreeTextReader(reader);
		if (result != 0) break;
	}
	printf("%d\n", elements);
	return result;
}
