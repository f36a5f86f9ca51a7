from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.errors import Invalid, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.moderation.bulk.services import Pick, reject_spam
from marketplace.moderation.decisions.grounds import SPAM, draft_statement
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.moderation.decisions.services import undo_decision
from marketplace.moderation.models import Decision, LogEntry
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof
from tests.factories import NOON, make_user
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.desk import count
from tests.moderation.waiting import waiting_review
from tests.refusals import refused


def picks(*reviews: Review) -> list[Pick]:
    return [Pick("review", review.id, review.version) for review in reviews]


@pytest.mark.usefixtures("no_jobs")
def test_each_gets_a_decision_a_line_and_a_mail_in_the_own_language(app: Flask) -> None:
    reviews = [waiting_review(make_user(language=language)) for language in ("en", "es")]
    reviews.append(waiting_review())
    reviews[2].user_id = None
    outcome = reject_spam(picks(*reviews), actor=make_user("moderator"), ground="spam", now=NOON)
    db.session.commit()
    assert outcome.left_out == {}
    assert [(one.subject_id, one.action, one.ground) for one in outcome.decisions] == [
        (review.id, "reject", "spam") for review in reviews
    ]
    assert [one.statement for one in outcome.decisions] == [
        draft_statement(SPAM, language) for language in ("en", "es", "en")
    ]
    assert {review.status for review in reviews} == {"pending"}
    let_decisions_take_effect()
    assert {review.status for review in reviews} == {"rejected"}
    assert (count(LogEntry), count(Job)) == (3, 2)


def test_what_changed_meanwhile_is_left_out_and_the_rest_rejected(app: Flask) -> None:
    moderator = make_user("moderator")
    changed, decided, own, fine = (waiting_review() for _ in range(4))
    read = picks(changed, decided, own, fine)
    changed.version += 1
    decided.status = "published"
    own.user_id = moderator.id
    db.session.flush()
    outcome = reject_spam([*read, Pick("review", 9999, 1)], actor=moderator, ground="same_text", now=NOON)
    assert [one.subject_id for one in outcome.decisions] == [fine.id]
    assert outcome.left_out == {
        ("review", changed.id): "changed",
        ("review", decided.id): "decided",
        ("review", own.id): "own",
        ("review", 9999): "gone",
    }
    assert (changed.status, decided.status, own.status) == ("pending", "published", "pending")


@pytest.mark.parametrize(
    ("number", "ground", "code"),
    [
        (0, "spam", "nothing_ticked"),
        (MOST_AT_ONCE + 1, "spam", "too_many"),
        (1, None, "ground_missing"),
        (1, "insult_or_private_data", "ground_missing"),
    ],
)
def test_nothing_too_much_and_other_grounds_are_refused(
    app: Flask, number: int, ground: str | None, code: str
) -> None:
    asked = [Pick("review", one, 1) for one in range(1, number + 1)]
    with refused(Invalid, code):
        reject_spam(asked, actor=make_user("moderator"), ground=ground, now=NOON)
    assert count(Decision) == 0


def test_only_moderators_reject(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        reject_spam(picks(waiting_review()), actor=make_user(), ground="spam", now=NOON)


@pytest.mark.usefixtures("no_jobs")
def test_all_of_it_can_be_undone(app: Flask) -> None:
    moderator, reviews = make_user("moderator"), [waiting_review() for _ in range(3)]
    outcome = reject_spam(picks(*reviews), actor=moderator, ground="spam", now=NOON)
    db.session.commit()
    for decision in outcome.decisions:
        undo_decision(decision.id, actor=moderator, now=NOON + timedelta(seconds=5))
    db.session.commit()
    assert count(Job) == 0
    let_decisions_take_effect()
    assert {review.status for review in reviews} == {"pending"}


def test_a_review_whose_proof_came_meanwhile_is_left_out(app: Flask) -> None:
    proven, other = waiting_review(), waiting_review()
    values = {"name": "p", "media_type": "image/png", "size": 1, "uploaded_at": NOON}
    db.session.add(Proof(review_id=proven.id, **values))
    db.session.flush()
    moderator = make_user("moderator")
    outcome = reject_spam(picks(proven, other), actor=moderator, ground="spam", now=NOON)
    assert [one.subject_id for one in outcome.decisions] == [other.id]
    assert outcome.left_out == {("review", proven.id): "has_proof"}
    assert reject_spam(picks(proven), actor=moderator, ground="spam", now=NOON).decisions == []
