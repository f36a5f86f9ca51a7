"""Finished pages that processes and machines take from each other, in Valkey. Its death only slows: after an error it is
left alone for a while, and pages are made by whoever needs them."""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from marketplace.web.page_cache.memory import Page

KEEP = 86_400  # seconds; the key has the day
PATIENCE = 0.25  # seconds that a request waits for an answer
PAUSE = 5.0  # seconds without it after an error
log = logging.getLogger(__name__)


class SharedPages:
    """Pages under keys of release, day and address."""

    def __init__(self, client: Any, release: str) -> None:
        self._client = client
        self._release = hashlib.sha256(release.encode()).hexdigest()[:16]
        self._lock = threading.Lock()
        self._paused_until = 0.0

    def get(self, address: str, day: date) -> Page | None:
        """The page that somebody made for an address on a day, whatever has changed since."""
        data = self._asked(lambda: self._client.get(self._key(address, day)))
        return None if data is None else _load(data, day)

    def put(self, address: str, page: Page) -> None:
        """Let others take a page."""
        self._asked(lambda: self._client.set(self._key(address, page.day), _dump(page), ex=KEEP))

    def _key(self, address: str, day: date) -> str:
        digest = hashlib.sha256(address.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        return f"marketplace:page:{self._release}:{day.isoformat()}:{digest}"

    def _asked(self, ask: Callable[[], Any]) -> Any:
        if time.monotonic() < self._paused_until:
            return None
        try:
            return ask()
        except Exception as error:  # whatever the client raises: the page is made here
            with self._lock:
                self._paused_until = time.monotonic() + PAUSE
            log.warning("the shared page cache does not answer: %s", type(error).__name__)
            return None


def _dump(page: Page) -> bytes:
    return json.dumps([page.headers, page.revisions]).encode() + b"\n" + page.body


def _load(data: bytes, day: date) -> Page | None:
    head, _, body = data.partition(b"\n")
    try:
        headers, revisions = json.loads(head)
        return Page([(name, value) for name, value in headers], body, dict(revisions), day)
    except ValueError:
        return None


def shared_pages(url: str, release: str) -> SharedPages:
    """The pages in the Valkey at `valkey://host:port/number` (or `valkeys://`, with TLS)."""
    import redis  # only the extra `scale` has it

    address = url.replace("valkey", "redis", 1)
    client = redis.Redis.from_url(address, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
    return SharedPages(client, release)
