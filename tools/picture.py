"""Draws what a terminal of this width shows, from standard input, as an SVG picture with this title."""
import re
import sys

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

shown = sys.stdin.read().replace("\r\n", "\n").rstrip("\n")
text = Text.from_ansi(shown)
console = Console(record=True, width=int(sys.argv[2]), file=open("/dev/null", "w"), force_terminal=True, legacy_windows=False)
console.print(text, soft_wrap=True)
# The reader's own monospaced font: none is fetched.
frame = re.sub(r"@font-face \{\{.*?\}\}\s*", "", CONSOLE_SVG_FORMAT, flags=re.S).replace("Fira Code, ", "")
print(console.export_svg(title=sys.argv[1], code_format=frame, unique_id=sys.argv[1].replace(" ", "-")), end="")
