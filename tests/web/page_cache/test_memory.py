"""Pages in memory: bounded in bytes, the least recently used goes first, one maker at a time."""

from __future__ import annotations

import gzip
import threading
from datetime import date

import brotli
import pytest

from marketplace.web.page_cache.memory import OVERHEAD, Page, Shelf, Turns

HTML = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, no-cache")]


def page(text: str = "x", size: int = 1, kind: str = "text/html; charset=utf-8") -> Page:
    headers = [("Content-Type", kind), ("Cache-Control", "public, no-cache")]
    return Page(headers, (text * size).encode(), {"site": 1}, date(2026, 1, 1))


def test_a_digest_is_that_of_the_bytes_whatever_the_revisions() -> None:
    first, again = page("a"), Page(HTML, b"a", {"site": 2}, date(2026, 1, 2))
    assert first.digest == again.digest
    assert first.digest != page("b").digest


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_a_page_is_compressed_under_an_etag_of_its_own(coding: str, unpack: object) -> None:
    kept = page("words ", 400)
    headers, body, unchanged = kept.answer(coding)
    named = dict(headers)
    assert unpack(body) == kept.body
    assert len(body) < len(kept.body) / 10
    assert (named["Content-Encoding"], named["Content-Length"]) == (coding, str(len(body)))
    assert (named["Vary"], named["ETag"]) == ("Accept-Encoding", f'"{kept.digest}-{coding}"')
    assert dict(unchanged).keys() == {"Cache-Control", "Vary", "ETag"}
    assert kept.answer(coding)[1] is body, "it is made once"


@pytest.mark.parametrize("kept", [page("short"), page("x", 5000, kind="image/png")])
def test_what_is_not_worth_compressing_is_sent_as_it_is(kept: Page) -> None:
    headers, body, _ = kept.answer("br")
    assert body == kept.body
    assert "Content-Encoding" not in dict(headers)
    assert dict(headers)["ETag"] == f'"{kept.digest}"'


def test_the_least_recently_used_page_goes_first() -> None:
    shelf = Shelf(3 * (OVERHEAD + 1010))
    for address in "abc":
        shelf.put(address, page(address, 1000))
    assert shelf.get("a") is not None
    shelf.put("d", page("d", 1000))
    assert [address for address in "abcd" if shelf.get(address)] == ["a", "c", "d"]


def test_a_shelf_counts_bytes_not_pages() -> None:
    shelf = Shelf(100_000)
    for number in range(10):
        shelf.put(f"/{number}", page("x", 10))
    assert len(shelf) == 10
    shelf.put("/large", page("x", 90_000))
    assert shelf.get("/large") is not None
    assert shelf.bytes <= 100_000
    assert len(shelf) < 10
    shelf.put("/larger", page("x", 100_000))
    assert shelf.get("/larger") is None, "larger than the shelf"


def test_a_page_that_grew_or_was_replaced_is_weighed_anew() -> None:
    shelf, kept = Shelf(100_000), page("x", 1000)
    shelf.put("/", kept)
    before = shelf.bytes
    kept.answer("gzip")
    shelf.put("/", kept)
    assert before < shelf.bytes < 2 * before
    shelf.put("/", page("x", 1000))
    assert shelf.bytes == before
    shelf.clear()
    assert (shelf.bytes, len(shelf)) == (0, 0)


def test_one_makes_a_page_and_the_others_wait() -> None:
    turns, entered, order = Turns(), threading.Event(), []

    def other() -> None:
        entered.set()
        with turns.taken("/") as mine:
            order.append(mine)

    with turns.taken("/") as mine, turns.taken("/elsewhere") as elsewhere:
        thread = threading.Thread(target=other)
        thread.start()
        entered.wait(10)
        order += [mine, elsewhere]
    thread.join(10)
    assert order[:2] == [True, True]
    with turns.taken("/") as again:
        assert again, "a turn ends"


def test_a_turn_ends_with_an_error() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.taken("/"):
        _ = 1 / 0
    with turns.taken("/") as mine:
        assert mine
