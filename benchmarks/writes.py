"""What members and moderators send, end to end: the form's page is fetched, and the sending of it is measured."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from statistics import median
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from benchmarks.sized import ORDINARY, Site
from marketplace.accounts.models import User
from marketplace.commands.seed_guides import country_of
from marketplace.core.extensions import db, now
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review, ReviewStatus
from tests.factories import sign_in
from tests.pages import Page, fields_of

LISTING = {
    "service": "We do it with you.",
    "cost_basis": "range",
    "fee_min": "140",
    "fee_max": "190",
    "time_min": "10",
    "time_max": "15",
    "time_from": "order",
}
TEXT = "They answered every question by mail and the card came {number} days before the date that they had named to me."


@dataclass(frozen=True, slots=True)
class Written:
    """Milliseconds of processor time, and statements, of one that is sent."""

    cost: float
    statements: int


def measure_writes(site: Site, count: int) -> dict[str, Written]:
    """What each write costs, the median of some."""
    found = {}
    for name, sent in (
        ("review posted", _reviews),
        ("listing submitted", _listings),
        ("review published", _decisions),
    ):
        costs, statements = [], []
        for cost, executed in itertools.islice(sent(site), 1, count + 1):  # the first compiles statements
            costs.append(cost)
            statements.append(executed)
        found[name] = Written(median(costs) * 1e3, round(median(statements)))
    return found


def _reviews(site: Site) -> Iterator[tuple[float, int]]:
    """Of the listing with the most reviews, by members who wrote none of them."""
    day = (now() - timedelta(days=40)).date()
    for number in itertools.count():
        member = db.session.get_one(
            User, site.plan.member_id(site.plan.providers + site.plan.authors - 1 - number)
        )
        typed = {
            "rating": "4",
            "text": TEXT.format(number=number),
            "experience_day": str(day.day),
            "experience_month": str(day.month),
            "experience_year": str(day.year),
        }
        yield _send(site.app, member, "/account/reviews/new/?listing=1", typed, number)


def _listings(site: Site) -> Iterator[tuple[float, int]]:
    """For a procedure that the provider does not offer yet."""
    plan = site.plan
    for number in itertools.count(ORDINARY):
        offered = {plan.topic_of(listing) for listing in plan.listings_of(number)}
        topic = next(topic for topic in itertools.count(1) if topic not in offered)
        provider, owner = (
            db.session.get_one(Provider, number + 1),
            db.session.get_one(User, plan.member_id(number)),
        )
        address = f"/manage/{provider.slug}/listings/new/?topic={country_of(topic)}-procedure_{topic + 1}"
        yield _send(site.app, owner, address, {**LISTING, "official_fee_kind": "unknown"}, number)


def _decisions(site: Site) -> Iterator[tuple[float, int]]:
    moderator = db.session.scalars(select(User).where(User.role == "moderator")).one()
    waiting = select(Review.id).where(Review.status == ReviewStatus.PENDING, Review.listing_id == 1)
    for number, review_id in enumerate(db.session.scalars(waiting.order_by(Review.id)).all()):
        address = f"/staff/queue/review/{review_id}/"
        yield _send(site.app, moderator, address, {"do": "publish"}, number)


def _send(app: Flask, person: User, address: str, typed: dict[str, str], number: int) -> tuple[float, int]:
    """Fetch the form and send it, each in a context of its own, as a server's is, and from a network of its own: nobody is
    held for one who sends too much."""
    client = app.test_client()
    sign_in(client, person)
    db.session.rollback()
    page = Context().run(client.get, address)
    assert page.status_code == 200, (address, page.status, page.headers.get("Location"))
    fields: dict[str, Any] = fields_of(Page(page.get_data(as_text=True)).form(address))
    fields |= {name: [value] for name, value in typed.items()}
    network = {"REMOTE_ADDR": f"2001:db8:{number:x}::1"}
    with _counting() as executed:
        start = time.process_time()
        answer = Context().run(partial(client.post, address, data=fields, environ_overrides=network))
        taken = time.process_time() - start
    assert answer.status_code in (302, 303), (
        address,
        answer.status,
        Page(answer.get_data(as_text=True)).text[:600],
    )
    return taken, executed["statements"]


@contextmanager
def _counting() -> Iterator[Counter[str]]:
    """Counts statements, transaction control apart."""
    counted: Counter[str] = Counter()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        counted["statements"] += not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE"))

    event.listen(db.engine, "before_cursor_execute", note)
    yield counted
    event.remove(db.engine, "before_cursor_execute", note)


def statements_of(app: Flask, path: str) -> int:
    """How many statements a page takes that is made anew."""
    client = app.test_client()
    Context().run(client.get, path)
    with _counting() as executed:
        Context().run(client.get, path)
    return executed["statements"]
