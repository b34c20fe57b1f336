"""A machine in the lab: what its waiting init needs of memory, and the time from its power-off to the zone's "halted"."""
import os
import select
import subprocess
import sys
import tempfile
import time

from measuring import Series

guest, seen_at = ".build/guest.iso", "/rpool/iso/guest.iso"
zone = """zonecfg -z vm 'create -b; set brand=bhyve; set zonepath=/zones/vm; set ip-type=exclusive; \
add fs; set dir={iso}; set special={iso}; set type=lofs; add options [ro,nodevices]; end; \
add attr; set name=ram; set type=string; set value=384M; end; \
add attr; set name=cdrom; set type=string; set value={iso}; end' && zoneadm -z vm install && touch /root/open && cat
""".format(iso=seen_at)


class Lab:
    """A lab that is open as long as its first process has an input."""
    def __init__(self, hooks, directory):
        self.program, self.directory = os.path.abspath(".build/debug/zonelab"), directory + "/lab"
        os.environ["HVM_HOOKS"] = hooks
        script = directory + "/script"
        with open(script, "w") as file:
            file.write(zone)
        self.process = subprocess.Popen(
            [self.program, "run", "-d", self.directory, "-b", os.path.abspath(guest) + ":" + seen_at, script],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        while not os.path.exists(self.directory + "/root/open"):
            if self.process.poll() is not None:
                sys.exit("bench: the lab did not open")
            time.sleep(0.05)

    def start(self, commands):
        shell = subprocess.Popen(
            [self.program, "shell", "-d", self.directory], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        shell.stdin.write(commands + "\n")
        shell.stdin.close()
        return shell

    def does(self, commands):
        shell = self.start(commands)
        said = shell.stdout.read()
        if shell.wait() != 0:
            sys.exit("bench: %s failed in the lab" % commands)
        return said

    def closes(self):
        self.process.stdin.close()
        self.process.wait()


def hypervisor(name):
    """The machine's process as this system numbers it."""
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/cmdline" % number) as file:
                if file.read().startswith("qemu-system-x86_64-%s\0" % name):
                    return int(number)
        except OSError:
            pass
    sys.exit("bench: the machine does not run")


def status(number, key):
    with open("/proc/%d/status" % number) as file:
        return next(int(line.split()[1]) for line in file if line.startswith(key + ":"))


def from_end_to_halted(lab):
    """Milliseconds from the end of a machine that powered itself off to the notice on its console; KiB of init before."""
    lab.does("zoneadm -z vm boot 2>/dev/null; zonelab await vm 'hvm-brand guest: ready' >/dev/null")
    machine = hypervisor("vm")
    init = status(machine, "PPid")
    memory = [status(init, key) for key in ("VmRSS", "RssAnon")]
    watched = os.pidfd_open(machine)
    waiter = lab.start("zonelab await vm 'Zone halted' >/dev/null && echo halted")
    lab.does("zonelab type vm poweroff")
    if not select.select([watched], [], [], 60)[0]:
        sys.exit("bench: the guest has not powered off within 60 s")
    end = time.perf_counter()
    said = waiter.stdout.readline()
    passed = (time.perf_counter() - end) * 1000
    os.close(watched)
    waiter.wait()
    if said != "halted\n":
        sys.exit("bench: the zone was not halted")
    return passed, memory


def machine(table, hooks, rounds):
    with tempfile.TemporaryDirectory() as directory:
        lab = Lab(hooks, directory)
        halted, whole, own = Series(), Series(unit="KiB"), Series(unit="KiB")
        try:
            for round in range(rounds):
                passed, (rss, anonymous) = from_end_to_halted(lab)
                halted.values.append(passed)
                whole.values.append(rss)
                own.values.append(anonymous)
        finally:
            lab.closes()
    table.add("from a guest's power-off to \"Zone halted\"", halted)
    table.add("memory of init as it waits", whole)
    table.add("memory of init that it shares with nobody", own)
