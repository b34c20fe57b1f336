"""Programs run in turns and measured, and the table of what came out."""
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field

out = ".build/bench"
null = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)]


def say(text):
    """Tells on the way what is measured."""
    print("bench: " + text, file=sys.stderr, flush=True)


def compile_c(name):
    """Builds one of the small C programs beside this file."""
    os.makedirs(out, exist_ok=True)
    subprocess.run(["gcc", "-O2", "-I/usr/include/libxml2", "-o", "%s/%s" % (out, name), "tools/bench.d/%s.c" % name,
                    "-lxml2"], check=True)


def run(command):
    """Milliseconds from start to end of one run, and milliseconds of processor time in it."""
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    passed = time.perf_counter() - start
    if status:
        shown = subprocess.run(command, stdin=null, capture_output=True, text=True)
        sys.exit("bench: %s ended with status %d: %s" % (
            " ".join(command[:8]), os.waitstatus_to_exitcode(status), shown.stdout + shown.stderr))
    return passed * 1000, (usage.ru_utime + usage.ru_stime) * 1000


def peak(command):
    """KiB of memory at most."""
    return int(subprocess.run([out + "/peak", *command], stdin=null, capture_output=True, text=True).stdout)


@dataclass
class Series:
    """Values of one thing, in one unit."""
    values: list = field(default_factory=list)
    unit: str = "ms"
    processor: list = field(default_factory=list)
    kib: int = 0

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def noise(self):
        """How far apart the middle half lies, as a share of the median."""
        if len(self.values) < 2:
            return 0
        low, _, high = statistics.quantiles(self.values, n=4)
        return (high - low) / self.median


def alternate(commands, rounds, before={}):
    """Runs the commands in turns, so that what else the machine does meets all alike. A command may be a function of the round;
    `before` has what is done before a command, unmeasured."""
    series = {name: Series() for name in commands}
    for round in range(rounds + 2):
        for name, command in commands.items():
            before.get(name, lambda _: None)(round)
            words = command(round) if callable(command) else command
            if round == 0:  # the first ones warm the caches
                series[name].kib = peak(words)
            elif round == 1:
                run(words)
            else:
                passed, processor = run(words)
                series[name].values.append(passed)
                series[name].processor.append(processor)
    return series


class Table:
    """A line a thing: its median, its noise, and how many times that of others it is."""
    def __init__(self):
        self.rows = []

    def add(self, name, series, **others):
        """`others` are series by `c`, `python`, and `other`, a pair of a name and a series."""
        self.rows.append((name, series, others))

    def write(self):
        columns = "%-46s %10s %-6s %6s %9s %8s %8s %9s  %s"
        print(columns % ("what", "median", "", "noise", "processor", "x of C", "x of Py", "peak KiB", "x of another"))
        for name, series, others in self.rows:
            def ratio(key):
                return "%.2f" % (series.median / others[key].median) if key in others else ""
            named = others.get("other")
            print((columns % (
                name, "%.2f" % series.median, series.unit, "%.0f%%" % (series.noise * 100),
                "%.2f" % statistics.median(series.processor) if series.processor else "", ratio("c"), ratio("python"),
                series.kib or "", "%.2f %s" % (series.median / named[1].median, named[0]) if named else "")).rstrip())

    def json(self):
        def value(series):
            return {"median": series.median, "unit": series.unit, "noise": series.noise, "KiB": series.kib or None,
                    "processor ms": statistics.median(series.processor) if series.processor else None}
        return [{"what": name, **value(series), **{
            key: {"what": other[0], **value(other[1])} if key == "other" else value(other)
            for key, other in others.items()}} for name, series, others in self.rows]
