"""Both ends of a relay behave at random, or badly on purpose; prints what it saw as JSON.
Usage: relay-hostile.py SOCAT SCRATCH CONNECTIONS"""
import concurrent.futures
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time

program, scratch, connections = sys.argv[1], sys.argv[2], int(sys.argv[3])
directory = scratch + "/zone/root/tmp"
path = directory + "/vm.vnc"
os.makedirs(directory)
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
RESET = b"\1\0\0\0\0\0\0\0"  # SO_LINGER: the end is a reset
seed = int.from_bytes(os.urandom(4), "big")
seen = {"seed": seed}
# A relay that does not serve any more must not hold the test.
give_up = time.monotonic() + 120


class Zone:
    """Who listens in the zone; `behave` is called with each connection, in a thread of its own."""

    def __init__(self, behave):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(path)
        self.socket.listen(1024)
        self.behave = behave
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            self.behave(connection)
        except OSError:
            connection.close()

    def stop(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        os.unlink(path)


class Relay:
    def __init__(self, under=(), descriptors=1024):
        for port in range(20000 + os.getpid() % 10000, 40000):
            limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))
            with open(scratch + "/said", "w") as said:
                self.process = subprocess.Popen(
                    [*under, program, path, str(port)], stdout=subprocess.DEVNULL, stderr=said,
                    preexec_fn=limit)
            self.port = port
            while self.process.poll() is None:
                if self.pid() and self.is_listening():
                    return
                time.sleep(0.005)
            if not any("Address already in use" in line for line in self.said()):
                sys.exit("the relay did not start")

    def pid(self):
        """The relay's own, when another program started it."""
        name = os.path.basename(program)
        candidates = [self.process.pid]
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)) as children:
            candidates += map(int, children.read().split())
        for pid in candidates:
            try:
                with open("/proc/%d/comm" % pid) as comm:
                    if comm.read().strip() == name:
                        return pid
            except OSError:
                pass

    def is_listening(self):
        with open("/proc/net/tcp") as table:
            return any(line.split()[1].endswith(":%04X" % self.port) and line.split()[3] == "0A"
                       for line in table.readlines()[1:])

    def client(self, seconds=60):
        return socket.create_connection(("127.0.0.1", self.port), seconds)

    def descriptors(self):
        return len(os.listdir("/proc/%d/fd" % self.pid()))

    def settled(self, expected):
        """How many descriptors it has once they are as many as expected, or after 60 seconds."""
        end = time.monotonic() + 60
        while self.descriptors() != expected and time.monotonic() < end:
            time.sleep(0.02)
        return self.descriptors()

    def said(self):
        with open(scratch + "/said") as said:
            return [line.replace(scratch, "SCRATCH") for line in said.read().splitlines()]

    def end(self):
        """Ends it; gives what it said."""
        os.kill(self.pid(), signal.SIGTERM)
        self.process.wait(60)
        return self.said()


def echo(connection):
    while data := connection.recv(1 << 16):
        connection.sendall(data)
    connection.close()


def exchange(client, data):
    client.sendall(data)
    got = b""
    while len(got) < len(data):
        piece = client.recv(len(data))
        if not piece:
            return False
        got += piece
    return got == data


held = []


def hold(connection):
    """Takes a client and never closes."""
    connection.sendall(b"hello")
    held.append(connection)
    if len(held) > 2000:
        held.pop(0).close()


def flood(connection):
    while True:
        connection.sendall(bytes(1 << 16))


def close_at_once(connection):
    connection.close()


def close_with_input_unread(connection):
    connection.recv(1)
    time.sleep(0.01)
    connection.close()


def send_and_close(connection):
    connection.sendall(bytes(200_000))
    connection.close()


def end_first(connection):
    connection.sendall(b"bye")
    connection.shutdown(socket.SHUT_WR)
    while connection.recv(1 << 16):
        pass
    connection.close()


def close_later(connection):
    time.sleep(random.random() / 5)
    connection.close()


zone_ends = [echo, hold, flood, close_at_once, close_with_input_unread, send_and_close, end_first, close_later]


def behave_at_random(connection):
    random.choice(zone_ends)(connection)


def take(client, seconds):
    """Reads to the end, at most so long."""
    client.settimeout(0.2)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if not client.recv(1 << 16):
                return
        except TimeoutError:
            pass


def reset(client):
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def client_at_random(relay):
    if time.monotonic() > give_up:
        return
    way = random.randrange(7)
    try:
        with relay.client() as client:
            client.settimeout(0.2)
            if way in (1, 2, 3, 4):
                client.sendall(bytes(random.choice((1, 1000, 100_000))))
            if way == 2:
                client.shutdown(socket.SHUT_WR)
            if way in (2, 3):
                take(client, 0.3)
            if way in (4, 5, 6):
                reset(client)
            if way == 5:
                take(client, 0.1)
    except OSError:
        pass


def storm():
    """Thousands of clients, at random."""
    random.seed(seed)
    zone = Zone(echo)
    relay = Relay()
    with relay.client() as client:
        exchange(client, b"warm")
        before = relay.descriptors() - 2  # without this client, and its other half
    seen["descriptors before"] = relay.settled(before)
    zone.behave = behave_at_random
    with concurrent.futures.ThreadPoolExecutor(48) as pool:
        for _ in range(connections):
            pool.submit(client_at_random, relay)
    seen["descriptors after"] = relay.settled(before)
    zone.behave = echo
    try:
        with relay.client(20) as client:
            seen["served after"] = exchange(client, b"still there")
    except TimeoutError:
        seen["served after"] = False
    # What the relay lacked on the way is no fault.
    seen["said after the storm"] = sorted(set(line.split(": ")[-1] for line in relay.end()))
    zone.stop()


def reset_by_the_zone():
    """A killed QEMU: more clients than there are descriptors, each to be told."""
    zone = Zone(close_with_input_unread)
    relay = Relay(descriptors=64)
    told = 0
    while told < 200:
        with relay.client(20) as client:
            client.sendall(b"unread")
            try:
                client.recv(1)
            except ConnectionResetError:
                pass
            except TimeoutError:
                break
            told += 1
    seen["told of 200 resets"] = told
    relay.end()
    zone.stop()


def never_closed_by_the_zone():
    """The descriptors of clients that have gone are given back: when others need them, and in any case in the end."""
    zone = Zone(hold)
    relay = Relay(descriptors=64)
    served = 0
    while served < 200:
        with relay.client(20) as client:
            try:
                if client.recv(5) != b"hello":
                    break
            except TimeoutError:
                break
            served += 1
    seen["served of 200 by who never closes"] = served
    seen["descriptors in the end"] = relay.settled(seen["descriptors before"])
    seen["said to 200"] = relay.end()
    zone.stop()


def refused():
    """Nobody listens: the cause is told once."""
    relay = Relay()
    for _ in range(50):
        with relay.client() as client:
            client.recv(1)
    seen["said to 50 refused"] = relay.end()


def crowd():
    """Many clients at once: how many are taken before those that are there get their turn."""
    zone = Zone(echo)
    trace = scratch + "/trace"
    relay = Relay(under=["strace", "-f", "-qq", "-o", trace, "-e", "trace=accept4,poll,ppoll"])
    os.kill(relay.pid(), signal.SIGSTOP)
    clients = [relay.client() for _ in range(100)]
    os.kill(relay.pid(), signal.SIGCONT)
    seen["100 at once"] = all(exchange(client, b"hello") for client in clients)
    relay.end()
    zone.stop()
    with open(trace) as calls:
        turns = re.split(r"^.*poll.*$", calls.read(), flags=re.MULTILINE)
    seen["taken at once"] = max(len(re.findall(r"accept4\(.* = \d", turn)) for turn in turns)


storm()
reset_by_the_zone()
never_closed_by_the_zone()
refused()
crowd()
print(json.dumps(seen))
