"""Faults injected on purpose."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass

from stripe_standin.errors import invalid

KINDS = (
    "drop_after_commit",
    "drop_before",
    "error500",
    "error500_after",
    "conflict409",
    "rate429",
    "slow",
    "down",
)


@dataclass
class Fault:
    """What happens to the next `count` calls of this method whose path matches; `seconds` is how long `slow` waits."""

    kind: str
    path: str = ""
    method: str = ""
    count: int = 1
    seconds: float = 0.0

    def fits(self, method: str, path: str) -> bool:
        """Whether it happens to this call."""
        return (not self.method or self.method == method) and re.search(self.path, path) is not None


class Faults:
    """The faults that wait for a call. `down` stays until it is cleared; the others run out."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._slow: set[threading.Event] = set()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Add a fault. Raises `ApiError` for an unknown kind or an invalid pattern."""
        if fault.kind not in KINDS:
            raise invalid(f"Invalid kind: must be one of {', '.join(KINDS)}", "kind")
        try:
            re.compile(fault.path)
        except re.error as error:
            raise invalid(f"Invalid path: {error}", "path") from None
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Remove all faults; waiting calls continue at once."""
        with self._lock:
            self._waiting.clear()
            for over in self._slow:
                over.set()

    def wait(self, seconds: float) -> None:
        """Let a slow call wait, at most until the faults are cleared."""
        over = threading.Event()
        with self._lock:
            self._slow.add(over)
        over.wait(seconds)
        with self._lock:
            self._slow.discard(over)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that applies to this call, counted down by one."""
        with self._lock:
            found = next((fault for fault in self._waiting if fault.fits(method, path)), None)
            if found is not None and found.kind != "down":
                found.count -= 1
                if found.count <= 0:
                    self._waiting.remove(found)
            return found
