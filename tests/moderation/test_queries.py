from __future__ import annotations

import pytest
from flask import Flask

from marketplace.errors import NotFound
from marketplace.extensions import db
from marketplace.moderation.models import Decision
from marketplace.moderation.queries import decisions, place_of, queue_count, read_place, waiting
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.waiting import MAKERS, id_of, wait_longer, waiting_review


def test_everything_that_waits_stands_in_one_queue_oldest_first(app: Flask) -> None:
    made = []
    for hours, (kind, make) in enumerate(MAKERS.items()):
        row = make()  # type: ignore[operator]
        wait_longer(row, hours)
        made.append((kind, id_of(kind, row)))
    rows = waiting()
    assert [(row.kind, row.id) for row in rows] == made[::-1]
    assert queue_count().total == len(made)
    assert queue_count().oldest == rows[0].since


def test_rows_say_what_they_are_about(app: Flask) -> None:
    review = waiting_review(rating=2)
    row = waiting()[0]
    assert (row.provider_name, row.provider_status) == (review.listing.provider.name, "active")
    assert (row.topic_id, row.rating, row.since) == (review.listing.topic_id, 2, NOON)


def test_what_is_decided_or_was_never_sent_does_not_wait(app: Flask) -> None:
    topic = make_topic()
    for status in ("draft", "published", "paused", "withdrawn", "rejected"):
        make_listing(topic, status=status)
    make_review(make_listing(topic))
    for status in ("unclaimed", "active", "suspended", "removed"):
        make_provider(status=status)
    assert waiting() == []
    assert (queue_count().total, queue_count().oldest) == (0, None)


def test_pages_of_the_queue_follow_each_other(app: Flask) -> None:
    made = [waiting_review().id for _ in range(5)]
    first = waiting(limit=2)
    second = waiting(after=first[-1].place, limit=2)
    third = waiting(after=second[-1].place, limit=2)
    assert [row.id for row in (*first, *second, *third)] == made


def test_a_place_survives_the_address(app: Flask) -> None:
    assert read_place(place_of(NOON, "listing_edit", 7)) == (NOON, "listing_edit", 7)


@pytest.mark.parametrize(
    "text", ["", "x", "1-poem-2", "1-review-", "-review-1", "1-review-x", "9" * 30 + "-review-1"]
)
def test_a_place_that_is_none_is_not_found(app: Flask, text: str) -> None:
    with pytest.raises(NotFound):
        waiting(after=text)


def test_the_queue_is_one_query(app: Flask, count_queries: CountQueries) -> None:
    for make in MAKERS.values():
        make()  # type: ignore[operator]
    with count_queries(app) as statements:
        waiting()
    assert len(statements) == 1


def test_decisions_come_newest_first_with_names(app: Flask) -> None:
    moderator = make_user("moderator", name="Mod Seven")
    names = []
    for kind, make in MAKERS.items():
        row = make()  # type: ignore[operator]
        provider = (
            row
            if kind == "provider"
            else row.listing.provider
            if hasattr(row, "listing")
            else getattr(row, "provider", None)
        )
        names.append(provider.name)
        db.session.add(
            Decision(
                subject=kind,
                subject_id=id_of(kind, row),
                version=1,
                action="publish",
                actor_id=moderator.id,
                decided_at=NOON,
            )
        )
        db.session.flush()
    rows = decisions()
    assert [row.provider_name for row in rows] == names[::-1]
    assert {row.actor_name for row in rows} == {"Mod Seven"}
    assert [row.id for row in decisions(before=rows[1].id)] == [row.id for row in rows[2:]]
