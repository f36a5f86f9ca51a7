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
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing, ListingRow
from marketplace.listings.signals import listing_visibility_changed
from marketplace.moderation.decisions.grounds import grounds_for
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.decisions.subjects import MODELS
from marketplace.moderation.decisions.undoing import (
    GRACE_SECONDS,
    UNDO_SECONDS,
    mail_key,
    undo_decision,
    undo_end,
    undoable,
)
from marketplace.moderation.kinds.registry import MOVES
from marketplace.moderation.models import Decision, DecisionUndo, LogEntry
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderMember
from marketplace.providers.signals import provider_status_changed
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import ReplyVersion
from marketplace.reviews.risk.models import ReviewBand, ReviewSignature
from tests.clock import FrozenClock
from tests.factories import (
    NOON,
    make_listing,
    make_placement,
    make_provider,
    make_review,
    make_topic,
    make_user,
)
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.waiting import (
    MAKERS,
    STATEMENT,
    id_of,
    waiting_claim,
    waiting_edit,
    waiting_listing,
    waiting_profile,
    waiting_review,
)
from tests.reviews.proving import make_proof

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]
SOON = NOON + timedelta(seconds=9)
DERIVED = {"version", "revision"}
# What has to be so for a move that is not open on what waits.
STANDING = {
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
# Nothing of a flag is undone: others' reports are closed with it, and mails leave at once.
EVERY_MOVE = [(kind, action) for kind in MAKERS if kind not in ("flag", "appeal") for action in MOVES[kind]]


def move(kind: str, row: Any, action: str, actor: User, **values: Any) -> Decision:
    grounds = grounds_for(kind, action)
    reasons = {"ground": grounds[0].code, "statement": STATEMENT} if grounds else {}
    decision = decide(
        kind, id_of(kind, row), actor=actor, action=action, version=row.version, now=NOON, **reasons, **values
    )
    db.session.commit()
    return decision


def undo(decision: Decision, actor: User) -> Decision:
    undone = undo_decision(decision.id, actor=actor, now=SOON)
    db.session.commit()
    return undone


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that moves change, but counters."""
    db.session.flush()
    models = {
        *MODELS.values(),
        ProviderMember,
        ListingRow,
        ReviewVersion,
        ReviewSignature,
        ReviewBand,
        ReplyVersion,
    }
    return {
        model.__tablename__: [
            {name: value for name, value in row.items() if name not in DERIVED}
            for row in db.session.execute(
                select(model.__table__).order_by(*inspect(model).primary_key)
            ).mappings()
        ]
        for model in models
    }


def waiting_for(kind: str, action: str) -> Any:
    row = MAKERS[kind]()  # type: ignore[operator]
    row.status = STANDING.get((kind, action), row.status)
    if kind in ("listing_edit", "claim"):
        listing = row.listing if kind == "listing_edit" else make_listing(make_topic(), row.provider)
        guide = listing.topic.guides[0]
        db.session.add(ListingRow(listing_id=listing.id, guide_id=guide.id, position=0, raw=b"| a |\xff"))
    if action == "clear":
        row.warned_at = NOON
    if (kind, action) in (("reply", "hide"), ("reply", "restore")):
        row.shown_text, row.shown_language, row.published_at = row.text, row.language, NOON
    if kind in ("review", "review_edit", "reply"):
        recompute_ratings(row.listing.id)
    db.session.commit()
    return row


@pytest.mark.parametrize(("kind", "action"), EVERY_MOVE)
def test_after_an_undo_everything_stands_as_before(
    app: Flask, mailbox: Mailbox, kind: str, action: str
) -> None:
    row, moderator = waiting_for(kind, action), make_user("moderator")
    if action == "document":
        make_proof(row, moderator)
        db.session.commit()
    number, version = id_of(kind, row), row.version
    before = everything()
    decision = move(kind, row, action, moderator)
    assert everything() != before
    undone = undo(decision, moderator)
    assert everything() == before
    again = db.session.get_one(MODELS[kind], number)
    assert again.version > version + 1, "whoever read what was undone has read something else"
    assert (undone.action, undone.reverses_id, undone.actor_id) == ("undo", decision.id, moderator.id)
    assert (undone.subject, undone.subject_id, undone.decided_at) == (kind, number, SOON)
    lines = db.session.scalars(select(LogEntry.action).order_by(LogEntry.id)).all()
    assert [line for line in lines if line != "see_proof"] == [action, "undo"]
    assert mailbox() == []
    assert move(kind, again, action, moderator).action == action, "it can be decided once more"


def test_mails_wait_until_the_time_is_over(app: Flask, clock: FrozenClock) -> None:
    decision = move("review", waiting_review(), "publish", make_user("moderator"))
    mails = select(Job.state).where(Job.key.startswith(mail_key(decision, "")))
    clock.moment = undo_end(NOON) - timedelta(milliseconds=1)
    run_due()
    assert db.session.scalars(mails).all() == ["waiting", "waiting"]
    clock.moment = undo_end(NOON)
    run_due()
    assert db.session.scalars(mails).all() == ["done", "done"]


def test_sums_and_revisions_follow(app: Flask) -> None:
    review, moderator = waiting_review(level="confirmed"), make_user("moderator")
    listing = review.listing
    decision = move("review", review, "publish", moderator)
    assert listing.review_count == 1
    shown = (listing.topic.revision, listing.provider.revision)
    undo(decision, moderator)
    db.session.expire_all()
    assert (listing.review_count, listing.rating_sum) == (0, 0)
    assert (listing.topic.revision, listing.provider.revision) > shown


def test_what_readers_never_saw_changes_nothing_for_them(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    listing = review.listing
    shown = (listing.topic.revision, listing.provider.revision)
    undo(move("review", review, "reject", moderator), moderator)
    db.session.expire_all()
    assert (listing.topic.revision, listing.provider.revision) == shown


def test_an_undone_name_tells_the_pages_of_its_topics(app: Flask) -> None:
    edit, moderator = waiting_profile(), make_user("moderator")
    topic = make_listing(make_topic(), edit.provider).topic
    decision = move("provider_edit", edit, "publish", moderator)
    before = db.session.scalar(select(Topic.revision).where(Topic.id == topic.id)) or 0
    undo(decision, moderator)
    assert (db.session.scalar(select(Topic.revision).where(Topic.id == topic.id)) or 0) > before


@pytest.mark.parametrize(
    ("seconds", "in_time"), [(UNDO_SECONDS, True), (UNDO_SECONDS + GRACE_SECONDS, False)]
)
def test_a_late_undo_is_refused(app: Flask, seconds: int, in_time: bool) -> None:
    moderator = make_user("moderator")
    decision = move("review", waiting_review(), "publish", moderator)
    late = NOON + timedelta(seconds=seconds)
    assert bool(undoable(moderator, [decision.id], late)) == in_time
    if in_time:
        assert undo_decision(decision.id, actor=moderator, now=late).reverses_id == decision.id
        return
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=late)
    assert refused.value.code == "undo_over"


def test_what_was_mailed_already_is_not_undone(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = move("review", waiting_review(), "publish", moderator)
    job = db.session.scalars(select(Job).where(Job.key.startswith(mail_key(decision, "")))).first()
    assert job is not None
    job.state = "working"
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=SOON)
    assert refused.value.code == "undo_over"


def test_an_undo_happens_once(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = move("review", waiting_review(), "publish", moderator)
    undo(decision, moderator)
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=SOON)
    assert refused.value.code == "undone"


def test_nobody_undoes_for_another(app: Flask) -> None:
    moderator = make_user("moderator")
    decision = move("review", waiting_review(), "publish", moderator)
    for actor, refusal in ((make_user("admin"), NotFound), (make_user(), NotAllowed)):
        with pytest.raises(refusal):
            undo_decision(decision.id, actor=actor, now=SOON)
        assert undoable(actor, [decision.id], SOON) == {}
    for number in (decision.id + 1, 0, 2**40):
        with pytest.raises(NotFound):
            undo_decision(number, actor=moderator, now=SOON)


@pytest.mark.parametrize("kind", ["review", "listing_edit", "provider_edit"])
def test_what_somebody_changed_since_is_left_alone(app: Flask, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")  # type: ignore[operator]
    target = {"review": row, "listing_edit": getattr(row, "listing", None)}.get(kind) or row.provider
    decision = move(kind, row, "publish", moderator)
    target.version += 1
    db.session.commit()
    before = everything()
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=SOON)
    db.session.rollback()
    assert refused.value.code == "undo_changed"
    assert everything() == before
    assert undoable(moderator, [decision.id], SOON)


def test_a_new_edit_in_the_place_of_the_applied_one_is_left_alone(app: Flask) -> None:
    edit, moderator = waiting_edit(), make_user("moderator")
    listing = edit.listing
    decision = move("listing_edit", edit, "publish", moderator)
    waiting_edit_again = type(edit)(listing_id=listing.id, submitted_at=NOON, version=9)
    db.session.add(waiting_edit_again)
    db.session.commit()
    with pytest.raises(Conflict):
        undo_decision(decision.id, actor=moderator, now=SOON)


def test_a_name_that_was_taken_meanwhile_does_not_come_back(app: Flask) -> None:
    edit, moderator = waiting_profile(), make_user("moderator")
    name, host = edit.provider.name, edit.provider.host
    decision = move("provider_edit", edit, "publish", moderator)
    make_provider(name=name, host=host)
    db.session.commit()
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=SOON)
    assert refused.value.code == "undo_changed"


def test_the_claimant_is_no_member_any_more(app: Flask) -> None:
    claimant, moderator = make_user(), make_user("moderator")
    claim = waiting_claim(claimant)
    decision = move("claim", claim, "publish", moderator)
    assert is_member(claimant.id, claim.provider_id)
    undo(decision, moderator)
    assert not is_member(claimant.id, claim.provider_id)
    assert db.session.get_one(Provider, claim.provider_id).status == "unclaimed"


def test_the_signals_of_a_change_of_status_are_sent(app: Flask) -> None:
    moderator, heard = make_user("moderator"), []

    def hear_listing(sender: object, *, listing: Listing) -> None:
        heard.append(listing.status)

    def hear_provider(sender: object, *, provider: Provider) -> None:
        heard.append(provider.status)

    with (
        listing_visibility_changed.connected_to(hear_listing),
        provider_status_changed.connected_to(hear_provider),
    ):
        undo(move("listing", waiting_listing(), "publish", moderator), moderator)
        undo(move("provider", make_provider(), "suspend", moderator), moderator)
        undo(move("review", waiting_review(), "publish", moderator), moderator)
    assert heard == ["published", "pending", "suspended", "active"]


def test_where_a_paid_place_hangs_on_it_there_is_no_undo(app: Flask, mailbox: Mailbox) -> None:
    owner, moderator = make_user(), make_user("moderator")
    provider = make_provider(owner)
    make_placement(make_listing(make_topic(), provider))
    decision = move("provider", provider, "suspend", moderator)
    assert db.session.get(DecisionUndo, decision.id) is None
    with pytest.raises(Conflict) as refused:
        undo_decision(decision.id, actor=moderator, now=SOON)
    assert refused.value.code == "undo_over"
    job = db.session.scalars(select(Job).where(Job.key.startswith(mail_key(decision, "")))).one()
    assert job.run_at < undo_end(NOON), "its mail waits for nothing"


def test_a_review_of_a_paying_provider_can_be_undone(app: Flask) -> None:
    moderator, listing = make_user("moderator"), make_listing(make_topic())
    make_placement(listing)
    review = make_review(listing, status="pending", published_at=None)
    assert undo(move("review", review, "publish", moderator), moderator).action == "undo"


@pytest.mark.parametrize("kind", ["review", "listing_edit"])
def test_of_two_presses_at_once_one_undoes(app: Flask, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")  # type: ignore[operator]
    decision_id, actor_id = move(kind, row, "reject", moderator).id, moderator.id

    def press() -> None:
        undo_decision(decision_id, actor=db.session.get_one(User, actor_id), now=SOON)

    assert in_parallel(app, press, press) == ["Conflict", "done"]
    db.session.rollback()
    assert [one.action for one in db.session.scalars(select(Decision).order_by(Decision.id))] == [
        "reject",
        "undo",
    ]


def test_what_was_kept_is_deleted_when_the_time_is_over(app: Flask, clock: FrozenClock) -> None:
    moderator = make_user("moderator")
    decision = move("review", waiting_review(), "publish", moderator)
    run_due()
    assert db.session.get(DecisionUndo, decision.id) is not None
    clock.advance(timedelta(minutes=10))
    run_due()
    db.session.expire_all()
    assert db.session.get(DecisionUndo, decision.id) is None
    assert db.session.get(Decision, decision.id) is not None
