"""Tests talk to nobody outside this machine: a connection or a look-up of another host fails the test that tries."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import Any

ALLOWED_NAMES = frozenset({"localhost", "localhost.localdomain", socket.gethostname().lower(), ""})
GUARDED = frozenset(
    {"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)


class OutsideConnection(RuntimeError):
    """The program tried to reach another machine."""


def install_guard() -> None:
    """Refuse everything but loopback and local sockets, for the rest of this process."""
    sys.addaudithook(_refuse_outside)


def _refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in GUARDED:
        return
    host = _host(event, arguments)
    if host is not None and not _is_local(host):
        raise OutsideConnection(f"{event} to {host}: tests reach only this machine")


def _host(event: str, arguments: tuple[Any, ...]) -> str | None:
    target = arguments[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else arguments[1]
    if isinstance(target, tuple) and target:
        target = target[0]
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname"):
        return None  # a path: a local socket
    if isinstance(target, bytes):
        target = target.decode("ascii", "replace")
    return target if isinstance(target, str) else None


def _is_local(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host.lower() in ALLOWED_NAMES
    return address.is_loopback or address.is_unspecified
