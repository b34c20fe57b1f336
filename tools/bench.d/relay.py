"""The brand's socat beside socat(1)."""
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from measuring import Series


def serve_echo(path):
    """An echo server on a UNIX socket; a first byte of "d" makes it swallow everything and answer at the end."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen(16)

    def answer(connection):
        kind = connection.recv(1)
        while data := connection.recv(1 << 18):
            if kind == b"e":
                connection.sendall(data)
        if kind == b"d":
            connection.sendall(b".")
        connection.close()

    def accept():
        while True:
            threading.Thread(target=answer, args=(server.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port):
    for _ in range(1000):
        try:
            return socket.create_connection(("127.0.0.1", port))
        except ConnectionRefusedError:
            time.sleep(0.01)
    sys.exit("bench: nothing listens on port %d" % port)


def transfer(port, size=256 << 20):
    """Milliseconds that so many bytes take in one direction."""
    connection = connect(port)
    block = bytes(1 << 18)
    start = time.perf_counter()
    connection.sendall(b"d")
    for _ in range(size // len(block)):
        connection.sendall(block)
    connection.shutdown(socket.SHUT_WR)
    connection.recv(1)
    return (time.perf_counter() - start) * 1000


def latency(port, rounds=2000):
    """Microseconds of one small message there and back, the median."""
    connection = connect(port)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"e")
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        connection.sendall(b"x" * 64)
        connection.recv(64)
        times.append(time.perf_counter() - start)
    return statistics.median(times) * 1e6


def relay(table, hooks, rounds):
    with tempfile.TemporaryDirectory() as directory:
        path = directory + "/vm.vnc"
        serve_echo(path)
        ports = {"ours": free_port(), "socat(1)": free_port()}
        programs = [
            subprocess.Popen([hooks + "/socat", path, str(ports["ours"])], stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL),
            subprocess.Popen(["socat", "TCP-LISTEN:%d,reuseaddr,fork" % ports["socat(1)"], "UNIX-CONNECT:" + path])]
        moved = {name: Series() for name in ports}
        delays = {name: Series(unit="us") for name in ports}
        try:
            for _ in range(rounds):
                for name, port in ports.items():
                    moved[name].values.append(transfer(port))
                    delays[name].values.append(latency(port))
        finally:
            for program in programs:
                program.terminate()
                program.wait()
    for name, series in (("256 MiB through socat, in one direction", moved), ("64 bytes through socat, there and back", delays)):
        table.add(name, series["ours"], other=("socat(1)", series["socat(1)"]))
