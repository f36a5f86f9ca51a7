"""The guide page with ten listings against a bare Flask route of the same size, and queries per page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.sites import new_site, seconds
from marketplace.core.database import writing
from marketplace.core.extensions import db
from tests.factories import make_listing, make_review, make_topic

REQUESTS = 300
LISTINGS = 10


def main() -> None:
    """Print the ratios and the counts."""
    with new_site(CACHE_URL="none") as (uncached, _):
        paths = fill()
        guide = paths["guide"]
        client = uncached.test_client()
        size = len(client.get(guide).data)
        bare = _bare(size)
        base = _per_request(bare, "/", {})
        etag = client.get(guide).headers["ETag"]
        print(f"pages: a bare Flask route of {size} bytes takes {base * 1e3:.3f} ms of processor time = 1")
        print(
            f"pages: guide with {LISTINGS} listings, made anew: {_per_request(client, guide, {}) / base:.1f}"
        )
        conditional = _per_request(client, guide, {"If-None-Match": etag})
        print(f"pages: the same, answered 304: {conditional / base:.1f}")
        for name, path in paths.items():
            with _counted() as statements:
                client.get(path)
            print(f"pages: queries of {name}: {len(statements)}")
    with new_site() as (cached, _):
        paths = fill()
        print(
            f"pages: guide from the page cache: {_per_request(cached.test_client(), paths['guide'], {}) / base:.1f}"
        )


def fill() -> dict[str, str]:
    """Write a guide with ten listings and a few reviews; the addresses of the pages that show them."""
    with writing():
        topic = make_topic()
        listings = [make_listing(topic) for _ in range(LISTINGS)]
        for _ in range(3):
            make_review(listings[0])
        guide = next(guide for guide in topic.guides if guide.language == "en")
        address = f"/guides/{guide.country}/{guide.stem}/"
        slug, ids = listings[0].provider.slug, [listing.id for listing in listings]
        db.session.commit()
    return {
        "home": "/",
        "country": f"/guides/{topic.country}/",
        "guide": address,
        "listing": f"{address}{slug}/",
        "compare": f"/compare/?listing={ids[0]}&listing={ids[1]}",
        "provider": f"/providers/{slug}/",
        "search": "/search/?q=procedure",
    }


def _bare(size: int) -> FlaskClient:
    app = Flask("bare")
    body = "x" * size

    @app.get("/")
    def page() -> str:
        return body

    return app.test_client()


def _per_request(client: FlaskClient, path: str, headers: dict[str, str]) -> float:
    client.get(path, headers=headers)

    def work() -> None:
        for _ in range(REQUESTS):
            client.get(path, headers=headers)

    return seconds(work, rounds=5) / REQUESTS


@contextmanager
def _counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
