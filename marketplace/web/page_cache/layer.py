"""The outermost WSGI layer: answers with kept pages, and keeps what public views make.

A page is kept by its whole address. Addresses with a query have no end: they have a small shelf of their own, so that
made-up ones cannot push out what everybody reads. Cookies play no part: a public page is the same for every reader.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from marketplace.core.extensions import Clock
from marketplace.web.page_cache.memory import BROTLI, GZIP, IDENTITY, Answer, Headers, Page, Shelf, Turns
from marketplace.web.page_cache.proof import Proof, proof_for
from marketplace.web.page_cache.shared import SharedPages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAKING = "marketplace.page"
PAGE_BYTES = 64 * 1024 * 1024
QUERY_BYTES = 8 * 1024 * 1024
LONGEST_ADDRESS = 500


class Making:
    """A request that may become a kept page: its view says so by setting `revisions`, or finds the page made already."""

    __slots__ = ("address", "found", "headers", "revisions", "turn")

    def __init__(self, address: str) -> None:
        self.address = address
        self.turn = ExitStack()  # held until the page is kept
        self.revisions: dict[str, int] | None = None
        self.found: Page | None = None
        self.headers: list[tuple[str, str]] | None = None


class PageCache:
    """The kept pages of an application, and the counts for monitoring."""

    def __init__(self, clock: Clock, *, keeps: bool, shared: SharedPages | None = None) -> None:
        self.clock = clock
        self.shared = shared
        self.pages = Shelf(PAGE_BYTES if keeps else 0)
        self.queries = Shelf(QUERY_BYTES if keeps else 0)
        self.turns = Turns()
        self.counts: Counter[str] = Counter()
        self._proof: Proof | None = None

    def bind(self, engine: Engine) -> None:
        """Use this database to prove that pages are current."""
        if self._proof is None:
            self._proof = proof_for(engine)

    def current(self, address: str) -> Page | None:
        """The kept page of an address, if it is proven to be current."""
        page = self.shelf(address).get(address)
        if page is None or self._proof is None or page.day != self.today():
            return None
        generation = self._proof.generation()
        if generation is None:
            return None
        if page.generation != generation:
            if self._proof.values(tuple(page.revisions)) != tuple(page.revisions.values()):
                return None
            page.generation = generation
        return page

    def standing(self, address: str, revisions: dict[str, int]) -> Page | None:
        """The page of an address that was made under these revisions today, here or by another process."""
        made_under = (revisions, self.today())
        page = self.shelf(address).get(address)
        if page is not None and (page.revisions, page.day) == made_under:
            return page
        page = self.shared.get(address, made_under[1]) if self.shared is not None else None
        if page is None or page.revisions != revisions:
            return None
        self._put(address, page)
        return page

    def keep(self, address: str, page: Page) -> None:
        """Keep a page that was just made."""
        if self._put(address, page) and self.shared is not None:
            self.shared.put(address, page)

    def _put(self, address: str, page: Page) -> bool:
        fits = len(address) <= LONGEST_ADDRESS
        if fits:
            self.shelf(address).put(address, page)
        return fits

    def answer(self, page: Page, address: str, coding: str) -> Answer:
        """A page in a content coding; at the first asking it grows by it."""
        found = page.answers.get(coding)
        if found is None:
            found = page.answer(coding)
            if self.shelf(address).get(address) is page:
                self.shelf(address).put(address, page)
        return found

    def shelf(self, address: str) -> Shelf:
        """Where the page of an address is kept."""
        return self.queries if "?" in address else self.pages

    def today(self) -> date:
        """The day in UTC."""
        return self.clock().date()

    def clear(self) -> None:
        """Forget every page and count, and close the connection."""
        self.counts.clear()
        self.pages.clear()
        self.queries.clear()
        if self._proof is not None:
            self._proof.close()


class PageLayer:
    """WSGI middleware around everything else. With `host`, kept pages are for that host only: the application refuses
    others."""

    def __init__(self, app: WSGIApplication, cache: PageCache, host: str | None = None) -> None:
        self.app = app
        self.cache = cache
        self.host = host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from what is kept, or pass on and keep what becomes of it."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or not self._is_ours(environ):
            return self.app(environ, start_response)
        address = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        if query := environ.get("QUERY_STRING"):
            address += "?" + query
        page = self.cache.current(address)
        if page is not None:
            self.cache.counts["hits"] += 1
            return self._answer(page, address, environ, start_response)
        return self._make(Making(address), environ, start_response)

    def _is_ours(self, environ: WSGIEnvironment) -> bool:
        return self.host is None or environ.get("HTTP_HOST", "").partition(":")[0].lower() == self.host

    def _make(
        self, making: Making, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        def begin(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            if making.revisions is not None and status.startswith("200"):
                making.headers = headers
                return _refuse_write
            return start_response(status, headers, exc_info)

        method = environ["REQUEST_METHOD"]
        environ[MAKING] = making
        with making.turn:
            answered = self.app(environ, begin)
            environ["REQUEST_METHOD"] = method
            if making.headers is None:
                return answered
            if (page := making.found) is None:
                page = _finished(making.headers, making.revisions or {}, answered, self.cache.today())
                self.cache.keep(making.address, page)
            self.cache.counts["misses" if making.found is None else "hits"] += 1
        return self._answer(page, making.address, environ, start_response)

    def _answer(
        self, page: Page, address: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        coding = best_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        headers, body, unchanged = self.cache.answer(page, address, coding)
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked is not None and (page.digest in asked or asked.strip() == "*"):
            self.cache.counts["unchanged"] += 1
            start_response("304 Not Modified", list(unchanged))
            return []
        start_response("200 OK", list(headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=512)
def best_coding(accepted: str) -> str:
    """The content coding for an `Accept-Encoding`: Brotli, gzip, or none."""
    accept = parse_accept_header(accepted, Accept)
    by_quality = [(accept.quality(coding), coding) for coding in (GZIP, BROTLI)]
    quality, coding = max(by_quality)
    if by_quality[0][0] == quality == by_quality[1][0]:
        coding = BROTLI
    return coding if quality > 0 else IDENTITY


def _finished(headers: Headers, revisions: dict[str, int], answered: Iterable[bytes], day: date) -> Page:
    body = b"".join(answered)
    if (close := getattr(answered, "close", None)) is not None:
        close()
    kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "etag")]
    return Page(kept, body, revisions, day)


def _refuse_write(data: bytes) -> None:
    raise RuntimeError("pages are returned, not written")
