from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.moderation.decisions.queries import decisions_by_id, recent_decisions
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision
from marketplace.moderation.queue.queries import (
    QueueCursor,
    cursor_of,
    narrowed_to,
    queue_count,
    read_cursor,
    waiting_items,
    write_cursor,
)
from tests.clock import FrozenClock
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.waiting import MAKERS, id_of, wait_longer, waiting_appeal, waiting_reply, waiting_review


def test_risky_things_come_first_and_what_waited_too_long_before_all(app: Flask) -> None:
    listing = make_listing(make_topic())
    hours_and_risk = {
        "low": (9, 0),
        "some": (3, 30),
        "high": (1, 60),
        "high, older": (2, 100),
        "old": (100, 0),
    }
    made = {}
    for name, (hours, risk) in hours_and_risk.items():
        review = make_review(listing, status="pending", published_at=None, risk=risk)
        wait_longer(review, hours)
        made[review.id] = name
    assert [made[row.id] for row in waiting_items()] == ["old", "high, older", "high", "some", "low"]
    assert [row.priority for row in waiting_items()] == [0, 1, 1, 2, 3]


def test_paging_keeps_its_order_however_time_goes_on(app: Flask, clock: FrozenClock) -> None:
    listing = make_listing(make_topic())
    made = []
    for number in range(6):
        review = make_review(listing, status="pending", published_at=None, risk=70 if number == 5 else 0)
        wait_longer(review, 24 - number)
        made.append(review.id)
    first = waiting_items(limit=2)
    clock.advance(timedelta(days=4))  # by now all have waited for too long, and would come before the place
    second = waiting_items(after=first[-1].cursor, limit=3)
    rest = waiting_items(after=second[-1].cursor)
    assert [row.id for row in (*first, *second, *rest)] == [made[5], *made[:5]]
    assert [row.id for row in waiting_items()] == made


def test_what_becomes_riskier_between_two_pages_stands_at_the_front(app: Flask) -> None:
    listing = make_listing(make_topic())
    rows = [make_review(listing, status="pending", published_at=None) for _ in range(4)]
    first = waiting_items(limit=2)
    rows[3].risk = 90
    db.session.flush()
    assert [row.id for row in waiting_items(after=first[-1].cursor)] == [rows[2].id]
    assert waiting_items()[0].id == rows[3].id


def test_everything_that_waits_stands_in_one_queue_oldest_first(app: Flask) -> None:
    made = []
    for hours, (kind, make) in enumerate(MAKERS.items()):
        row = make()
        wait_longer(row, hours)
        made.append((kind, id_of(kind, row)))
    rows = waiting_items()
    assert [(row.kind, row.id) for row in rows] == made[::-1]
    assert queue_count().total == len(made)
    assert queue_count().oldest == rows[0].since


def test_rows_say_what_they_are_about(app: Flask) -> None:
    review = waiting_review(rating=2)
    row = waiting_items()[0]
    assert (row.provider_name, row.provider_status) == (review.listing.provider.name, "active")
    assert (row.topic_id, row.rating, row.since) == (review.listing.topic_id, 2, NOON)


def test_what_is_decided_or_was_never_sent_does_not_wait(app: Flask) -> None:
    topic = make_topic()
    for status in ("draft", "published", "paused", "withdrawn", "rejected"):
        make_listing(topic, status=status)
    make_review(make_listing(topic))
    for status in ("unclaimed", "active", "suspended", "removed"):
        make_provider(status=status)
    assert waiting_items() == []
    assert (queue_count().total, queue_count().oldest) == (0, None)


def test_pages_of_the_queue_follow_each_other(app: Flask) -> None:
    made = [waiting_review().id for _ in range(5)]
    first = waiting_items(limit=2)
    second = waiting_items(after=first[-1].cursor, limit=2)
    third = waiting_items(after=second[-1].cursor, limit=2)
    assert [row.id for row in (*first, *second, *third)] == made


def test_a_cursor_survives_the_address(app: Flask) -> None:
    place = QueueCursor(NOON, 3, NOON - timedelta(microseconds=1), "listing_edit", 7)
    assert read_cursor(write_cursor(place)) == place
    row = waiting_review(risk=30)
    assert cursor_of(find_subject("review", row.id)) == waiting_items()[0].cursor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "1-3-1-poem-2",
        "1-3-1-review-",
        "1-3--review-1",
        "1-4-1-review-1",
        "1-3-" + "9" * 30 + "-review-1",
    ],
)
def test_a_cursor_that_is_none_is_not_found(app: Flask, text: str) -> None:
    with pytest.raises(NotFound):
        read_cursor(text)


def test_the_queue_is_one_query(app: Flask, count_queries: CountQueries) -> None:
    for make in MAKERS.values():
        make()
    with count_queries(app) as statements:
        waiting_items()
    assert len(statements) == 1


def test_decisions_come_newest_first_with_names(app: Flask) -> None:
    moderator = make_user("moderator", name="Mod Seven")
    names = []
    for kind, make in MAKERS.items():
        row = make()
        provider = (
            row
            if kind == "provider"
            else row.listing.provider
            if getattr(row, "listing", None)
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
    rows = [row for row in recent_decisions() if row.action == "publish"]
    assert [row.provider_name for row in rows] == names[::-1]
    assert {row.actor_name for row in rows} == {"Mod Seven"}
    assert [row.id for row in recent_decisions(before=rows[1].id)] == [row.id for row in rows[2:]]
    some = [rows[3].id, rows[1].id]
    assert [row.id for row in recent_decisions(only=some)] == some[::-1]
    assert [one.id for one in decisions_by_id(some)] == some


def test_appeals_are_counted_and_paged_apart(app: Flask) -> None:
    assert queue_count().by_kind == {}
    appeals = [waiting_appeal() for _ in range(3)]
    for hours, appeal in enumerate(appeals):
        wait_longer(appeal, 9 - hours)
    wait_longer(waiting_review(), 20)
    assert queue_count().by_kind == {"review": 1, "appeal": 3}
    found = waiting_items(kind="appeal", limit=2)
    assert [row.id for row in found] == [appeal.id for appeal in appeals[:2]]
    assert [row.id for row in waiting_items(kind="appeal", after=found[-1].cursor)] == [appeals[2].id]
    appeals[0].status = "dismissed"
    assert queue_count().by_kind == {"review": 1, "appeal": 2}


def test_the_queue_is_narrowed_by_risk_and_kind(app: Flask) -> None:
    reviews = [waiting_review(risk=risk) for risk in (0, 29, 30, 59, 60, 100)]
    waiting_reply()
    risky = [row.id for row in waiting_items(**narrowed_to("", "some").options)]
    assert sorted(risky) == sorted(review.id for review in reviews[2:])
    high = waiting_items(**narrowed_to("review", "high").options)
    assert sorted(row.risk for row in high) == [60, 100]
    assert waiting_items(**narrowed_to("reply", "high").options) == []
    for kind, risk in (("nothing", ""), ("review", "none"), ("", "0")):
        with pytest.raises(NotFound):
            narrowed_to(kind, risk)
