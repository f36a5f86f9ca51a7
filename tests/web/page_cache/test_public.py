"""Public pages as functions of address, revision, day, settings and release: kept, told unchanged, made anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.guides.queries import guide_at
from marketplace.guides.services import raise_topic_revisions
from marketplace.web.page_cache.public import release_of
from tests.clients import Client
from tests.clock import FrozenClock
from tests.conftest import CountQueries
from tests.factories import make_listing, make_provider, make_topic

pytestmark = pytest.mark.slow


@pytest.fixture
def guide(app: Flask) -> str:
    """The address of a guide with a listing."""
    topic = make_topic("peru", languages=("en", "de"))
    make_listing(topic, make_provider(name="Papeles"))
    db.session.commit()
    return f"/guides/peru/{topic.guides[1].stem}/"


def etag(client: Client, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    assert "public" in response.headers["Cache-Control"]
    return response.headers["ETag"]


def test_a_page_has_a_strong_etag_and_is_asked_for_again(client: Client, guide: str) -> None:
    response = client.get(guide)
    assert response.headers["ETag"].startswith('"')
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', 'W/"x" , W/{}', "*"])
def test_an_unchanged_page_is_told_in_a_line(client: Client, guide: str, form: str) -> None:
    kept = etag(client, guide)
    for ask in (client.get, client.head):
        response = ask(guide, headers={"If-None-Match": form.format(kept)})
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == kept
        assert "Content-Security-Policy" in response.headers
        for name in ("Content-Length", "Content-Type", "Content-Encoding"):
            assert name not in response.headers


@pytest.mark.parametrize("form", ['"other"', "", "rubbish", '"', "W/", "{}x", "\u00e9"])
def test_another_etag_gets_the_page(client: Client, guide: str, form: str) -> None:
    response = client.get(guide, headers={"If-None-Match": form.format("abc")})
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path", ["/guides/peru/nowhere/", "/search/?page=9", "/providers/nobody/", "/nowhere/"]
)
def test_a_page_that_is_not_there_is_never_unchanged(client: Client, guide: str, path: str) -> None:
    response = client.get(path, headers={"If-None-Match": "*"})
    assert response.status_code == 404
    assert "no-store" in response.headers["Cache-Control"]
    assert "ETag" not in response.headers


def test_a_head_has_the_headers_of_the_page_alone(client: Client, guide: str) -> None:
    page, head = client.get(guide), client.head(guide)
    assert head.data == b""
    for name in ("ETag", "Content-Length", "Content-Type", "Cache-Control"):
        assert head.headers[name] == page.headers[name]


def test_the_topics_revision_makes_its_pages_new_and_no_others(client: Client, guide: str) -> None:
    other = make_topic("peru", languages=("en",))
    other_path = f"/guides/peru/{other.guides[0].stem}/"
    db.session.commit()
    before = etag(client, guide), etag(client, other_path)
    listing = make_listing(make_topic("peru"), make_provider(name="Segunda"))
    listing.topic_id = guide_at("en", "peru", guide.split("/")[3]).topic_id
    raise_topic_revisions([listing.topic_id])
    db.session.commit()
    assert etag(client, guide, **{"If-None-Match": before[0]}) != before[0]
    assert "Segunda" in client.page(guide).text
    assert etag(client, other_path) == before[1]


def test_rows_that_change_without_their_revision_are_not_shown_yet(client: Client, guide: str) -> None:
    """The page is kept by its revision alone: whoever changes a row raises it."""
    etag(client, guide)
    make_listing(make_topic("peru"))
    db.session.commit()
    assert client.get(guide).data == client.get(guide).data


@pytest.fixture
def made(app: Flask, client: Client) -> Callable[[str], bool]:
    """Whether a page was made anew when it was asked for."""

    def asked(path: str) -> bool:
        counts = app.extensions["page_cache"].counts
        before = counts["misses"]
        assert client.get(path).status_code == 200
        return bool(counts["misses"] > before)

    return asked


@pytest.mark.parametrize("path", ["/", "/es/", "/guides/", "/providers/", "/search/", "/about/ranking/"])
def test_site_wide_pages_follow_the_sites_revision(
    made: Callable[[str], bool], guide: str, path: str
) -> None:
    assert [made(path), made(path)] == [True, False]
    raise_site_revision()
    db.session.commit()
    assert [made(path), made(path)] == [True, False]


def test_a_page_that_is_made_anew_and_says_the_same_keeps_its_etag(client: Client, guide: str) -> None:
    before = etag(client, "/guides/")
    raise_site_revision()
    db.session.commit()
    assert etag(client, "/guides/", 304, **{"If-None-Match": before}) == before


def test_on_a_new_day_pages_are_made_anew(
    made: Callable[[str], bool], guide: str, clock: FrozenClock
) -> None:
    assert made(guide)
    clock.advance(timedelta(hours=11, minutes=59))
    assert not made(guide)
    clock.advance(timedelta(minutes=1))
    assert made(guide)


def test_every_address_and_query_is_a_page_of_its_own(made: Callable[[str], bool], guide: str) -> None:
    german = guide.replace("/guides/peru/", "/de/guides/peru/de_")
    paths = [guide, german, f"{guide}?sort=cost", f"{guide}?sort=cost&max=5", f"{guide}?max=5&sort=cost"]
    assert all(made(path) for path in paths)


def test_other_settings_are_another_page(client: Client, guide: str, make_app: Callable[..., Flask]) -> None:
    before = etag(client, guide)
    for settings in ({"SITE_NAME": "Papers"}, {"DISPLAY_CURRENCY": "USD"}, {"SITE_URL": "http://x.example"}):
        other = make_app(**settings).test_client()
        assert other.get(guide).headers["ETag"] != before
    assert make_app(WORKER="external").test_client().get(guide).headers["ETag"] == before


def test_a_page_is_made_once_and_then_taken_from_memory(
    app: Flask, client: Client, guide: str, count_queries: CountQueries
) -> None:
    first = client.get(guide)
    with count_queries(app) as statements:
        second = client.get(guide)
    assert statements == []
    assert second.data == first.data
    assert second.headers == first.headers


def test_made_up_queries_do_not_push_out_what_everybody_reads(app: Flask, client: Client, guide: str) -> None:
    client.get(guide)
    cache = app.extensions["page_cache"]
    cache.queries.limit = 3 * len(client.get("/search/?q=word").data)
    for number in range(9):
        client.get(f"/search/?q=word{number}")
    assert 0 < len(cache.queries) < 4
    assert cache.current(guide) is not None


def test_a_site_may_keep_no_pages(
    guide: str, make_app: Callable[..., Flask], count_queries: CountQueries
) -> None:
    app = make_app(CACHE_URL="none")
    client = app.test_client()
    first = client.get(guide)
    with count_queries(app) as statements:
        assert client.get(guide).data == first.data
    assert len(statements) > 1


@pytest.mark.parametrize("language", ["", "/de"])
@pytest.mark.parametrize("listings", [1, 10])
def test_a_guides_page_takes_at_most_four_queries_and_none_when_unchanged(
    app: Flask, client: Client, count_queries: CountQueries, language: str, listings: int
) -> None:
    topic = make_topic("peru", languages=("en", "de"))
    for _ in range(listings):
        make_listing(topic)
    db.session.commit()
    stems = {row.language: row.stem for row in topic.guides}
    path = f"{language}/guides/peru/{stems['de' if language else 'en']}/"
    with count_queries(app) as statements:
        kept = etag(client, path)
    assert len(statements) <= 4, "\n".join(statements)
    with count_queries(app) as statements:
        etag(client, path, 304, **{"If-None-Match": kept})
    assert statements == []


def test_a_release_is_known_by_its_program_and_files(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("one")
    (tmp_path / "notes").write_text("no part of it")
    first = release_of("1", [tmp_path])
    assert release_of("1", [tmp_path]) == first
    (tmp_path / "notes").write_text("changed")
    assert release_of("1", [tmp_path]) == first
    assert release_of("2", [tmp_path]) != first
    (tmp_path / "page.html").write_text("two")
    assert release_of("1", [tmp_path]) != first
