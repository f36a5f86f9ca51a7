"""Presses a server for a time with a few connections: how many requests it answers, what each costs it, how long they wait.

The client shares the cores with the server, so a ratio of requests a second says less than one of processor time; both are
told.
"""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import median

CONNECTIONS = 4
Path = str | Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second; milliseconds of the server's processor time a request; milliseconds that half of the requests and
    99 of 100 waited at most."""

    rate: float
    cost: float
    p50: float
    p99: float


def press(
    port: int, path: Path, headers: Mapping[str, str], seconds: float, worked: Callable[[], float]
) -> Load:
    """Ask for a page, or for another one each time, as fast as a few connections can. `worked` tells the server's processor
    time so far, in seconds."""
    numbers = itertools.count(1)
    before, start = worked(), time.perf_counter()

    def ask(_: int) -> list[float]:
        return _ask_until(port, path, headers, start + seconds, numbers)

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        waits = sorted(itertools.chain.from_iterable(pool.map(ask, range(CONNECTIONS))))
    taken, cost = time.perf_counter() - start, worked() - before
    return Load(
        len(waits) / taken,
        cost / len(waits) * 1e3,
        waits[len(waits) // 2] * 1e3,
        waits[len(waits) * 99 // 100] * 1e3,
    )


def middle(loads: list[Load]) -> Load:
    """The median of each figure over the rounds."""
    return Load(*(median(getattr(load, name) for load in loads) for name in ("rate", "cost", "p50", "p99")))


def _ask_until(
    port: int, path: Path, headers: Mapping[str, str], end: float, numbers: itertools.count[int]
) -> list[float]:
    waits: list[float] = []
    while not waits or time.perf_counter() < end:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while not waits or time.perf_counter() < end:
                target = path if isinstance(path, str) else path(next(numbers))
                lines = [f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                start = time.perf_counter()
                try:
                    connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
                    _read_answer(connection, target)
                except ConnectionError:
                    break  # servers end a connection after so many requests
                waits.append(time.perf_counter() - start)
    return waits


def _read_answer(connection: socket.socket, target: str) -> None:
    data = b""
    while (end := data.find(b"\r\n\r\n")) < 0:
        data += _received(connection)
    head = data[:end].lower()
    if not head.startswith((b"http/1.1 200", b"http/1.1 304")):
        raise RuntimeError(f"{target}: {head.decode('latin-1').partition(chr(13))[0]}")
    if head.startswith(b"http/1.1 304"):
        return
    missing = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]) - (len(data) - end - 4)
    while missing > 0:
        missing -= len(_received(connection))


def _received(connection: socket.socket) -> bytes:
    data = connection.recv(262_144)
    if not data:
        raise ConnectionError
    return data
