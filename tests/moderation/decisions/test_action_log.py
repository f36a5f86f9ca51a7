from __future__ import annotations

from flask import Flask
from sqlalchemy import select, text

from marketplace.core.extensions import db
from marketplace.moderation.models import LogEntry
from tests.factories import NOON, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import waiting_review


def rejected() -> LogEntry:
    review, moderator = waiting_review(), make_user("moderator")
    decide_now(
        "review",
        review.id,
        actor=moderator,
        action="reject",
        version=1,
        ground="same_text",
        statement="We have this text already.",
        now=NOON,
    )
    entry = db.session.scalars(select(LogEntry)).one()
    assert (entry.subject, entry.subject_id, entry.actor_id) == ("review", review.id, moderator.id)
    return entry


def test_a_decision_is_one_line_with_ids_and_ground_alone(app: Flask) -> None:
    entry = rejected()
    assert (entry.action, entry.ground, entry.version, entry.at) == ("reject", "same_text", 1, NOON)
    values = {column.name: getattr(entry, column.name) for column in LogEntry.__table__.columns}
    assert not [value for value in values.values() if isinstance(value, str) and " " in value]


def test_an_account_that_goes_leaves_the_line_as_it_is(app: Flask) -> None:
    entry = rejected()
    actor_id = entry.actor_id
    db.session.commit()
    db.session.execute(text('DELETE FROM "user" WHERE id = :id'), {"id": actor_id})
    db.session.commit()
    assert db.session.scalars(select(LogEntry.actor_id)).one() == actor_id
