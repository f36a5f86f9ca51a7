from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.listings.models import ListingRow
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.effects import (
    ABANDONED_AFTER,
    apply_decision,
    lapse_abandoned_decisions,
)
from marketplace.moderation.decisions.queries import (
    GRACE_SECONDS,
    UNDO_SECONDS,
    effect_time,
    undoable_until,
)
from marketplace.moderation.decisions.registry import find_kind, find_subject, kinds
from marketplace.moderation.decisions.services import decide, effect_key, undo_decision
from marketplace.moderation.models import Decision, LogEntry
from marketplace.moderation.queue.queries import waiting_items
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.replies.models import ReplyVersion
from marketplace.reviews.replies.services import withdraw_reply
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from marketplace.reviews.writing.services import withdraw_review
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_placement, make_provider, make_topic, make_user
from tests.moderation.deciding import take_effect
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.waiting import (
    MAKERS,
    STATEMENT,
    id_of,
    waiting_edit,
    waiting_listing,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)
from tests.refusals import refused
from tests.reviews.proving import make_proof

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]
SOON = NOON + timedelta(seconds=9)
# The status of a subject for an action that is not open on what waits.
STATUSES = {
    ("review", "document"): "published",
    ("review", "hide"): "published",
    ("review", "restore"): "hidden",
    ("reply", "hide"): "published",
    ("reply", "restore"): "hidden",
    ("provider", "suspend"): "active",
    ("provider", "warn"): "active",
    ("provider", "clear"): "active",
    ("provider", "reinstate"): "suspended",
}
EVERY_ACTION = [(kind.kind, action) for kind in kinds() for action in kind.actions]


def choose(kind: str, row: Any, action: str, actor: User, **values: Any) -> Decision:
    """Decide, with the first ground; it has not taken effect yet."""
    subject = find_subject(kind, id_of(kind, row))
    grounds = subject.grounds_for(action)
    reasons = {"ground": grounds[0].code, "statement": STATEMENT} if grounds else {}
    given = {"action": action, "version": subject.version, "now": NOON, **reasons, **values}
    decision = decide(kind, subject.id, actor=actor, **given)
    db.session.commit()
    return decision


def undo(decision: Decision, actor: User) -> Decision:
    undone = undo_decision(decision.id, actor=actor, now=SOON)
    db.session.commit()
    return undone


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that actions change."""
    db.session.flush()
    models = {
        *(kind.model for kind in kinds()),
        ProviderMember,
        ListingRow,
        ReviewVersion,
        ReviewSignature,
        ReviewBand,
        ReplyVersion,
    }
    return {
        model.__tablename__: [
            dict(row)
            for row in db.session.execute(
                select(model.__table__).order_by(*inspect(model).primary_key)
            ).mappings()
        ]
        for model in models
    }


def waiting_for(kind: str, action: str) -> Any:
    row = MAKERS[kind]()
    row.status = STATUSES.get((kind, action), row.status)
    if action == "clear":
        row.warned_at = NOON
    if (kind, action) in (("reply", "hide"), ("reply", "restore")):
        row.shown_text, row.shown_language, row.published_at = row.text, row.language, NOON
    db.session.commit()
    return row


@pytest.mark.parametrize(("kind", "action"), EVERY_ACTION)
def test_until_it_takes_effect_nothing_changes_and_an_undo_ends_it(
    app: Flask, mailbox: Mailbox, kind: str, action: str
) -> None:
    row, moderator = waiting_for(kind, action), make_user("moderator")
    if action == "document":
        make_proof(row, moderator)
        db.session.commit()
    number = id_of(kind, row)
    before = everything()
    decision = choose(kind, row, action, moderator)
    assert decision.state == "pending"
    assert everything() == before
    undone = undo(decision, moderator)
    assert everything() == before
    assert decision.state == "undone"
    assert (undone.action, undone.reverses_id, undone.actor_id) == ("undo", decision.id, moderator.id)
    assert (undone.subject, undone.subject_id, undone.decided_at) == (kind, number, SOON)
    lines = db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)).all()
    assert [line for line in lines if line != "see_proof"] == [action, "undo"]
    assert mailbox() == []
    again = choose(kind, row, action, moderator)
    assert take_effect(again), "it can be decided once more"
    assert (again.state, everything() != before) == ("effective", True)


def test_it_takes_effect_and_mails_leave_when_the_time_is_over(
    app: Flask, clock: FrozenClock, mailbox: Mailbox
) -> None:
    review = waiting_review()
    decision = choose("review", review, "publish", make_user("moderator"))
    clock.moment = effect_time(NOON) - timedelta(milliseconds=1)
    run_due()
    db.session.expire_all()
    assert (review.status, decision.state) == ("pending", "pending")
    clock.moment = effect_time(NOON)
    run_due()
    db.session.expire_all()
    assert (review.status, decision.state) == ("published", "effective")
    assert review.published_at == clock.moment
    assert len(mailbox()) == 2


def test_what_is_decided_is_in_the_queue_no_more_and_after_an_undo_again(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    waiting_listing()
    decision = choose("review", review, "publish", moderator)
    assert {row.kind for row in waiting_items()} == {"listing"}
    undo(decision, moderator)
    assert {row.kind for row in waiting_items()} == {"listing", "review"}


def test_a_subject_is_decided_once_at_a_time(app: Flask) -> None:
    review = waiting_review()
    choose("review", review, "publish", make_user("moderator"))
    with refused(Conflict, "decided"):
        choose("review", review, "reject", make_user("moderator"))


def test_it_takes_effect_once(app: Flask) -> None:
    review = waiting_review()
    decision = choose("review", review, "publish", make_user("moderator"))
    assert take_effect(decision)
    version = review.version
    assert not apply_decision(decision.id, Choice(now=SOON))
    assert not apply_decision(10**6, Choice(now=SOON))
    assert (review.version, decision.state) == (version, "effective")


@pytest.mark.parametrize("kind", ["review", "listing_edit", "provider_edit", "flag", "appeal"])
def test_where_its_subject_changed_first_it_lapses(app: Flask, mailbox: Mailbox, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")
    action = "dismiss" if kind in ("flag", "appeal") else "publish"
    decision = choose(kind, row, action, moderator)
    assert not waiting_items()
    row.version += 1
    db.session.commit()
    before = everything()
    assert not take_effect(decision)
    db.session.commit()
    assert (decision.state, everything()) == ("lapsed", before)
    assert [(one.kind, one.id) for one in waiting_items()] == [(kind, id_of(kind, row))]
    assert db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)).all()[-1] == "lapse"
    assert mailbox() == []
    with refused(Conflict, "undo_over"):
        undo_decision(decision.id, actor=moderator, now=SOON)


def test_members_are_not_held_up_by_a_decision_and_what_they_did_stays(app: Flask) -> None:
    owner = make_user()
    review, reply = waiting_review(), waiting_reply(owner)
    moderator = make_user("moderator")
    decisions = [choose("review", review, "publish", moderator), choose("reply", reply, "publish", moderator)]
    author = review.user
    assert author is not None
    withdraw_review(review, actor=author, now=SOON)
    withdraw_reply(reply, actor=owner, version=reply.version, now=SOON)
    db.session.commit()
    assert [take_effect(decision) for decision in decisions] == [False, False]
    assert (review.status, reply.status) == ("withdrawn", "withdrawn")


def test_where_its_subject_is_gone_it_lapses(app: Flask) -> None:
    edit = waiting_edit()
    decision = choose("listing_edit", edit, "publish", make_user("moderator"))
    db.session.delete(edit)
    db.session.commit()
    assert not take_effect(decision)
    assert decision.state == "lapsed"


def test_what_the_action_refuses_by_then_lapses_whole(app: Flask, mailbox: Mailbox) -> None:
    listing = waiting_listing()
    decision = choose("listing", listing, "publish", make_user("moderator"))
    listing.provider.status = "suspended"
    db.session.commit()
    assert not take_effect(decision)
    db.session.commit()
    assert (decision.state, listing.status, mailbox()) == ("lapsed", "pending", [])


def test_a_listing_follows_its_provider_that_was_just_accepted(app: Flask) -> None:
    moderator = make_user("moderator")
    provider = make_provider(make_user(), status="pending")
    one, two = (make_listing(make_topic(), provider, status="pending") for _ in range(2))
    first = choose("provider", provider, "publish", moderator)
    second, third = choose("listing", one, "publish", moderator), choose("listing", two, "publish", moderator)
    assert take_effect(first)
    assert take_effect(second)
    assert (provider.status, one.status) == ("active", "published")
    provider.status = "pending"
    db.session.flush()
    assert not take_effect(third), "the provider was not accepted after all"


@pytest.mark.parametrize(
    ("seconds", "in_time"), [(UNDO_SECONDS, True), (UNDO_SECONDS + GRACE_SECONDS, False)]
)
def test_a_late_undo_is_refused(app: Flask, seconds: int, in_time: bool) -> None:
    moderator = make_user("moderator")
    decision = choose("review", waiting_review(), "publish", moderator)
    late = NOON + timedelta(seconds=seconds)
    assert bool(undoable_until(moderator, [decision.id], late)) == in_time
    if in_time:
        assert undo_decision(decision.id, actor=moderator, now=late).reverses_id == decision.id
        return
    with refused(Conflict, "undo_over"):
        undo_decision(decision.id, actor=moderator, now=late)


def test_what_the_worker_has_begun_is_not_undone(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = choose("review", waiting_review(), "publish", moderator)
    job = db.session.scalars(select(Job).where(Job.key == effect_key(decision))).one()
    job.state = "working"
    db.session.commit()
    with refused(Conflict, "undo_over"):
        undo_decision(decision.id, actor=moderator, now=SOON)


def test_an_undo_happens_once(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = choose("review", waiting_review(), "publish", moderator)
    undo(decision, moderator)
    with refused(Conflict, "undone"):
        undo_decision(decision.id, actor=moderator, now=SOON)


def test_no_moderator_undoes_for_another(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = choose("review", waiting_review(), "publish", moderator)
    for actor, refusal in ((make_user("moderator"), NotFound), (make_user(), NotAllowed)):
        with pytest.raises(refusal):
            undo_decision(decision.id, actor=actor, now=SOON)
        assert undoable_until(actor, [decision.id], SOON) == {}
    for number in (decision.id + 1, 0, 2**40):
        with pytest.raises(NotFound):
            undo_decision(number, actor=moderator, now=SOON)


def test_a_decision_on_a_paying_provider_can_be_undone_too(app: Flask) -> None:
    moderator, provider = make_user("moderator"), make_provider(make_user())
    make_placement(make_listing(make_topic(), provider))
    assert undo(choose("provider", provider, "suspend", moderator), moderator).action == "undo"
    assert db.session.get_one(Provider, provider.id).status == "active"


@pytest.mark.parametrize("kind", ["review", "listing_edit"])
def test_of_two_presses_at_once_one_undoes(app: Flask, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")
    decision_id, actor_id = choose(kind, row, "reject", moderator).id, moderator.id

    def press() -> None:
        undo_decision(decision_id, actor=db.session.get_one(User, actor_id), now=SOON)

    assert in_parallel(app, press, press) == ["Conflict", "done"]
    db.session.rollback()
    assert [one.action for one in db.session.scalars(select(Decision).order_by(Decision.id))] == [
        "reject",
        "undo",
    ]


@pytest.mark.parametrize("kind", ["review", "listing_edit"])
def test_an_undo_and_the_effect_exclude_each_other(app: Flask, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")
    decision_id, actor_id = choose(kind, row, "reject", moderator).id, moderator.id

    def press() -> None:
        undo_decision(decision_id, actor=db.session.get_one(User, actor_id), now=SOON)

    def effect() -> None:
        if not apply_decision(decision_id, Choice(now=SOON, actor_id=actor_id)):
            raise Conflict("undone")

    assert in_parallel(app, press, effect) == ["Conflict", "done"]
    db.session.rollback()
    states = db.session.scalars(select(Decision.state).order_by(Decision.id)).all()
    status = db.session.get_one(find_kind(kind).model, id_of(kind, row)).status
    assert (states, status) in ((["undone", "effective"], "pending"), (["effective"], "rejected"))


def test_a_decision_whose_job_failed_for_good_lapses_and_its_subject_waits_again(app: Flask) -> None:
    review = waiting_review()
    decision = choose("review", review, "publish", make_user(role="moderator"))
    job = db.session.scalars(select(Job).where(Job.key == effect_key(decision))).one()
    late = NOON + ABANDONED_AFTER
    assert lapse_abandoned_decisions(now=late) == 0, "its job is still to come"
    job.state = "failed"
    db.session.commit()
    assert lapse_abandoned_decisions(now=late - timedelta(seconds=1)) == 0
    assert waiting_items() == []
    assert lapse_abandoned_decisions(now=late) == 1
    db.session.commit()
    assert (decision.state, review.status) == ("lapsed", "pending")
    assert [item.id for item in waiting_items()] == [review.id]
    assert lapse_abandoned_decisions(now=late) == 0


def test_nothing_is_decided_on_a_review_while_an_accepted_change_of_it_is_pending(app: Flask) -> None:
    moderator, edit = make_user(role="moderator"), waiting_review_edit()
    review = edit.review
    db.session.commit()
    decision = choose("review_edit", edit, "publish", moderator)
    with pytest.raises(Conflict, match="moving"):
        choose("review", review, "hide", moderator)
    assert take_effect(decision)
    db.session.commit()
    assert choose("review", review, "hide", moderator).state == "pending"


def test_a_decision_does_not_reach_a_later_subject_with_the_same_id(app: Flask) -> None:
    review = waiting_review()
    decision = choose("review", review, "publish", make_user(role="moderator"))
    review.submitted_at = NOON + timedelta(seconds=1)  # as one that was written after the first was erased
    db.session.commit()
    assert not take_effect(decision)
    assert (decision.state, review.status) == ("lapsed", "pending")
