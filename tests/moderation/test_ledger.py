from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from marketplace.extensions import db
from marketplace.moderation.ledger import RATED_FROM, band_of, entries, every_entry, monthly
from marketplace.moderation.models import Decision
from tests.factories import NOON

TODAY = NOON.date()


def decision(action: str = "publish", days: int = 1, **values: Any) -> Decision:
    row = Decision(
        subject=values.pop("subject", "review"),
        subject_id=1,
        version=1,
        action=action,
        decided_at=NOON - timedelta(days=days),
        asked_by="author",
        **values,
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
    assert [row.id for row in every_entry(TODAY)] == [new.id, old.id]


def test_what_was_undone_and_its_undo_are_left_out(app: Flask) -> None:
    undone, kept = decision(), decision()
    decision("undo", reverses_id=undone.id)
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


def test_ratings_fall_into_bands() -> None:
    assert [band_of(rating) for rating in (1, 2, 3, 4, 5, None)] == [
        (1, 2),
        (1, 2),
        (3, 3),
        (4, 5),
        (4, 5),
        None,
    ]
