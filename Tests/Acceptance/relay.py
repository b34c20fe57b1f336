"""Drives a relay hard, and prints what it saw as JSON. Usage: relay.py SOCAT SCRATCH"""
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

program, scratch = sys.argv[1:]
directory = scratch + "/zone/root/tmp"
path = directory + "/vm.vnc"
os.makedirs(directory)
seen = {}


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


def start_relay(*arguments, under=()):
    """The relay on any free port, perhaps under another program. Nobody has connected to it yet."""
    for port in range(20000 + os.getpid() % 10000, 40000):
        if listening(port):
            continue
        relay = subprocess.Popen([*under, program, *arguments, path, str(port)], stderr=subprocess.PIPE, text=True)
        while relay.poll() is None:
            if listening(port):
                return relay, port
            time.sleep(0.005)
        if "Address already in use" not in relay.stderr.read():
            sys.exit("the relay did not start")


def descriptors():
    return len(os.listdir("/proc/%d/fd" % relay.pid))


def memory():
    """KiB resident."""
    with open("/proc/%d/status" % relay.pid) as status:
        return int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def settled(expected):
    """Waits until the relay has as many descriptors as expected; gives how many it has in the end."""
    for _ in range(6000):
        if descriptors() == expected:
            break
        time.sleep(0.01)
    return descriptors()


def processor_time():
    with open("/proc/%d/stat" % relay.pid) as stat:
        return sum(int(field) for field in stat.read().rsplit(")", 1)[1].split()[11:13])


def exchange(connection, data):
    connection.sendall(data)
    got = b""
    while len(got) < len(data):
        got += connection.recv(len(data))
    return got == data


server = start_server()
relay, port = start_relay()
with socket.create_connection(("127.0.0.1", port)) as client:
    exchange(client, b"warm")
    before = descriptors() - 2  # without this client, and its other half
seen["descriptors before"] = settled(before)
memory_before = memory()

clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
seen["200 clients"] = all(exchange(client, b"hello %d" % i) for i, client in enumerate(clients))
clients[0].shutdown(socket.SHUT_WR)
seen["half-close"] = clients[0].recv(1) == b""
clients[1].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # killed: a reset, not an end
for client in clients:
    client.close()
seen["descriptors after 200"] = settled(before)

size = 1 << 30
client = socket.create_connection(("127.0.0.1", port))


def send():
    block = bytes(range(256)) * 4096
    for _ in range(size // len(block)):
        client.sendall(block)
    client.shutdown(socket.SHUT_WR)


threading.Thread(target=send).start()
received = total = 0
while data := client.recv(1 << 20):
    total += len(data)
seen["GiB back"] = total / size

lazy = socket.create_connection(("127.0.0.1", port))
lazy.settimeout(0.5)
try:
    while True:
        lazy.sendall(b"x" * (1 << 20))
except TimeoutError:
    seen["held up who does not read"] = True
busy = processor_time()
seen["others go on"] = exchange(socket.create_connection(("127.0.0.1", port)), b"y" * 1000)
time.sleep(0.5)
seen["ticks while held up"] = processor_time() - busy
lazy.close()

server.close()
os.unlink(path)
gone = socket.create_connection(("127.0.0.1", port))
seen["closed while nobody listens"] = gone.recv(1) == b""
server = start_server()
seen["back again"] = exchange(socket.create_connection(("127.0.0.1", port)), b"again")
seen["descriptors in the end"] = settled(before)
seen["KiB grown"] = memory() - memory_before
seen["listens on"] = listening(port)
second = subprocess.run([program, path, str(port)], stderr=subprocess.PIPE, text=True)
seen["port in use"] = [second.returncode, second.stderr.replace(str(port), "PORT")]

os.unlink(path)
os.symlink("/nonexistent", path)
trapped = socket.create_connection(("127.0.0.1", port))
seen["a link is not followed"] = trapped.recv(1) == b""
relay.send_signal(signal.SIGINT)
seen["Ctrl-C"] = relay.wait(60)
said = relay.stderr.read().splitlines()
seen["said"] = [line.replace(scratch, "SCRATCH") for line in said]

os.unlink(path)
server.close()
server = start_server()
relay, port = start_relay("-l", "::1")
seen["IPv6"] = exchange(socket.create_connection(("::1", port)), b"six")
relay.send_signal(signal.SIGTERM)
seen["IPv6 end"] = relay.wait(60)

# Accepting fails while no other connection is there.
for error in "ECONNABORTED", "EPROTO", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM":
    relay, port = start_relay(under=[
        "strace", "-D", "-f", "-qq", "-o", "/dev/zero", "-e", "inject=accept4:error=%s:when=1" % error])
    try:
        with socket.create_connection(("127.0.0.1", port), 20) as client:
            seen["after " + error] = exchange(client, b"still there")
    except TimeoutError:
        seen["after " + error] = False
    relay.kill()
    relay.wait()

# An interrupt at the worst moment: when there is nothing left to do but to wait.
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
relay = subprocess.Popen([program, path, "0"], env={**os.environ, "LD_PRELOAD": shim + ".so"})
try:
    seen["interrupted just before it waits"] = relay.wait(60)
finally:
    relay.kill()
print(json.dumps(seen))
