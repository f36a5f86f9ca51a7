"""How old data may grow, and when moderators answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.freshness import answer_by, dimmed_on, fresh_on, gone_on
from marketplace.listings.models import Listing
from marketplace.public.offers.ranking import in_table
from tests.clock import START
from tests.factories import make_listing, make_topic


@pytest.mark.parametrize(
    ("submitted", "answered"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=UTC), date(2026, 11, 25)),
        (datetime(2026, 11, 26, 9, tzinfo=UTC), date(2026, 11, 30)),
        (datetime(2026, 11, 28, 9, tzinfo=UTC), date(2026, 12, 1)),
    ],
)
def test_moderators_answer_within_two_working_days(submitted: datetime, answered: date) -> None:
    assert answer_by(submitted) == answered


def test_a_listing_is_dimmed_after_180_days_and_gone_after_270() -> None:
    confirmed = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert dimmed_on(confirmed) == date(2026, 6, 30)
    assert gone_on(confirmed) == date(2026, 9, 28)


@pytest.mark.parametrize(("age", "fresh"), [(None, True), (0, True), (269, True), (270, False), (400, False)])
def test_the_database_knows_the_same_rule_as_the_order(app: Flask, age: int | None, fresh: bool) -> None:
    confirmed = None if age is None else START - timedelta(days=age)
    listing = make_listing(make_topic(), confirmed_at=confirmed)
    found = db.session.scalar(select(Listing.id).where(fresh_on(Listing.confirmed_at, START.date())))
    assert (found == listing.id) is fresh
    assert in_table(listing, START.date()) is fresh
