from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.decisions.undoing import undo_decision
from marketplace.moderation.models import Decision
from marketplace.moderation.reports.changes import changed_since
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.replies.models import ReplyVersion
from tests.factories import NOON, make_user
from tests.moderation.kinds.test_flags import LATER, change
from tests.moderation.reporting import reported
from tests.moderation.reporting_replies import shown_reply
from tests.moderation.waiting import NEW_TEXT, waiting_edit, waiting_profile


@pytest.mark.parametrize("kind", ["review", "reply"])
def test_what_was_said_when_it_was_reported_stands_beside_what_is_said_now(app: Flask, kind: str) -> None:
    reply = shown_reply()
    thing = {"review": reply.review, "reply": reply}[kind]
    flag, former = reported(thing, kind=kind), thing.text
    assert changed_since(flag) is None
    with app.test_request_context():
        change(reply, kind)
        found = changed_since(flag)
    assert found is not None
    assert found.at == LATER
    assert found.text is not None
    assert (found.text.old, found.text.value) == (former, NEW_TEXT)


def test_the_words_that_were_reported_count_not_those_between(app: Flask) -> None:
    reply = shown_reply()
    review, flag = reply.review, reported(reply.review)
    told = {name: getattr(review, name) for name in ("rating", "language", "experience_on")}
    for hours, text in ((-1, "Before the report."), (1, "As it was reported."), (2, "For an hour.")):
        moment = NOON + timedelta(hours=hours)
        db.session.add(
            ReviewVersion(review_id=review.id, text=text, cause="edited", replaced_at=moment, **told)
        )
        db.session.flush()
    with app.test_request_context():
        found = changed_since(flag)
    assert found is not None
    assert found.text is not None
    assert (found.text.old, found.at) == ("As it was reported.", NOON + timedelta(hours=2))


def test_another_rating_with_the_same_words_is_a_change_without_them(app: Flask) -> None:
    reply = shown_reply()
    flag = reported(reply, kind="reply")
    db.session.add(ReplyVersion(reply_id=reply.id, text=reply.text, language="es", replaced_at=LATER))
    db.session.flush()
    with app.test_request_context():
        found = changed_since(flag)
    assert found is not None
    assert (found.at, found.text) == (LATER, None)


@pytest.mark.parametrize("kind", ["listing", "provider"])
def test_terms_and_profiles_are_changed_by_what_a_moderator_published(app: Flask, kind: str) -> None:
    edit = waiting_edit() if kind == "listing" else waiting_profile()
    thing = edit.listing if kind == "listing" else edit.provider
    db.session.commit()
    flag, moderator = reported(thing, kind=kind), make_user("moderator")

    def publish() -> Decision:
        reading = {"version": edit.version, "action": "publish", "now": LATER}
        return decide(f"{kind}_edit", thing.id, actor=moderator, **reading)  # type: ignore[arg-type]

    assert changed_since(flag) is None
    decision = publish()
    found = changed_since(flag)
    assert found is not None
    assert (found.at, found.text) == (LATER, None)
    undo_decision(decision.id, actor=moderator, now=LATER + timedelta(seconds=5))
    assert changed_since(flag) is None
