"""The hooks and hvm on zones of their own, beside programs that only read the same XML."""
import concurrent.futures
import os
import shutil
import statistics
import sys
import time

from measuring import Series, alternate, out, run

example = os.path.abspath("config/examples/debian.xml")


def readers(*xml):
    """What any hook has to do at least: the floor in C, and the same in the language of today's hooks."""
    return {"c": [out + "/parse", *xml], "python": [sys.executable, "-S", "-E", "tools/bench.d/parse.py", *xml]}


class Zone:
    """A zone in a directory, as the hooks' tests have them."""
    uuid = "8c9f1f4e-3f0c-4c8f-9d0e-2b6a6f1d7c11"

    def __init__(self, directory, hooks, name, body):
        self.name, self.path, self.hooks = name, "%s/zones/%s" % (directory, name), hooks
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
        return ["%s/%s" % (self.hooks, name), "-z", self.name, "-R", self.path, "-p", "linux", *given, *more]


def attributes(**values):
    return "\n".join('<attr name="%s" type="string" value="%s"/>' % (name.replace("_", "-"), value)
                     for name, value in values.items())


def dry_runs(table, hooks, rounds):
    """The same dry run by each build, since these are the same sources."""
    arguments = ["-t", "-x", example, "debian"]
    builds = {"boot -t": hooks, "boot -t, built with the whole of Swift": ".build/release",
              "boot -t, Embedded for Linux": ".build/embedded/linux"}
    series = alternate({**readers(example), **{
        name: [build + "/boot", *arguments] for name, build in builds.items()}}, rounds)
    table.add("a C program that only reads the XML", series["c"], c=series["c"], python=series["python"])
    table.add("a Python program that only reads it", series["python"], c=series["c"], python=series["python"])
    for name in builds:
        table.add(name, series[name], c=series["c"], python=series["python"])


def lifecycle(table, hooks, rounds, directory):
    """Hooks that act."""
    vm = Zone(directory, hooks, "vm", attributes(
        ram="2G", vcpus="2", bootrom="BHYVE_RELEASE", vnc="on", uuid=Zone.uuid, bootdisk="rpool/vm")
        + '<device match="/dev/zvol/rdsk/rpool/vm"/>')
    seed = Zone(directory, hooks, "seed", attributes(
        cloud_init="on", uuid=Zone.uuid, resolvers="192.0.2.1", password="x"))
    tree = Zone(directory, hooks, "tree", "")
    for zone in (vm, seed):
        run(zone.hook("install"))
    run(vm.hook("boot"))

    def grow(_):
        for folder in range(100):
            path = "%s/root/%d" % (tree.path, folder)
            os.makedirs(path)
            for file in range(100):
                open("%s/%d" % (path, file), "w").close()

    commands = {
        "boot for real": vm.hook("boot"), "verify": vm.hook("verify"),
        "boot for real, with a cloud-init seed": seed.hook("boot"),
        "uninstall of 10,000 files": tree.hook("uninstall")}
    series = alternate({**readers(vm.xml), **commands}, rounds, {"uninstall of 10,000 files": grow})
    for name in commands:
        table.add(name, series[name], c=series["c"], python=series["python"])


def start_of_init(table, hooks, rounds, directory):
    """init from its start to its hypervisor's end, in a namespace with a read-only /hvm; and that namespace without it."""
    zone = Zone(directory, hooks, "inside", attributes(ram="1G"))
    launch = directory + "/launch/hvm"
    os.makedirs(launch)
    with open(launch + "/launch", "w") as file:
        file.write("hypervisor bhyve\nexec /bin/true\nargv0 bhyve-vm\narg -c\n")
    for name in ("hvm", "tmp"):
        os.makedirs("%s/root/%s" % (zone.path, name))
    inside = ["/usr/bin/bwrap", "--dev-bind", "/", "/", "--ro-bind", launch, zone.path + "/root/hvm"]
    series = alternate({**readers(zone.xml), "true": inside + ["/bin/true"], "init": inside + [
        hooks + "/init", "-R", zone.path + "/root", "-p", "linux"]}, rounds)
    table.add("bwrap, init, and true(1) as the hypervisor", series["init"], c=series["c"], python=series["python"],
              other=("bwrap and true(1)", series["true"]))


def boot_order(table, hooks, rounds, directory):
    """Another boot order in a store of UEFI variables, by hvm and by virt-fw-vars."""
    zone = Zone(directory, hooks, "order", attributes(
        bootrom="BHYVE_RELEASE", uuid=Zone.uuid, bootdisk="rpool/vm") + '<device match="/dev/zvol/rdsk/rpool/vm"/>')
    run(zone.hook("install"))
    run(zone.hook("boot"))
    commands = {**readers(zone.xml), "hvm": lambda round: [
        hooks + "/hvm", "uefi", "-x", zone.xml, "-F", zone.firmware, "-p", "linux", zone.name, "order",
        "shell,bootdisk" if round % 2 else "bootdisk,shell"]}
    tool = os.path.abspath(".build/virt-firmware")
    if os.path.exists(tool + "/bin/virt-fw-vars"):
        with open(directory + "/order.json", "w") as file:
            file.write('{"version":2,"variables":[{"name":"BootOrder","guid":"8be4df61-93ca-11d2-aa0d-00e098032b8c",'
                       '"attr":7,"data":"03000100"}]}')
        os.environ["PYTHONPATH"] = tool
        commands["other"] = [
            sys.executable, tool + "/bin/virt-fw-vars", "-i", "/usr/share/OVMF/OVMF_VARS.fd", "-o",
            directory + "/out.fd", "--set-json", directory + "/order.json"]
    series = alternate(commands, rounds)
    os.environ.pop("PYTHONPATH", None)
    table.add("hvm uefi: another boot order", series["hvm"], c=series["c"], python=series["python"],
              **({"other": ("virt-fw-vars", series["other"])} if "other" in series else {}))


def many(directory, count):
    """Files of that many zones, with a log each."""
    with open(example) as file:
        text = file.read()
    os.makedirs(directory)
    files = []
    for number in range(count):
        name, path = "vm%d" % number, "%s/path/vm%d" % (directory, number)
        os.makedirs(path + "/log")
        files.append("%s/%s.xml" % (directory, name))
        with open(files[-1], "w") as copy:
            copy.write(text.replace('name="debian"', 'name="%s"' % name).replace("/data/zone/bhyve", path))
        with open(path + "/log/zone.log", "w") as log:
            log.write("2026-11-22T10:00:00Z boot: ready to start: /usr/sbin/bhyve\n")
    return files


# What people write today: a few values of each zone, by the tools that are there.
shell_loop = """%s list -cp | while IFS=: read -r id name state path uuid brand ip; do
    [ "$brand" = bhyve ] || continue
    file=%s/$name.xml
    ram=$(sed -n 's/.*name="ram".*value="\\([^"]*\\)".*/\\1/p' "$file")
    cpus=$(sed -n 's/.*name="vcpus".*value="\\([^"]*\\)".*/\\1/p' "$file")
    nics=$(sed -n 's/.*physical="\\([^"]*\\)".*/\\1/p' "$file" | tr '\\n' ' ')
    printf '%%s %%s %%s %%s %%s\\n' "$name" "$state" "${ram:-1G}" "${cpus:-1}" "$nics"
done"""


def list_of(table, hooks, rounds, directory, count=1000):
    """hvm list of machines that run, beside a shell loop."""
    directory += "/list"
    files = many(directory, count)
    with open(directory + "/lines", "w") as file:
        file.write("0:global:running:/::ipkg:shared\n")
        for number in range(count):
            file.write("%d:vm%d:running:%s/path/vm%d:0a6be1c5-3d4f-4b57-8f0e-52d0d7b1c9a4:bhyve:excl\n" % (
                number + 1, number, directory, number))
    os.mkdir(directory + "/commands")
    zoneadm = directory + "/commands/zoneadm"
    with open(zoneadm, "w") as file:
        file.write("#!/bin/sh\nexec cat %s/lines\n" % directory)
    os.chmod(zoneadm, 0o755)
    series = alternate({
        **readers(*files), "hvm": [hooks + "/hvm", "list", "-C", directory + "/commands", "-d", directory],
        "loop": ["/bin/sh", "-c", shell_loop % (zoneadm, directory)]}, rounds)
    table.add("hvm list of {:,} machines that run".format(count), series["hvm"], c=series["c"], python=series["python"],
              other=("a shell loop with sed", series["loop"]))


def many_boots(table, hooks, rounds, directory, count=1000):
    """Dry runs of many zones, one after the other and eight at a time, beside as many runs of the readers, one after the other."""
    files = many(directory + "/boots", count)
    commands = [[hooks + "/boot", "-t", "-x", file, os.path.basename(file)[:-4]] for file in files]
    series = {key: Series() for key in ("c", "python", 1, 8)}
    each = {key: [[*words[:-count], file] for file in files] for key, words in readers(*files).items()}
    for _ in range(rounds):
        for key, workers in (("c", 1), ("python", 1), (1, 1), (8, 8)):
            start = time.perf_counter()
            with concurrent.futures.ThreadPoolExecutor(workers) as pool:
                list(pool.map(run, each.get(key, commands)))
            series[key].values.append((time.perf_counter() - start) * 1000)
    for workers, said in ((1, "one after the other"), (8, "eight at a time")):
        table.add("{:,} zones by boot -t, {}".format(count, said), series[workers], c=series["c"], python=series["python"])


def growth(table, hooks, rounds, directory):
    """Processor time by the number of attributes; what one more takes of boot -t over what it takes of libxml2."""
    names = {"c": "a C program that only reads the XML", "python": "a Python program that only reads it", "boot": "boot -t"}
    rows = {}
    for count in (10, 100, 1000, 10000):
        # Attributes of other tools, as site administrators add them.
        body = "\n".join('<attr name="site-note-%d" type="string" value="value %d"/>' % (n, n) for n in range(count))
        zone = Zone(directory, hooks, "grown%d" % count, body)
        rows[count] = alternate({**readers(zone.xml), "boot": [
            hooks + "/boot", "-t", "-x", zone.xml, "-p", "linux", zone.name]}, rounds)
        series = rows[count]
        table.add("boot -t of {:,} attributes".format(count), series["boot"], c=series["c"], python=series["python"])
    small, large = rows[1000], rows[10000]

    def slope(key):
        return [(many - few) * 1000 / 9000 for few, many in zip(small[key].processor, large[key].processor)]

    over = [mine - floor for mine, floor in zip(slope("boot"), slope("c"))]
    table.add("one attribute more, over libxml2's time", Series(over, "us"), python=Series(slope("python"), "us"))
    return {names[key]: {count: statistics.median(series[key].processor) for count, series in rows.items()} for key in names}


def plot(growth, path):
    """Draws the growth; returns what was made of it."""
    try:
        import matplotlib
    except ImportError:
        return "no picture: python3-matplotlib is not there"
    matplotlib.use("Agg")
    from matplotlib import pyplot
    pyplot.figure(layout="constrained")
    for name, points in growth.items():
        pyplot.loglog(list(points), list(points.values()), "o-", label=name)
    pyplot.xlabel("attributes of the zone")
    pyplot.ylabel("ms of processor time, from the program's start to its end")
    pyplot.legend()
    pyplot.grid(True, which="both", alpha=0.3)
    pyplot.savefig(path, dpi=120)
    return path
