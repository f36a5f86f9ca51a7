"""No statement of a public page reads a table that grows with the site: it finds its rows by an index, few of them.

PostgreSQL says how many rows of each table a statement read; SQLite how many steps its machine took, and what it scanned.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, select, text

from marketplace.commands.seed import fill
from marketplace.commands.seed_plan import Plan
from marketplace.core.extensions import db
from marketplace.providers.models import Provider
from tests.clients import Client
from tests.clock import START

PLAN = Plan(topics=780, listings=6_000, reviews=6_000)
ROWS, STEPS, STRIDE = 300, 4_000, 20
# Few rows, however large the site; of decisions the newest, up to a page.
SMALL = (
    "decision",
    "exchange_rate",
    "placement_price",
    "revision",
    "signing_key",
    "terms_notice",
    "CONSTANT ROW",
    "found",
    "anon_1",
)
PAGES = (
    "/",
    "/es/",
    "/guides/",
    "/guides/spain/",
    "/guides/spain/procedure_3/",
    "/guides/spain/procedure_3/?sort=cost&max=900&language=es",
    "/guides/mexico/procedure_1/{first}/",
    "/guides/mexico/procedure_1/{first}/?order=helpful&rating=4&page=3",
    "/providers/",
    "/providers/?q=faro&country=spain",
    "/providers/{first}/",
    "/search/?q=permit",
    "/compare/?listing=1&listing=9",
    "/about/ranking/",
    "/about/reviews/",
    "/about/advertising/",
    "/about/privacy/",
    "/about/terms/",
    "/about/decisions/",
    "/about/receipts/",
    "/sitemap.xml",
    "/sitemap.xml?language=en",
    "/go/1",
)
# What still reads more, by a piece of the statement. Taken off here as soon as it does not any more.
STILL_READ = {
    "count(DISTINCT listing.provider_id)": "providers by country: to be kept, not counted",
    "count(guide.id) AS guides": "guides by country: to be kept",
    "AS newest": "the newest served guides: to be kept",
    "count(listing.id) AS count_1": "listings by topic: to be kept",
    "review.level, count(review.id)": "reviews by level: to be kept",
    "review.rating, count(review.id)": "a listing's reviews by level and rating: to be kept",
    "AS total": "how many reviews a filter leaves: to be kept",
    "ORDER BY review.helpful_count": "a listing's reviews by votes: needs an index",
    "submitted_at": "how long reviews waited: to be kept",
    "provider.search_text": "the search, which a later one replaces",
    "ORDER BY provider.sort_name": "the directory: needs an index",
    "FROM (SELECT provider.id": "how many providers there are: to be kept",
    "guide.search_text": "the search, which a later one replaces",
    "SELECT guide.country, guide.stem \n": "a sitemap names every guide",
}

Asked = tuple[str, Any]


@contextmanager
def asked() -> Iterator[list[Asked]]:
    """The statements executed meanwhile that read, each with its parameters."""
    found: list[Asked] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def much_on_postgresql(connection: Connection, statement: str, parameters: Any) -> Sequence[str]:
    """The tables of which a statement reads many rows."""
    answer = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters
    ).scalar_one()
    found: dict[str, float] = {}
    waiting = [(json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", ())
        passed = sum(
            node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck")
        )
        if name := node.get("Relation Name"):
            found[name] = found.get(name, 0) + (node["Actual Rows"] + passed) * node["Actual Loops"]
    return [f"{name}: {rows:.0f} rows" for name, rows in found.items() if rows > ROWS]


def much_on_sqlite(connection: Connection, statement: str, parameters: Any) -> Sequence[str]:
    """The tables that a statement scans, and its steps where they are many."""
    driver: Any = connection.connection.driver_connection
    plan = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    scanned = [line for line in plan if line.startswith("SCAN") and not line[5:].startswith(SMALL)]
    strides = 0

    def count() -> int:
        nonlocal strides
        strides += 1
        return 0

    driver.set_progress_handler(count, STRIDE)
    driver.execute(statement, parameters).fetchall()
    driver.set_progress_handler(None, 0)
    return scanned + ([f"{strides * STRIDE} steps"] if strides * STRIDE > STEPS else [])


@pytest.mark.slow
def test_no_page_reads_what_grows_with_the_site(app: Flask, client: Client, database_kind: str) -> None:
    fill(PLAN, START)
    first = db.session.scalar(select(Provider.slug).where(Provider.id == 1))
    db.session.rollback()
    much_read = much_on_postgresql if database_kind == "postgresql" else much_on_sqlite
    unknown, known = {}, set()
    for page in PAGES:
        path = page.format(first=first)
        with asked() as statements:
            assert client.get(path).status_code in (200, 302), path
        connection = db.session.connection()
        if database_kind == "postgresql":
            connection.execute(text("SET LOCAL random_page_cost = 1.1"))  # as where tables are in memory
        for statement, parameters in list(statements):
            much = much_read(connection, statement, parameters)
            pieces = {piece for piece in STILL_READ if piece in statement}
            known |= pieces if much else set()
            if much and not pieces:
                unknown[path, statement] = much
        db.session.rollback()
    assert not unknown, "\n\n".join(
        f"{path}: {much}\n{statement}" for (path, statement), much in unknown.items()
    )
    assert known == set(STILL_READ)
