"""Pages behind the real server with two workers, against a bare Flask route of the page's size behind the same server.

Both servers run during the whole measurement; rounds alternate between them. A ratio of requests a second is bounded by the
client, which shares the two cores, so the processor time of the servers' processes is shown beside it.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from benchmarks.pages import fill
from benchmarks.sites import new_site
from tests.postgres import PostgresServer
from tests.server import CHECKOUT, free_port, wait_for

BARE, SITE = "benchmarks.bare:app", "wsgi:app"

# As docs/operators.md says.
SETTINGS = ("--workers", "2", "--blocking-threads", "4")
CONNECTIONS = 4
REQUESTS = 6000
ROUNDS = 5
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Speed:
    """Requests a second, and milliseconds of the server's processor time a request."""

    rate: float
    cost: float


class Served:
    """A WSGI application behind granian."""

    def __init__(self, target: str, environ: Mapping[str, str]) -> None:
        self.port = free_port()
        options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*(sys.executable, "-m", "granian", *options), *SETTINGS, target],
            cwd=CHECKOUT,
            env={**os.environ, **environ},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self, path: str) -> None:
        """Wait until it answers."""
        wait_for(f"http://127.0.0.1:{self.port}{path}", self.process)

    def speed(self, path: str, headers: Mapping[str, str], requests: int = REQUESTS) -> Speed:
        """Ask for a page as fast as a few connections can."""
        before, start = self.processor_time(), time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            done = sum(
                pool.map(lambda _: ask(self.port, path, headers, requests // CONNECTIONS), range(CONNECTIONS))
            )
        taken = time.perf_counter() - start
        return Speed(done / taken, (self.processor_time() - before) / done * 1e3)

    def processor_time(self) -> float:
        """Seconds of processor time of the server and its workers so far."""
        return processor_time(self.process.pid)

    def memory(self) -> float:
        """MB of the largest worker."""
        return max(_resident(pid) for pid in children_of(self.process.pid))

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


def processor_time(pid: int) -> float:
    """Seconds of processor time of a process and those it started so far."""
    ticks = 0
    for number in (pid, *children_of(pid)):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def children_of(pid: int) -> list[int]:
    """The processes that a process started, and those that these started."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found] + [
        grandchild for child in found for grandchild in children_of(int(child))
    ]


def ask(port: int, path: str, headers: Mapping[str, str], requests: int) -> int:
    """Send requests one after the other over one connection; returns how many were answered."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *(f"{k}: {v}" for k, v in headers.items())]
    message = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(requests):
            connection.sendall(message)
            data = connection.recv(65536)
            while (end := data.find(b"\r\n\r\n")) < 0:
                data += connection.recv(65536)
            head = data[:end].lower()
            if not head.startswith((b"http/1.1 200", b"http/1.1 304")):
                raise RuntimeError(head.decode("latin-1").partition("\r\n")[0])
            length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            if head.startswith(b"http/1.1 304"):
                length = 0
            missing = length - (len(data) - end - 4)
            while missing > 0:
                missing -= len(connection.recv(65536))
    return requests


@contextmanager
def serving(targets: Mapping[str, Mapping[str, str]]) -> Iterator[dict[str, Served]]:
    """Servers by target, with their variables."""
    servers = {target: Served(target, environ) for target, environ in targets.items()}
    try:
        yield servers
    finally:
        for server in servers.values():
            server.stop()


def ratios(
    site: Served, bare: Served, path: str, headers: Mapping[str, str], requests: int = REQUESTS
) -> tuple[float, float]:
    """How much faster than the bare route a page is, in requests a second and in processor time: medians of the rounds."""
    rates, costs = [], []
    for _ in range(ROUNDS):
        base, own = bare.speed("/", {}, requests), site.speed(path, headers, requests)
        rates.append(own.rate / base.rate)
        costs.append(base.cost / own.cost)
    return statistics.median(rates), statistics.median(costs)


def main() -> None:
    """Print the ratios of a guide with ten offers: from the cache, and answered 304; on both databases."""
    with ExitStack() as stack:
        server = PostgresServer()
        stack.callback(server.stop)
        for name, settings in (
            ("SQLite", {}),
            ("PostgreSQL", {"DATABASE_URL": server.url(server.new_database())}),
        ):
            with new_site(**settings) as (app, folder):
                _compare(name, app, {**settings, "INSTANCE_PATH": str(folder / "instance")})


def _compare(name: str, app: Flask, settings: Mapping[str, str]) -> None:
    guide = fill()["guide"]
    page = app.test_client().get(guide)
    asked = {
        "from the cache": {},
        "the same, gzipped": {"Accept-Encoding": "gzip"},
        "answered 304": {"If-None-Match": page.headers["ETag"]},
    }
    targets = {BARE: {"BARE_BYTES": str(len(page.data))}, SITE: {**settings, "WORKER": "external"}}
    with serving(targets) as servers:
        servers[BARE].wait("/")
        servers[SITE].wait("/healthz")
        for what, headers in asked.items():
            rate, cost = ratios(servers[SITE], servers[BARE], guide, headers)
            print(f"served: {name}: guide {what}: {rate:.2f} by requests, {cost:.2f} by processor time")


if __name__ == "__main__":
    main()
