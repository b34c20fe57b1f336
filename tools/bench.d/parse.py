"""What today's hooks are written in: reads zones' XML and does nothing else with it."""
import sys
import xml.etree.ElementTree

print(sum(1 for file in sys.argv[1:] for _ in xml.etree.ElementTree.parse(file).iter()))
