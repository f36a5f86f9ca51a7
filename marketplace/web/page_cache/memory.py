"""Finished pages in memory: bounded in bytes, the least recently used goes first, one maker a page at a time."""

from __future__ import annotations

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import brotli

IDENTITY, GZIP, BROTLI = "", "gzip", "br"
COMPRESSED = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
WORTH_COMPRESSING = 600  # bytes: below, the header costs what is saved
BROTLI_QUALITY, GZIP_LEVEL = 5, 6
OVERHEAD = 2_000  # bytes that a page's headers and objects take, about
WAIT = 10.0  # seconds that a request waits for another one that makes the same page

# A 304 repeats what a cache may need and leaves out what tells of the body (RFC 9110, 15.4.5).
BODY_HEADERS = frozenset({"content-length", "content-type", "content-encoding"})

Headers = list[tuple[str, str]]
Answer = tuple[Headers, bytes, Headers]  # headers and body, and the headers of a 304


@dataclass(slots=True)
class Page:
    """A finished page, and what it is a function of besides its address: the numbers of its revisions, by name, and the
    day. `generation` is the proof's when the page was last found to be current."""

    headers: Headers
    body: bytes
    revisions: dict[str, int]
    day: date
    digest: str = ""
    generation: int = -1
    answers: dict[str, Answer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """The ETag is that of the bytes: where a change elsewhere leaves a page as it was, readers keep theirs."""
        self.digest = hashlib.sha256(repr(self.headers).encode() + b"\0" + self.body).hexdigest()[:32]

    def answer(self, coding: str) -> Answer:
        """The page in a content coding, or as it is where that is not worth it; made at the first asking."""
        found = self.answers.get(coding)
        if found is None:
            found = self.answers[coding] = self._encode(coding)
        return found

    def size(self) -> int:
        """The bytes that the page takes, about."""
        return OVERHEAD + len(self.body) + sum(len(body) for _, body, _ in self.answers.values())

    def _encode(self, coding: str) -> Answer:
        kind = next((value for name, value in self.headers if name.lower() == "content-type"), "")
        if coding and not (kind.startswith(COMPRESSED) and len(self.body) >= WORTH_COMPRESSING):
            return self.answer(IDENTITY)
        headers, body, tag = list(self.headers), self.body, self.digest
        if coding:
            body = (
                brotli.compress(body, quality=BROTLI_QUALITY)
                if coding == BROTLI
                else gzip.compress(body, GZIP_LEVEL, mtime=0)
            )
            tag = f"{tag}-{coding}"  # another coding is another representation: a strong ETag of its own
            headers.append(("Content-Encoding", coding))
        if kind.startswith(COMPRESSED):
            headers.append(("Vary", "Accept-Encoding"))
        headers += [("ETag", f'"{tag}"'), ("Content-Length", str(len(body)))]
        unchanged = [(name, value) for name, value in headers if name.lower() not in BODY_HEADERS]
        return headers, body, unchanged


class Shelf:
    """Pages by address, up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bytes = 0
        self._pages: OrderedDict[str, tuple[Page, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def get(self, address: str) -> Page | None:
        """The page kept for an address: from now on the most recently used one."""
        with self._lock:
            found = self._pages.get(address)
            if found is None:
                return None
            self._pages.move_to_end(address)
            return found[0]

    def put(self, address: str, page: Page) -> None:
        """Keep a page in place of an earlier one, or weigh it anew; the least recently used go as far as they must."""
        size = page.size() + len(address)
        with self._lock:
            if (earlier := self._pages.pop(address, None)) is not None:
                self.bytes -= earlier[1]
            if size > self.limit:
                return
            self._pages[address] = page, size
            self.bytes += size
            while self.bytes > self.limit:
                _, (_, gone) = self._pages.popitem(last=False)
                self.bytes -= gone

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()
            self.bytes = 0


class Turns:
    """Lets one request make a page while others that want it wait, so that a change does not make everybody compute it."""

    def __init__(self) -> None:
        self._making: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, address: str) -> Iterator[bool]:
        """Whether it is the caller's turn; otherwise another request had it, and is done with it by now or takes long."""
        with self._lock:
            made = self._making.get(address)
            if made is None:
                mine = self._making[address] = threading.Event()
        if made is not None:
            made.wait(WAIT)
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                del self._making[address]
            mine.set()
