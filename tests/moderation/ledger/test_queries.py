from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.ledger.queries import (
    RATED_FROM,
    STAR_BANDS,
    band_of,
    entries,
    entries_of_year,
    monthly,
)
from marketplace.moderation.models import Decision
from tests.factories import NOON

TODAY = NOON.date()


def decision(action: str = "publish", days: int = 1, **values: Any) -> Decision:
    row = Decision(
        subject=values.pop("subject", "review"),
        subject_id=1,
        version=1,
        action=action,
        asked_by="author",
        **{"decided_at": NOON - timedelta(days=days), **values},
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_days_that_are_over_are_told_the_newest_first(app: Flask) -> None:
    old, new = decision(days=3), decision("reject", days=1, ground="spam")
    decision(days=0)
    assert [row.id for row in entries(TODAY)] == [new.id, old.id]
    assert [row.id for row in entries(TODAY, before=new.id)] == [old.id]
    assert [row.id for row in entries(TODAY, limit=1)] == [new.id]
    assert [row.id for row in entries_of_year(TODAY, 2026)] == [new.id, old.id]


def test_what_has_no_effect_and_undos_are_left_out(app: Flask) -> None:
    undone, kept = decision(state="undone"), decision()
    decision("undo", reverses_id=undone.id)
    decision(state="pending")
    decision(state="lapsed")
    assert [row.id for row in entries(TODAY)] == [kept.id]


def test_a_month_counts_by_kind_and_says_rates_of_enough_reviews(app: Flask) -> None:
    decision("publish", days=40, rating=3)
    for number in range(RATED_FROM):
        decision("reject" if number == 0 else "publish", rating=5)
    decision("publish", rating=1)
    decision("publish", subject="listing")
    month, before = monthly(TODAY)
    assert month.counts == {("review", "publish"): 5, ("review", "reject"): 1, ("listing", "publish"): 1}
    assert month.rate((4, 5)) == (RATED_FROM - 1) / RATED_FROM
    assert month.rate((1, 2)) is None
    assert (month.start.day, before.counts) == (1, {("review", "publish"): 1})


def test_the_months_are_those_counted_by_hand(app: Flask) -> None:
    chance = random.Random(11)
    for _ in range(300):
        subject = chance.choice(("review", "review_edit", "listing"))
        rating = None if subject == "listing" else chance.randint(1, 5)
        action = chance.choice(("publish", "publish", "reject", "hide"))
        days, is_undone = chance.randrange(1100), chance.random() < 0.2
        state = "undone" if is_undone else "effective"
        row = decision(action, days, subject=subject, rating=rating, state=state)
        if is_undone:
            decision("undo", days=1, reverses_id=row.id)
    # The last moment of a month in UTC, and the first of the next.
    for moment in (datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)):
        decision(rating=2, decided_at=moment)
    told = entries(TODAY, limit=1000)
    starts = sorted({row.decided_at.date().replace(day=1) for row in told}, reverse=True)
    found = monthly(TODAY)
    assert [month.start for month in found] == starts
    for month in found:
        rows = [row for row in told if row.decided_at.date().replace(day=1) == month.start]
        assert month.counts == Counter((row.subject, row.action) for row in rows)
        judged = [row for row in rows if row.subject == "review" and row.action in ("publish", "reject")]
        for low, high in STAR_BANDS:
            within = [row.action for row in judged if low <= row.rating <= high]
            assert month.judged[low, high] == len(within)
            assert month.published[low, high] == within.count("publish")


def test_a_year_ends_at_midnight_in_utc(app: Flask) -> None:
    last = datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    rows = [decision(decided_at=moment) for moment in (last, last + timedelta(microseconds=1))]
    assert [row.id for row in entries_of_year(TODAY, 2025)] == [rows[0].id]
    assert [row.id for row in entries_of_year(TODAY, 2026)] == [rows[1].id]
    assert list(entries_of_year(TODAY, 2024)) == []


def test_ratings_fall_into_bands() -> None:
    assert [band_of(rating) for rating in (1, 2, 3, 4, 5, None)] == [
        (1, 2),
        (1, 2),
        (3, 3),
        (4, 5),
        (4, 5),
        None,
    ]
