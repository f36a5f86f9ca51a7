"""The outermost layer: what it answers itself, in which coding, and what it never keeps."""

from __future__ import annotations

import gzip
import threading
import urllib.request
from collections.abc import Callable

import brotli
import pytest
from flask import Flask
from sqlalchemy import update

from marketplace.core.extensions import db
from marketplace.guides.models import Guide
from marketplace.guides.services import raise_topic_revisions
from marketplace.web.page_cache.layer import best_coding
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import make_topic, make_user, sign_in
from tests.production import PRODUCTION
from tests.server import LiveServer


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0, gzip;q=0", ""),
        ("identity", ""),
        ("*", "br"),
        ("rubbish;;q=x", ""),
    ],
)
def test_the_best_coding_that_the_reader_takes(accepted: str, coding: str) -> None:
    assert best_coding(accepted) == coding


@pytest.mark.parametrize(("coding", "unpack"), [("gzip", gzip.decompress), ("br", brotli.decompress)])
def test_made_or_kept_a_page_says_the_same_in_each_coding(
    client: Client, coding: str, unpack: object
) -> None:
    plain = client.get("/guides/")
    for _ in range(2):
        packed = client.get("/guides/", headers={"Accept-Encoding": coding})
        assert unpack(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + f'-{coding}"'
    told = client.get(
        "/guides/", headers={"Accept-Encoding": coding, "If-None-Match": packed.headers["ETag"]}
    )
    assert (told.status_code, told.data) == (304, b"")
    head = client.head("/guides/", headers={"Accept-Encoding": coding})
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(packed.data)))


def test_a_head_makes_the_page_for_others(app: Flask, client: Client) -> None:
    head = client.head("/guides/")
    page = client.get("/guides/")
    assert head.data == b""
    assert {**head.headers} == {**page.headers}
    assert app.extensions["page_cache"].counts == {"misses": 1, "hits": 1}


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/account/", "/sign-in/", "/healthz", "/robots.txt", "/metrics"]
)
def test_only_public_pages_are_kept(app: Flask, client: Client, path: str) -> None:
    before = client.get(path)
    cache = app.extensions["page_cache"]
    assert (len(cache.pages), len(cache.queries)) == (0, 0)
    assert before.headers.get("Cache-Control") != "public, no-cache"


def test_a_head_of_any_other_page_has_no_body(client: Client) -> None:
    for path in ("/nowhere/", "/account/", "/healthz"):
        assert client.head(path).data == b""


def test_a_cookie_plays_no_part(app: Flask, client: Client, count_queries: CountQueries) -> None:
    user = make_user()
    db.session.commit()
    first = client.get("/guides/")
    sign_in(client, user)
    with count_queries(app) as statements:
        again = client.get("/guides/")
    assert statements == []
    assert (again.data, {**again.headers}) == (first.data, {**first.headers})


def test_a_kept_page_is_for_the_sites_own_host(make_app: Callable[..., Flask]) -> None:
    app = make_app(**PRODUCTION)
    host = PRODUCTION["SITE_URL"].removeprefix("https://")
    client = app.test_client()
    assert client.get("/guides/", base_url=f"https://{host}").status_code == 200
    assert client.get("/guides/", base_url="https://elsewhere.example").status_code == 400


def test_a_long_address_is_answered_and_not_kept(app: Flask, client: Client) -> None:
    path = "/search/?q=" + "word+" * 39 + "&x=" + "y" * 500
    assert client.get(path).headers["ETag"]
    assert len(app.extensions["page_cache"].queries) == 0


def test_many_who_want_a_changed_page_have_it_made_once(app: Flask) -> None:
    topic = make_topic("peru")
    path = f"/guides/peru/{topic.guides[0].stem}/"
    db.session.commit()
    app.test_client().get(path)
    raise_topic_revisions([topic.id])
    db.session.commit()
    start, answers = threading.Barrier(8), []

    def ask() -> None:
        start.wait(10)
        answers.append(app.test_client().get(path).headers["ETag"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(answers) == 8
    assert len(set(answers)) == 1
    assert app.extensions["page_cache"].counts["misses"] == 2


def test_a_change_shows_on_the_next_request_of_another_process(
    server: Callable[..., LiveServer], app: Flask, database_kind: str
) -> None:
    """The site runs in another process on the same database; a writer here changes a page again and again."""
    topic = make_topic("peru")
    guide = topic.guides[0]
    db.session.commit()
    other = server(demo=False, DATABASE_URL=app.config["SQLALCHEMY_DATABASE_URI"], WORKER="external")
    address = f"{other.url}/guides/peru/{guide.stem}/"
    for number in range(50):
        db.session.execute(update(Guide).where(Guide.id == guide.id).values(title=f"Title number {number}."))
        raise_topic_revisions([topic.id])
        db.session.commit()
        for _ in range(2):
            with urllib.request.urlopen(address, timeout=10) as response:
                assert f"Title number {number}." in response.read().decode()
    with urllib.request.urlopen(f"{other.url}/metrics", timeout=10) as response:
        metrics = response.read().decode()
    assert 'marketplace_page_cache{event="misses"} 50.0' in metrics
    assert 'marketplace_page_cache{event="hits"} 50.0' in metrics
