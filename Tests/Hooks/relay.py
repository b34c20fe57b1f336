"""Drives a relay between clients and an echo server through one scenario, and prints what it saw as JSON.
Usage: relay.py SOCAT SCRATCH SCENARIO [WORD]"""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

program, scratch, scenario, *words = sys.argv[1:]
path = scratch + "/zone/root/tmp/vm.vnc"
os.makedirs(os.path.dirname(path))
PATIENCE = 60


def start_server():
    """An echo server on the zone's socket."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(256)

    def echo(connection):
        try:
            while data := connection.recv(1 << 16):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        connection.close()

    def accept():
        while True:
            try:
                connection = server.accept()[0]
            except OSError:
                return
            threading.Thread(target=echo, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return server


def listening(port):
    """The local addresses that are listened on at this port, as the kernel's tables write them."""
    lines = [line.split() for table in ("tcp", "tcp6") for line in open("/proc/net/" + table).readlines()[1:]]
    return sorted(int(line[1].split(":")[0], 16) for line in lines
                  if line[3] == "0A" and int(line[1].split(":")[1], 16) == port)


class Relay:
    """The relay on any free port, perhaps under another program. Nobody has connected to it yet."""

    def __init__(self, *arguments, under=()):
        for self.port in range(20000 + os.getpid() % 10000, 40000):
            if listening(self.port):
                continue
            self.process = subprocess.Popen([*under, program, *arguments, path, str(self.port)],
                                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            while self.process.poll() is None:
                if listening(self.port):
                    return
                time.sleep(0.005)
            if "Address already in use" not in self.process.stderr.read():
                sys.exit("the relay did not start")

    def connect(self, address="127.0.0.1"):
        return socket.create_connection((address, self.port), PATIENCE)

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.process.pid))

    def settled(self, expected):
        """Waits until the relay has as many descriptors as expected. Returns how many it has in the end."""
        for _ in range(100 * PATIENCE):
            if self.descriptors() == expected:
                break
            time.sleep(0.01)
        return self.descriptors()

    def idle_descriptors(self):
        """How many it has once it has served somebody."""
        with self.connect() as client:
            exchange(client, b"warm")
            idle = self.descriptors() - 2  # without this client, and its other half
        return self.settled(idle)

    def memory(self):
        """KiB resident."""
        with open("/proc/%d/status" % self.process.pid) as status:
            return int(next(line for line in status if line.startswith("VmRSS")).split()[1])

    def processor_time(self):
        """In clock ticks."""
        with open("/proc/%d/stat" % self.process.pid) as stat:
            return sum(int(field) for field in stat.read().rsplit(")", 1)[1].split()[11:13])

    def end(self, number=signal.SIGINT):
        """Interrupts it. Returns its exit status, and what it has said."""
        self.process.send_signal(number)
        status = self.process.wait(PATIENCE)
        return {"status": status,
                "said": [line.replace(scratch, "SCRATCH") for line in self.process.stderr.read().splitlines()]}


def exchange(connection, data):
    connection.sendall(data)
    got = b""
    while len(got) < len(data):
        got += connection.recv(len(data))
    return got == data


def crowd():
    """200 clients at once, then a half-close, a reset, and the end of all."""
    server, relay = start_server(), Relay()
    before, memory = relay.idle_descriptors(), relay.memory()
    clients = [relay.connect() for _ in range(200)]
    served = sum(exchange(client, b"hello %d" % i) for i, client in enumerate(clients))
    clients[0].shutdown(socket.SHUT_WR)
    half_closed = clients[0].recv(1) == b""
    clients[1].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # killed: a reset, not an end
    for client in clients:
        client.close()
    left = relay.settled(before) - before
    return {"served": served, "half-closed": half_closed, "descriptors left": left,
            "KiB grown": relay.memory() - memory, **relay.end()}


def volume():
    """A GiB there and back, while the client still sends."""
    server, relay = start_server(), Relay()
    size = 1 << 30
    client = relay.connect()

    def send():
        block = bytes(range(256)) * 4096
        for _ in range(size // len(block)):
            client.sendall(block)
        client.shutdown(socket.SHUT_WR)

    threading.Thread(target=send).start()
    total = 0
    while data := client.recv(1 << 20):
        total += len(data)
    return {"bytes back": total, **relay.end()}


def lazy():
    """A client that sends and never reads, beside one that does both."""
    server, relay = start_server(), Relay()
    before = relay.idle_descriptors()
    lazy = relay.connect()
    lazy.settimeout(0.5)
    try:
        while True:
            lazy.sendall(b"x" * (1 << 20))
    except TimeoutError:
        pass
    busy = relay.processor_time()
    with relay.connect() as other:
        served = exchange(other, b"y" * 1000)
    time.sleep(0.5)
    ticks = relay.processor_time() - busy
    lazy.close()
    return {"served": served, "ticks": ticks, "descriptors left": relay.settled(before) - before, **relay.end()}


def absence():
    """The zone's server goes and comes back; then there is a link in its place."""
    server, relay = start_server(), Relay()
    server.close()
    os.unlink(path)
    with relay.connect() as client:
        closed = client.recv(1) == b""
    server = start_server()
    with relay.connect() as client:
        served = exchange(client, b"again")
    os.unlink(path)
    os.symlink("/nonexistent", path)
    with relay.connect() as client:
        link_closed = client.recv(1) == b""
    return {"closed while it is gone": closed, "served when it is back": served, "closed at a link": link_closed,
            **relay.end()}


def addresses():
    """Where it listens, and a port that is taken."""
    server, relay = start_server(), Relay()
    second = subprocess.run([program, path, str(relay.port)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return {"listens on": ["%08x" % address for address in listening(relay.port)], "second": second.returncode,
            "second said": second.stderr.replace(str(relay.port), "PORT"), **relay.end()}


def ipv6():
    server, relay = start_server(), Relay("-l", "::1")
    with relay.connect("::1") as client:
        served = exchange(client, b"six")
    return {"served": served, **relay.end(signal.SIGTERM)}


def failed_accept():
    """Accepting fails once, with the error named, while no other connection is there."""
    server = start_server()
    relay = Relay(under=["strace", "-D", "-f", "-qq", "-o", "/dev/zero", "-e",
                         "inject=accept4:error=%s:when=1" % words[0]])
    try:
        with socket.create_connection(("127.0.0.1", relay.port), 20) as client:
            served = exchange(client, b"still there")
    except TimeoutError:
        served = False
    relay.process.kill()
    relay.process.wait()
    return {"served": served}


def late_interrupt():
    """An interrupt at the worst moment: when there is nothing left to do but to wait."""
    server = start_server()
    shim = scratch + "/shim"
    with open(shim + ".c", "w") as source:
        source.write("""
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <poll.h>
            #include <signal.h>
            int poll(struct pollfd *fds, nfds_t count, int limit) {
                raise(SIGTERM);
                return ((int (*)(struct pollfd *, nfds_t, int))dlsym(RTLD_NEXT, "poll"))(fds, count, limit);
            }
            int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *limit, const sigset_t *mask) {
                raise(SIGTERM);
                return ((int (*)(struct pollfd *, nfds_t, const struct timespec *, const sigset_t *))
                        dlsym(RTLD_NEXT, "ppoll"))(fds, count, limit, mask);
            }
        """)
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", shim + ".so", shim + ".c", "-ldl"], check=True)
    relay = subprocess.Popen([program, path, "0"], stdout=subprocess.DEVNULL, env={**os.environ, "LD_PRELOAD": shim + ".so"})
    try:
        return {"status": relay.wait(PATIENCE)}
    finally:
        relay.kill()


print(json.dumps({"crowd": crowd, "volume": volume, "lazy": lazy, "absence": absence, "addresses": addresses,
                  "ipv6": ipv6, "failed-accept": failed_accept, "late-interrupt": late_interrupt}[scenario]()))
