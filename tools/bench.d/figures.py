#!/usr/bin/env python3
"""One table of what each thing takes, beside programs that only read the same XML; the growth with the number of attributes.

usage: tools/bench.d/figures.py [-r ROUNDS] [-b DIRECTORY OF THE HOOKS]
Rounds alternate between all things, so that what else the machine does meets them alike; how far apart the middle half of each
lies is its noise. Writes .build/bench/figures.json, and growth.png when python3-matplotlib is there.
"""
import argparse
import concurrent.futures
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

parser = argparse.ArgumentParser()
parser.add_argument("-r", type=int, default=20)
parser.add_argument("-b", default=".build/embedded/none-elf")
options = parser.parse_args()
os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
hooks = os.path.abspath(options.b)
example = os.path.abspath("config/examples/debian.xml")
out = os.path.abspath(".build/bench")
os.makedirs(out, exist_ok=True)
for program in ("parse", "peak"):
    subprocess.run(["gcc", "-O2", "-I/usr/include/libxml2", "-o", out + "/" + program, "tools/bench.d/%s.c" % program,
                    "-lxml2"], check=True)
floor = out + "/parse"
null = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, null, descriptor) for descriptor in (0, 1, 2)]


def run(command):
    """Seconds from start to end of one run, and seconds of processor time in it."""
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - start
    if status:
        shown = subprocess.run(command, stdin=null, capture_output=True, text=True)
        sys.exit("figures: %s ended with status %d: %s" % (" ".join(command), status >> 8, shown.stdout + shown.stderr))
    return seconds, usage.ru_utime + usage.ru_stime


def peak(command):
    """KiB of memory at most."""
    return int(subprocess.run([out + "/peak", *command], stdin=null, capture_output=True, text=True).stdout)


def parsers(xml):
    return {"a C program that only reads the XML": [floor, xml],
            "a Python program that only reads it": [sys.executable, "-S", "-E", "tools/bench.d/parse.py", xml]}


class Zone:
    """A zone in a directory, as the hooks' tests have them."""
    uuid = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"

    def __init__(self, directory, name, body):
        self.name, self.path = name, "%s/zones/%s" % (directory, name)
        self.xml, self.index = "%s/%s.xml" % (directory, name), "%s/%s.index" % (directory, name)
        self.firmware = directory + "/firmware"
        os.makedirs(self.path, exist_ok=True)
        os.makedirs(self.firmware, exist_ok=True)
        for rom in ("RELEASE", "RELEASE_CSM"):
            open("%s/BHYVE_%s.fd" % (self.firmware, rom), "w").close()
        shutil.copy("/usr/share/OVMF/OVMF_VARS.fd", self.firmware + "/BHYVE_VARS.fd")
        with open(self.xml, "w") as file:
            file.write('<zone name="%s" zonepath="%s" brand="bhyve">\n%s\n</zone>\n' % (name, self.path, body))
        with open(self.index, "w") as file:
            file.write("%s:installed:%s:%s\n" % (name, self.path, self.uuid))

    def hook(self, name, *more):
        given = {"install": ["-I", self.index], "uninstall": ["-I", self.index], "init": []}.get(
            name, ["-x", self.xml, "-F", self.firmware])
        return ["%s/%s" % (hooks, name), "-z", self.name, "-R", self.path, "-p", "linux", *given, *more]


def attributes(**values):
    return "\n".join('<attr name="%s" type="string" value="%s"/>' % (name.replace("_", "-"), value)
                     for name, value in values.items())


def spread(times):
    low, _, high = statistics.quantiles(times, n=4)
    return (high - low) / statistics.median(times)


def measure(commands, rounds, before={}):
    """Milliseconds of each: the median and the noise, of alternating runs."""
    times, work = ({name: [] for name in commands} for _ in range(2))
    memory = {}
    for round in range(rounds + 2):
        for name, command in commands.items():
            if name in before:
                before[name](round)
            words = command(round) if callable(command) else command
            if round == 0:  # the first ones warm the caches
                memory[name] = peak(words)
            elif round == 1:
                run(words)
            else:
                seconds, processor = run(words)
                times[name].append(seconds * 1000)
                work[name].append(processor * 1000)
    return {name: {"ms": statistics.median(list), "noise": spread(list), "processor ms": statistics.median(work[name]),
                   "KiB": memory[name]} for name, list in times.items()}


def table(title, rows):
    base = rows["a C program that only reads the XML"]["ms"]
    python = rows["a Python program that only reads it"]["ms"]
    print("%-42s %9s %9s %7s %7s %7s %9s" % (title, "ms", "processor", "noise", "/ C", "/ Py", "peak KiB"))
    for name, row in rows.items():
        print("  %-40s %9.2f %9.2f %6.0f%% %7.2f %7.2f %9d" % (
            name, row["ms"], row["processor ms"], row["noise"] * 100, row["ms"] / base, row["ms"] / python, row["KiB"]))


def hooks_figures(directory):
    vm = Zone(directory, "vm", attributes(ram="2G", vcpus="2", bootrom="BHYVE_RELEASE", vnc="on", uuid=Zone.uuid, bootdisk="rpool/vm")
              + '<device match="/dev/zvol/rdsk/rpool/vm"/>')
    seed = Zone(directory, "seed", attributes(cloud_init="on", uuid=Zone.uuid, resolvers="192.0.2.1", password="x"))
    tree = Zone(directory, "tree", "")
    for zone in (vm, seed):
        run(zone.hook("install"))
    run(vm.hook("boot"))
    commands = parsers(vm.xml)
    commands["boot -t"] = vm.hook("boot", "-t")
    commands["boot for real"] = vm.hook("boot")
    commands["verify"] = vm.hook("verify")
    commands["boot for real, with a cloud-init seed"] = seed.hook("boot")
    commands["hvm uefi: another boot order"] = lambda round: [
        hooks + "/hvm", "uefi", "-x", vm.xml, "-F", vm.firmware, "-p", "linux", "vm", "order",
        "shell,bootdisk" if round % 2 else "bootdisk,shell"]
    commands["uninstall of 10,000 files"] = tree.hook("uninstall")
    launch = directory + "/launch/hvm"
    os.makedirs(launch)
    with open(launch + "/launch", "w") as file:
        file.write("hypervisor bhyve\nexec /bin/true\nargv0 bhyve-vm\narg -c\n")
    os.makedirs(vm.path + "/root/hvm", exist_ok=True)
    inside = ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--ro-bind", launch, vm.path + "/root/hvm"]
    commands["bwrap and true(1) in it"] = inside + ["/bin/true"]
    commands["bwrap, init, and true(1) as hypervisor"] = inside + [
        hooks + "/init", "-R", vm.path + "/root", "-p", "linux"]

    def grow(_):
        for folder in range(100):
            path = "%s/root/%d" % (tree.path, folder)
            os.makedirs(path)
            for file in range(100):
                open("%s/%d" % (path, file), "w").close()

    return measure(commands, options.r, {"uninstall of 10,000 files": grow})


def thousand_zones(directory):
    with open(example) as file:
        text = file.read()
    commands = []
    for number in range(1000):
        path = "%s/many%d.xml" % (directory, number)
        with open(path, "w") as file:
            file.write(text.replace('name="debian"', 'name="many%d"' % number))
        commands.append([hooks + "/boot", "-t", "-x", path, "many%d" % number])
    results = {}
    for workers in (1, 8):
        start = time.perf_counter()
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, commands))
        results[workers] = time.perf_counter() - start
    return results


def growth(directory):
    """Milliseconds by the number of attributes."""
    rows = {}
    for count in (10, 100, 1000, 10000):
        path = "%s/grown%d.xml" % (directory, count)
        # Attributes of other tools, as site administrators add them.
        body = "\n".join('<attr name="site-note-%d" type="string" value="value %d"/>' % (n, n) for n in range(count))
        Zone(directory, "grown%d" % count, body)
        commands = parsers(path)
        commands["boot -t"] = [hooks + "/boot", "-t", "-x", path, "-p", "linux", "grown%d" % count]
        rows[count] = measure(commands, options.r)
    return rows


def plot(rows):
    try:
        import matplotlib
    except ImportError:
        return print("growth.png: python3-matplotlib is not there")
    matplotlib.use("Agg")
    from matplotlib import pyplot
    for name in next(iter(rows.values())):
        pyplot.loglog(list(rows), [row[name]["processor ms"] for row in rows.values()], "o-", label=name)
    pyplot.xlabel("attributes of the zone")
    pyplot.ylabel("milliseconds of processor time, start and end of the program included")
    pyplot.legend()
    pyplot.grid(True, which="both", alpha=0.3)
    pyplot.savefig(out + "/growth.png", dpi=120)


def cost_of_an_attribute(rows, of="processor ms"):
    """Microseconds of processor time that an attribute takes of boot -t over what it takes of libxml2, by the two largest zones."""
    (small, few), (large, many) = list(rows.items())[-2:]
    over = [row["boot -t"][of] - row["a C program that only reads the XML"][of] for row in (few, many)]
    return (over[1] - over[0]) * 1000 / (large - small)


with tempfile.TemporaryDirectory() as directory:
    figures = {"rounds": options.r, "load": os.getloadavg(), "processors": os.cpu_count()}
    os.environ["HVM_RUN"] = directory + "/run"
    os.makedirs(directory + "/run")
    figures["hooks"] = hooks_figures(directory)
    figures["zones"] = thousand_zones(directory)
    figures["growth"] = growth(directory)
figures["us an attribute"] = cost_of_an_attribute(figures["growth"])
figures["bytes"] = {name: os.path.getsize("%s/%s" % (hooks, name)) for name in sorted(os.listdir(hooks))
                    if re.fullmatch("[a-z]+", name) and os.path.isfile("%s/%s" % (hooks, name))}

print("%d alternating runs, medians; load %.1f on %d processors" % (options.r, figures["load"][0], figures["processors"]))
table("the hooks", figures["hooks"])
print("1,000 zones by boot -t: one after the other %.1f s, 8 at a time %.1f s" % (
    figures["zones"][1], figures["zones"][8]))
for count, rows in figures["growth"].items():
    print("%6d attributes: %s" % (
        count, ", ".join("%s %.2f ms" % (name, row["processor ms"]) for name, row in rows.items())))
print("one attribute more: %.2f us of processor time over what libxml2 takes" % figures["us an attribute"])
print("bytes: " + ", ".join("%s %d" % pair for pair in figures["bytes"].items()))
with open(out + "/figures.json", "w") as file:
    json.dump(figures, file, indent=1)
plot(figures["growth"])
