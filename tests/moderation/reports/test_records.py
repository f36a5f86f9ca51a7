from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.services import decide, undo_decision
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.reports.records import OTHERS_SHOWN, Tally, changed_since, flag_record
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.replies.models import ReplyVersion
from tests.factories import NOON, make_user
from tests.moderation.deciding import take_effect
from tests.moderation.kinds.test_flags import LATER, change
from tests.moderation.reporting import reported, shown_review, unconfirmed
from tests.moderation.reporting_replies import shown_reply
from tests.moderation.waiting import NEW_TEXT, waiting_edit, waiting_profile

NONE = Tally(0, 0, 0)


def settle(flag: Flag, status: str) -> Flag:
    flag.status = status
    db.session.commit()
    return flag


def test_a_member_s_other_reports_are_counted_by_what_became_of_them(app: Flask) -> None:
    reporter = make_user()
    flag = reported(shown_review(), reporter)
    assert flag_record(flag).reporter == NONE
    for status in ("upheld", "dismissed", "dismissed"):
        settle(reported(shown_review(), reporter), status)
    settle(unconfirmed(shown_review(), reporter.email), "upheld")
    reported(shown_review(), reporter)
    settle(reported(shown_review()), "dismissed")
    unconfirmed(shown_review(), reporter.email)
    assert flag_record(flag).reporter == Tally(upheld=2, dismissed=2, waiting=1)


def test_a_visitor_s_are_counted_by_the_address_that_was_confirmed(app: Flask) -> None:
    flag = settle(unconfirmed(shown_review()), "pending")
    settle(unconfirmed(shown_review()), "dismissed")
    settle(unconfirmed(shown_review(), "another@one.example"), "upheld")
    assert flag_record(flag).reporter == Tally(0, 1, 0)
    flag.email = None
    db.session.commit()
    assert flag_record(flag).reporter is None


def test_others_reports_of_the_same_are_counted_and_the_newest_named(app: Flask) -> None:
    review = shown_review()
    flag = reported(review)
    assert (flag_record(flag).same, flag_record(flag).others) == (NONE, [])
    others = [reported(review) for _ in range(OTHERS_SHOWN + 1)]
    settle(others[0], "dismissed")
    settle(others[1], "upheld")
    unconfirmed(review)
    reported(review.listing, kind="listing")
    record = flag_record(flag)
    assert record.same == Tally(1, 1, OTHERS_SHOWN - 1)
    assert record.same.total == OTHERS_SHOWN + 1
    assert [row.id for row in record.others] == [other.id for other in reversed(others)][:OTHERS_SHOWN]


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

    undo_decision(publish().id, actor=moderator, now=LATER + timedelta(seconds=5))
    assert changed_since(flag) is None
    decision = publish()
    assert changed_since(flag) is None, "it has not taken effect"
    take_effect(decision)
    found = changed_since(flag)
    assert found is not None
    assert (found.at, found.text) == (LATER, None)


def test_a_change_that_was_decided_before_the_report_and_shown_after_it_counts(app: Flask) -> None:
    edit = waiting_edit(submitted_at=NOON - timedelta(hours=1))
    given = {"version": edit.version, "action": "publish", "now": NOON - timedelta(seconds=5)}
    decision = decide("listing_edit", edit.listing_id, actor=make_user("moderator"), **given)  # type: ignore[arg-type]
    flag = reported(edit.listing, kind="listing")
    shown_at = NOON + timedelta(seconds=10)
    assert take_effect(decision, shown_at)
    found = changed_since(flag)
    assert found is not None
    assert found.at == shown_at
