"""One more review of a listing that has 10 and that has 10,000: publishing it by a moderator's decision, which reckons the
listing's sums and medians anew, and the listing's public page, made anew. On SQLite processor time is compared; on
PostgreSQL, where the server works elsewhere, time by the clock."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import insert, text

from benchmarks.sites import new_site
from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.decisions.services import decide
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from tests.databases import KINDS
from tests.factories import NOON, make_listing, make_review, make_topic, make_user
from tests.postgres import PostgresServer

FEW, MANY = 10, 10_000
DECISIONS = 20
REQUESTS = 20
PAGES = {"": "the listing's page", "?order=helpful": "the page by votes"}
TEXT = "They answered every question and the card came on the day they said. " * 6


def main() -> None:
    """Print the ratios."""
    for kind in KINDS:
        with _database(kind) as settings, new_site(CACHE_URL="none", **settings) as (app, _):
            clock = time.process_time if kind == "sqlite" else time.perf_counter
            listings = {count: _listing_with(count) for count in (FEW, MANY)}
            _say(kind, "publishing one more", {n: _publishing(row, clock) for n, row in listings.items()})
            for question, name in PAGES.items():
                taken = {n: _page(app, row, question, clock) for n, row in listings.items()}
                _say(kind, name, taken)


@contextmanager
def _database(kind: str) -> Iterator[dict[str, str]]:
    """The settings of an empty database; SQLite's is where a site has it by itself."""
    if kind == "sqlite":
        yield {}
        return
    server = PostgresServer()
    try:
        yield {"DATABASE_URL": server.url(server.new_database())}
    finally:
        server.stop()


def _say(kind: str, what: str, taken: dict[int, float]) -> None:
    print(
        f"published: {what} on {kind} takes {taken[FEW] * 1e3:.1f} ms with {FEW} reviews = 1; "
        f"with {MANY:,}: {taken[MANY] / taken[FEW]:.2f}"
    )


def _listing_with(count: int) -> Listing:
    """A listing with so many published reviews of three years; nine in ten count, and most of them report cost and time."""
    chance = random.Random(count)
    with writing():
        listing = make_listing(make_topic())
        author = make_user(password=None)
        rows = [_told(chance, number) for number in range(count)]
        db.session.execute(
            insert(Review), [{**row, "listing_id": listing.id, "user_id": author.id} for row in rows]
        )
        recompute_ratings(listing.id)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("ANALYZE"))  # as its autovacuum does some time after
            db.session.commit()
    return listing


def _told(chance: random.Random, number: int) -> dict[str, Any]:
    at = NOON - timedelta(hours=chance.randrange(3 * 365 * 24))
    priced, timed = chance.random() < 0.8, chance.random() < 0.8
    return {
        "rating": chance.choice((1, 3, 4, 5, 5)),
        "text": f"{number} {TEXT}",
        "language": "en",
        "experience_on": (at - timedelta(days=20)).date(),
        "real_cost": chance.randrange(300_000, 600_000, 1_000) if priced else None,
        "real_currency": "MXN" if priced else None,
        "real_time": chance.randrange(5, 40) if timed else None,
        "real_time_unit": "business_days" if timed else None,
        "level": chance.choice(("unverified", *("confirmed", "invited", "documented") * 3)),
        "status": "published",
        "submitted_at": at,
        "published_at": at,
        "helpful_count": chance.randrange(20),
    }


def _publishing(listing: Listing, clock: Callable[[], float]) -> float:
    """Median seconds of a decision with its commit."""
    taken = []
    with writing():
        moderator = make_user("moderator", password=None)
        db.session.commit()
    for _ in range(DECISIONS + 1):
        with writing():
            author = make_user(password=None)
            review = make_review(listing, author, status="pending", published_at=None, level="confirmed")
            db.session.commit()
        taken.append(_seconds(lambda row=review: _publish(row, moderator), clock))  # type: ignore[misc]
    return median(taken[1:])  # the first compiles the statements


def _publish(review: Review, moderator: User) -> None:
    with writing():
        decide("review", review.id, actor=moderator, action="publish", version=review.version, now=NOON)
        db.session.commit()


def _page(app: Flask, listing: Listing, question: str, clock: Callable[[], float]) -> float:
    guide = next(guide for guide in listing.topic.guides if guide.language == "en")
    path = f"/guides/{guide.country}/{guide.stem}/{listing.provider.slug}/{question}"
    db.session.commit()
    client = app.test_client()
    assert client.get(path).status_code == 200
    return median(_seconds(lambda: client.get(path), clock) for _ in range(REQUESTS))


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    work()
    return clock() - start


if __name__ == "__main__":
    main()
