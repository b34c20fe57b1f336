import Glibc
import ZoneLab

exit(Lab.run(CommandLine.arguments))
