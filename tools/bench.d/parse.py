"""What today's hooks are written in: reads a zone's XML and does nothing else with it."""
import sys
import xml.etree.ElementTree

print(sum(1 for _ in xml.etree.ElementTree.parse(sys.argv[1]).iter()))
