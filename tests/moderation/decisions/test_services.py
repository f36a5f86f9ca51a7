from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import timedelta
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.listings.models import ListingEdit
from marketplace.moderation.decisions.log import record_linked_decision
from marketplace.moderation.decisions.queries import last_decision
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision, LogEntry
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider, ProviderMember, ProviderStatus
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.receipts.models import Receipt
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.deciding import GROUNDS as OFFERED
from tests.moderation.deciding import decide_now
from tests.moderation.deciding import move as decided
from tests.moderation.desk import count
from tests.moderation.waiting import (
    MAKERS,
    STATEMENT,
    TO_PUBLISH,
    id_of,
    waiting_appeal,
    waiting_claim,
    waiting_edit,
    waiting_listing,
    waiting_profile,
    waiting_provider,
    waiting_review,
)
from tests.refusals import refused
from tests.reviews.proving import make_proof

LATER = NOON + timedelta(hours=2)
GROUNDS = {kind: grounds[0].code for kind, grounds in OFFERED.items()}


def move(kind: str, row: Any, action: str = "publish", actor: User | None = None, **values: Any) -> Decision:
    """Decide as a moderator who read the row as it is."""
    reasons = {"ground": GROUNDS[kind], "statement": STATEMENT} if action == "reject" else {}
    return decided(kind, row, action, actor=actor, **{"now": LATER, "statement": "", **reasons, **values})


def mails() -> list[str]:
    return [
        job.payload["to"]
        for job in db.session.scalars(select(Job).where(Job.task == "mail.deliver").order_by(Job.id))
    ]


@pytest.mark.parametrize("kind", TO_PUBLISH)
def test_publishing_writes_the_decision_and_one_mail(app: Flask, kind: str) -> None:
    row, moderator = MAKERS[kind](), make_user("moderator")
    number, version = id_of(kind, row), row.version
    decision = move(kind, row, actor=moderator, statement="Left over", ground="wrong_topic")
    db.session.commit()
    assert (decision.subject, decision.subject_id, decision.version) == (kind, number, version)
    assert (decision.action, decision.ground, decision.statement) == ("publish", None, "")
    assert (decision.actor_id, decision.decided_at) == (moderator.id, LATER)
    assert len(mails()) == (2 if kind in ("review", "reply") else 1)


@pytest.mark.parametrize("kind", TO_PUBLISH)
def test_rejecting_writes_ground_statement_and_one_mail(app: Flask, kind: str) -> None:
    row = MAKERS[kind]()
    decision = move(kind, row, "reject", statement=f"  {STATEMENT}  ")
    db.session.commit()
    assert (decision.action, decision.ground, decision.statement) == ("reject", GROUNDS[kind], STATEMENT)
    assert row.note == STATEMENT
    assert row.status == ("removed" if kind == "provider" else "rejected")
    assert len(mails()) == 1


def test_a_published_listing_is_live(app: Flask) -> None:
    listing = waiting_listing()
    move("listing", listing)
    assert (listing.status, listing.published_at) == ("published", LATER)


def test_an_applied_edit_replaces_the_live_terms(app: Flask) -> None:
    edit = waiting_edit()
    listing = edit.listing
    move("listing_edit", edit)
    db.session.commit()
    assert (listing.cost_basis, listing.fee_max) == ("range", 480000)
    assert db.session.get(ListingEdit, listing.id) is None


def test_an_applied_edit_changes_no_report(app: Flask) -> None:
    edit = waiting_edit(currency="EUR")
    for cost in (100, 200, 300):
        make_review(edit.listing, real_cost=cost, real_currency="MXN")
    listing = edit.listing
    before = recompute_ratings(listing.id)
    move("listing_edit", edit)
    db.session.commit()
    assert recompute_ratings(listing.id) == before
    assert (before.reported_cost, before.reported_currency, before.priced_count) == (200, "MXN", 3)


def test_a_published_provider_is_active(app: Flask) -> None:
    provider = waiting_provider()
    move("provider", provider)
    assert provider.status == "active"


def test_an_applied_profile_changes_the_provider(app: Flask) -> None:
    edit = waiting_profile()
    provider = edit.provider
    move("provider_edit", edit)
    assert provider.name == "Another name"


def test_an_approved_claim_makes_a_member(app: Flask) -> None:
    claimant = make_user()
    claim = waiting_claim(claimant)
    move("claim", claim)
    assert claim.status == "approved"
    assert is_member(claimant.id, claim.provider_id)


@pytest.mark.parametrize(
    ("level", "kept", "counted"), [(None, "unverified", 0), ("documented", "documented", 1)]
)
def test_a_review_is_published_at_its_level_of_proof(
    app: Flask, level: str | None, kept: str, counted: int
) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    make_proof(review, moderator)
    move("review", review, level=level, actor=moderator)
    db.session.commit()
    assert (review.status, review.level, review.published_at) == ("published", kept, LATER)
    assert review.listing.review_count == counted


def test_an_invited_review_stays_invited(app: Flask) -> None:
    review = waiting_review(level="invited")
    move("review", review)
    assert review.level == "invited"


def test_a_proof_seen_later_is_a_decision_of_its_own(app: Flask) -> None:
    review = waiting_review()
    move("review", review)
    moderator = make_user("moderator")
    make_proof(review, moderator)
    decision = move("review", review, "document", moderator)
    db.session.commit()
    assert (decision.action, review.level, review.listing.review_count) == ("document", "documented", 1)
    with pytest.raises(Conflict):
        move("review", review, "document")


def test_only_a_published_review_is_documented(app: Flask) -> None:
    with pytest.raises(Conflict):
        move("review", waiting_review(), "document")
    with pytest.raises(Invalid):
        move("listing", waiting_listing(), "document")


@pytest.mark.parametrize("kind", TO_PUBLISH)
@pytest.mark.parametrize("action", ["publish", "reject"])
def test_a_second_decision_is_a_conflict_and_sends_nothing(app: Flask, kind: str, action: str) -> None:
    row = MAKERS[kind]()
    number, version = id_of(kind, row), row.version
    move(kind, row, action)
    db.session.commit()
    before = (count(Decision), len(mails()))
    for again in ("publish", "reject"):
        with pytest.raises(Conflict):
            decide_now(
                kind,
                number,
                actor=make_user("admin"),
                action=again,
                version=version,
                ground=GROUNDS[kind],
                statement=STATEMENT,
                now=LATER,
            )
    assert (count(Decision), len(mails())) == before


@pytest.mark.parametrize("kind", MAKERS)
def test_another_version_than_the_one_read_is_a_conflict(app: Flask, kind: str) -> None:
    row = MAKERS[kind]()
    before = count(Decision)
    with refused(Conflict, "changed"):
        move(kind, row, version=find_subject(kind, id_of(kind, row)).version - 1)
    assert count(Decision) == before


def test_a_member_cannot_decide(app: Flask) -> None:
    for actor in (make_user(), make_user("moderator", active=False)):
        with pytest.raises(NotAllowed):
            move("review", waiting_review(), actor=actor)


def test_what_does_not_exist_cannot_be_decided(app: Flask) -> None:
    for kind, number in (("review", 999), ("review", 2**40), ("poem", 1)):
        with pytest.raises(NotFound):
            decide_now(kind, number, actor=make_user("moderator"), action="publish", version=1, now=LATER)


@pytest.mark.parametrize("kind", MAKERS)
def test_nobody_decides_on_their_own(app: Flask, kind: str) -> None:
    moderator = make_user("admin")
    row = MAKERS[kind](moderator)
    with refused(NotAllowed, "own"):
        move(kind, row, actor=moderator)


def test_a_moderator_of_the_provider_does_not_decide_on_its_review(app: Flask) -> None:
    moderator = make_user("moderator")
    with pytest.raises(NotAllowed):
        move("review", waiting_review(owner=moderator), "reject", actor=moderator)


def test_a_rejection_needs_a_ground_of_its_kind_and_a_statement(app: Flask) -> None:
    review = waiting_review()
    for ground in (None, "", "wrong_topic", "unheard_of"):
        with refused(InvalidFields, {"ground": "ground_missing", "statement": "statement_short"}):
            move("review", review, "reject", ground=ground, statement="too short")
    with refused(InvalidFields, {"statement": "statement_long"}):
        move("review", review, "reject", statement="x" * 2001)
    assert review.status == "pending"
    assert count(Decision) == 0
    move("review", review, "reject", statement="x" * 2000)


def test_an_unknown_action_or_level_is_refused(app: Flask) -> None:
    with pytest.raises(Invalid):
        move("review", waiting_review(), "burn")
    with pytest.raises(Invalid):
        move("review", waiting_review(), level="golden")


def test_a_listing_waits_for_its_provider(app: Flask) -> None:
    provider = waiting_provider()
    listing = make_listing(make_topic(), provider, status="pending")
    with pytest.raises(Invalid) as caught:
        move("listing", listing)
    assert (caught.value.code, caught.value.details["provider_id"]) == ("provider_pending", provider.id)
    move("provider", provider)
    move("listing", listing)
    assert listing.status == "published"


def test_a_listing_of_a_pending_provider_may_be_rejected(app: Flask) -> None:
    listing = make_listing(make_topic(), waiting_provider(), status="pending")
    move("listing", listing, "reject")
    assert listing.status == "rejected"


def test_a_suspended_provider_s_listing_does_not_go_live(app: Flask) -> None:
    listing = make_listing(make_topic(), make_provider(status="suspended"), status="pending")
    with refused(Invalid, "provider_not_active"):
        move("listing", listing)


def stand(provider: Provider, action: str, actor: User | None = None, **values: Any) -> Decision:
    """Suspend or reinstate as a moderator who read the provider as it is."""
    ground = {"suspend": "unlawful", "reinstate": "corrected"}.get(action)
    return move("provider", provider, action, actor, **{"ground": ground, "statement": STATEMENT, **values})


def test_suspending_writes_ground_statement_and_a_mail_to_every_member(app: Flask) -> None:
    first, second, moderator = make_user(), make_user(), make_user("moderator")
    provider = make_provider(first)
    db.session.add(ProviderMember(provider_id=provider.id, user_id=second.id, created_at=LATER))
    decision = stand(provider, "suspend", moderator, statement=f"  {STATEMENT} ")
    db.session.commit()
    assert (provider.status, provider.note, provider.version) == ("suspended", STATEMENT, 2)
    assert (decision.subject, decision.subject_id, decision.version) == ("provider", provider.id, 1)
    assert (decision.action, decision.ground, decision.statement) == ("suspend", "unlawful", STATEMENT)
    assert (decision.actor_id, decision.decided_at) == (moderator.id, LATER)
    assert mails() == [first.email, second.email]


def test_reinstating_writes_ground_and_statement_too(app: Flask) -> None:
    provider = make_provider(make_user(), status="suspended", note="Why")
    decision = stand(provider, "reinstate")
    db.session.commit()
    assert (provider.status, provider.note) == ("active", "")
    assert (decision.action, decision.ground, decision.statement) == ("reinstate", "corrected", STATEMENT)
    assert len(mails()) == 1


@pytest.mark.parametrize(("action", "status"), [("suspend", "active"), ("reinstate", "suspended")])
def test_a_standing_changes_with_a_ground_for_it_and_a_statement_only(
    app: Flask, action: str, status: str
) -> None:
    provider = make_provider(status=status)
    other = "corrected" if action == "suspend" else "unlawful"
    for ground in (None, "", other, "website_broken"):
        with refused(InvalidFields, {"ground": "ground_missing", "statement": "statement_short"}):
            stand(provider, action, ground=ground, statement="too short")
    with refused(InvalidFields, {"statement": "statement_long"}):
        stand(provider, action, statement="x" * 2001)
    assert (provider.status, count(Decision)) == (status, 0)
    stand(provider, action, statement="x" * 2000)
    stand_of = db.session.scalar(select(Provider.status))
    assert stand_of != status


@pytest.mark.parametrize("status", list(ProviderStatus))
def test_a_standing_changes_from_the_one_that_fits(app: Flask, status: str) -> None:
    provider = make_provider(status=status)
    for action, fits in (("suspend", "active"), ("reinstate", "suspended")):
        if status != fits:
            with pytest.raises(Conflict):
                stand(provider, action)
    assert (provider.status, count(Decision)) == (status, 0)


def test_a_suspended_provider_is_not_suspended_again(app: Flask) -> None:
    provider = make_provider()
    stand(provider, "suspend")
    for version in (1, 2):
        with pytest.raises(Conflict):
            stand(provider, "suspend", version=version)
    assert (count(Decision), provider.version) == (1, 2)


def test_a_provider_that_changed_since_it_was_read_is_not_suspended(app: Flask) -> None:
    with refused(Conflict, "changed"):
        stand(make_provider(version=4), "suspend", version=3)
    assert count(Decision) == 0


def test_nobody_suspends_or_reinstates_the_own_provider(app: Flask) -> None:
    moderator = make_user("admin")
    for action, status in (("suspend", "active"), ("reinstate", "suspended")):
        with refused(NotAllowed, "own"):
            stand(make_provider(moderator, status=status), action, moderator)
    assert count(Decision) == 0


def test_a_member_suspends_nobody(app: Flask) -> None:
    with refused(NotAllowed, "not_moderator"):
        stand(make_provider(), "suspend", make_user())


def test_only_a_provider_has_a_standing(app: Flask) -> None:
    listing = make_listing(make_topic())
    for kind, row in (("listing", listing), ("review", make_review(listing)), ("claim", waiting_claim())):
        with pytest.raises(Invalid):
            move(kind, row, "suspend", ground="unlawful", statement=STATEMENT)


def test_of_two_moderators_who_suspend_at_once_one_does(app: Flask) -> None:
    number = make_provider(make_user()).id
    moderators = [make_user("moderator").id for _ in range(2)]
    db.session.commit()

    def suspend(actor_id: int) -> None:
        actor = db.session.get_one(User, actor_id)
        values: dict[str, Any] = {"ground": "unlawful", "statement": STATEMENT, "now": LATER}
        decide_now("provider", number, actor=actor, action="suspend", version=1, **values)

    assert in_parallel(app, *(partial(suspend, actor_id) for actor_id in moderators)) == ["Conflict", "done"]
    db.session.rollback()
    assert (count(Decision), len(mails())) == (1, 1)


def test_the_last_decision_is_found(app: Flask) -> None:
    review = waiting_review()
    assert last_decision("review", review.id) is None
    move("review", review)
    moderator = make_user("moderator")
    make_proof(review, moderator)
    last = move("review", review, "document", moderator)
    assert last_decision("review", review.id) is last


def in_parallel(app: Flask, *tasks: Callable[[], Any]) -> list[str]:
    barrier, results = Barrier(len(tasks)), [""] * len(tasks)

    def run(number: int, task: Callable[[], Any]) -> None:
        with app.app_context(), writing():
            barrier.wait()
            try:
                task()
                db.session.commit()
                results[number] = "done"
            except Refusal as refusal:
                db.session.rollback()
                results[number] = type(refusal).__name__

    threads = [Thread(target=Context().run, args=(run, number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.parametrize("kind", TO_PUBLISH)
def test_of_two_moderators_at_once_one_decides(app: Flask, kind: str) -> None:
    row = MAKERS[kind]()
    number, version = id_of(kind, row), row.version
    moderators = [make_user("moderator").id for _ in range(2)]
    db.session.commit()

    def publish(actor_id: int, action: str) -> None:
        decide_now(
            kind,
            number,
            actor=db.session.get_one(User, actor_id),
            action=action,
            version=version,
            ground=GROUNDS[kind],
            statement=STATEMENT,
            now=LATER,
        )

    results = in_parallel(
        app, lambda: publish(moderators[0], "publish"), lambda: publish(moderators[1], "reject")
    )
    assert results == ["Conflict", "done"]
    db.session.rollback()
    assert count(Decision) == 1


def test_an_author_who_withdraws_while_a_moderator_publishes(app: Flask) -> None:
    from marketplace.reviews.writing.services import withdraw_review

    review, moderator = waiting_review(), make_user("moderator")
    make_proof(review, moderator)
    number, author_id, moderator_id = review.id, review.user_id, moderator.id
    db.session.commit()

    def publish() -> None:
        actor = db.session.get_one(User, moderator_id)
        decide_now("review", number, actor=actor, action="publish", version=1, level="documented", now=LATER)

    def withdraw() -> None:
        withdraw_review(
            db.session.get_one(Review, number), actor=db.session.get_one(User, author_id), now=LATER
        )

    results = in_parallel(app, publish, withdraw)
    db.session.rollback()
    subject = find_subject("review", number)
    assert subject.row.status == "withdrawn"
    assert subject.listing is not None
    assert subject.listing.review_count == 0
    assert results in (["Conflict", "done"], ["done", "done"])


def test_a_linked_decision_has_the_reasons_of_another(app: Flask) -> None:
    former, review = waiting_appeal().decision, waiting_review()
    subject = find_subject("review", review.id)
    linked = record_linked_decision(former, subject, "hide", "reader")
    assert (linked.ground, linked.statement, linked.actor_id) == (former.ground, STATEMENT, former.actor_id)
    assert (linked.subject_id, linked.rating, linked.asked_by) == (review.id, review.rating, "reader")
    assert db.session.scalars(select(LogEntry.decision_id).order_by(LogEntry.id.desc())).first() == linked.id
    subject.after_effect(linked)
    assert db.session.scalars(select(Receipt.decision_id)).all()[-1] == linked.id
