"""Rate limits: attempts counted by network and by action; 429 beyond the limit.

Only attempts are counted (signing in, requesting mails), never reading. Counters live in the process and follow the
application's clock.
"""

from __future__ import annotations

import ipaddress
import threading
from math import ceil
from typing import Any, ClassVar

from flask import Flask, request
from limits import parse
from limits.storage import Storage
from werkzeug.exceptions import TooManyRequests

from marketplace.core.extensions import limiter, now

SWEEP_AT = 10_000


class ClockStorage(Storage):
    """In-memory counters that expire by the application's clock; `clock://` for the limiter."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["clock"]  # type: ignore[misc]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._lock = threading.Lock()
        self._counters: dict[str, tuple[int, float]] = {}
        self._sweep_at = SWEEP_AT

    @property
    def base_exceptions(self) -> type[Exception]:
        """The errors of a failing storage; this one never fails."""
        return OSError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more; the first one starts the window of `expiry` seconds."""
        moment = now().timestamp()
        with self._lock:
            if len(self._counters) >= self._sweep_at:
                self._counters = {name: kept for name, kept in self._counters.items() if kept[1] > moment}
                self._sweep_at = max(SWEEP_AT, 2 * len(self._counters))
            count, end = self._counters.get(key, (0, 0.0))
            if end <= moment:
                count, end = 0, moment + expiry
            self._counters[key] = (count + amount, end)
            return count + amount

    def get(self, key: str) -> int:
        """The count of the running window."""
        count, end = self._counters.get(key, (0, 0.0))
        return count if end > now().timestamp() else 0

    def get_expiry(self, key: str) -> float:
        """When the running window ends, in seconds since the epoch."""
        moment = now().timestamp()
        return max(self._counters.get(key, (0, moment))[1], moment)

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def reset(self) -> int:
        """Forget all counters; returns how many there were."""
        with self._lock:
            count = len(self._counters)
            self._counters = {}
            return count

    def clear(self, key: str) -> None:
        """Forget one counter."""
        with self._lock:
            self._counters.pop(key, None)


def init_limits(app: Flask) -> None:
    """Bind the limiter, which finds `ClockStorage` by its scheme."""
    limiter.init_app(app)


def count_attempt(limit: str, *what: str) -> None:
    """Count one attempt at `what` (words that together name it). Raises 429 past `limit`, such as `"20/minute"`."""
    window = parse(limit)
    if not limiter.limiter.hit(window, *what):
        end = limiter.limiter.get_window_stats(window, *what).reset_time
        raise TooManyRequests(retry_after=max(1, ceil(end - now().timestamp())))


def client_network() -> str:
    """The client's network for rate limits: an IPv4 address, or the /64 of an IPv6 subscriber."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False).network_address)
    return str(address)
