"""What may come between a decision and its effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.listings.services import confirm_listing, pause_listing
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.effects import apply_decision
from marketplace.moderation.decisions.queries import effect_time, undoable_until
from marketplace.moderation.decisions.services import effect_key, undo_decision
from marketplace.moderation.models import LogEntry
from marketplace.providers.models import Provider, ProviderMember
from marketplace.providers.registration import change_provider, drop_provider_edit
from marketplace.reviews.replies.services import edit_reply
from marketplace.reviews.writing.edits import drop_edit
from tests.clock import FrozenClock
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.moderation.deciding import take_effect
from tests.moderation.decisions.test_undoing import SOON, choose, waiting_for
from tests.moderation.reporting import reported
from tests.moderation.waiting import (
    waiting_claim,
    waiting_edit,
    waiting_flag,
    waiting_profile,
    waiting_review,
    waiting_review_edit,
)


def change_languages(provider: Provider, owner: Any) -> None:
    profile = {name: getattr(provider, name) for name in ("name", "website", "description", "countries")}
    change_provider(actor=owner, provider=provider, languages=["en", "fr"], now=SOON, **profile)
    db.session.commit()


@pytest.mark.parametrize("action", ["suspend", "warn", "clear"])
def test_a_provider_does_not_stop_a_decision_about_it_by_changing_its_languages(
    app: Flask, action: str
) -> None:
    owner = make_user()
    provider = make_provider(owner, warned_at=NOON if action == "clear" else None)
    decision = choose("provider", provider, action, make_user("moderator"))
    change_languages(provider, owner)
    assert take_effect(decision)


def test_nor_by_dropping_a_change_of_its_profile(app: Flask) -> None:
    owner = make_user()
    provider = waiting_profile(owner).provider
    decision = choose("provider", provider, "suspend", make_user("moderator"))
    drop_provider_edit(actor=owner, provider=provider)
    assert take_effect(decision)
    assert provider.status == "suspended"


@pytest.mark.parametrize(("status", "action"), [("published", "hide"), ("hidden", "restore")])
def test_an_author_does_not_stop_one_by_dropping_a_change(app: Flask, status: str, action: str) -> None:
    review = waiting_review_edit().review
    review.status = status
    db.session.commit()
    decision = choose("review", review, action, make_user("moderator"))
    assert review.user is not None
    drop_edit(review, actor=review.user)
    assert take_effect(decision)


def test_a_reply_is_hidden_although_its_provider_changes_it_meanwhile(app: Flask) -> None:
    owner = make_user()
    reply = waiting_for("reply", "hide")
    db.session.add(ProviderMember(provider_id=reply.provider_id, user_id=owner.id, created_at=NOON))
    db.session.flush()
    decision = choose("reply", reply, "hide", make_user("moderator"))
    text = "We answered twice, and the file was complete."
    edit_reply(reply, actor=owner, text=text, language="en", version=reply.version, now=SOON)
    assert take_effect(decision)
    assert reply.status == "hidden"


@pytest.mark.parametrize("act", [confirm_listing, pause_listing])
def test_a_reported_listing_is_removed_although_its_provider_confirms_or_pauses_it(
    app: Flask, act: Any
) -> None:
    owner = make_user()
    listing = make_listing(make_topic(), make_provider(owner))
    db.session.commit()
    decision = choose("flag", reported(listing, kind="listing"), "uphold", make_user("moderator"))
    act(actor=owner, listing=listing, **({"now": SOON} if act is confirm_listing else {}))
    assert take_effect(decision)
    assert listing.status == "rejected"


def test_a_report_is_not_decided_on_words_that_nobody_read(app: Flask) -> None:
    flag = waiting_flag()
    decision = choose("flag", flag, "uphold", make_user("moderator"))
    assert flag.review is not None
    flag.review.text += " And more."
    db.session.commit()
    assert not take_effect(decision)


@pytest.mark.parametrize("kind", ["review", "listing", "provider"])
def test_a_report_waits_for_an_accepted_change_of_its_target(app: Flask, kind: str) -> None:
    makers = {"review": waiting_review_edit, "listing": waiting_edit, "provider": waiting_profile}
    edit, moderator = makers[kind](), make_user("moderator")
    db.session.commit()
    thing = getattr(edit, kind)
    flag = reported(thing, kind=kind)
    decision = choose(f"{kind}_edit", edit, "publish", moderator)
    with pytest.raises(Conflict, match="moving"):
        choose("flag", flag, "uphold", moderator)
    assert take_effect(decision)
    db.session.commit()
    assert take_effect(choose("flag", flag, "uphold", moderator))


def test_a_report_waits_for_a_decision_on_another_of_the_same_target(app: Flask) -> None:
    flag, moderator = waiting_flag(), make_user("moderator")
    db.session.commit()
    second = reported(flag.review)
    decision = choose("flag", flag, "uphold", moderator)
    with pytest.raises(Conflict, match="moving"):
        choose("flag", second, "dismiss", moderator)
    assert take_effect(decision)
    assert second.status == "upheld"


def test_a_provider_waits_for_a_claim_of_it_that_is_approved(app: Flask) -> None:
    claim, moderator = waiting_claim(), make_user("moderator")
    claim.provider.status = "removed"
    db.session.commit()
    decision = choose("claim", claim, "publish", moderator)
    claim.provider.status = "pending"
    db.session.commit()
    with pytest.raises(Conflict, match="moving"):
        choose("provider", claim.provider, "publish", moderator)
    assert take_effect(decision)
    db.session.commit()
    assert take_effect(choose("provider", claim.provider, "publish", moderator))


def test_a_listing_comes_back_for_its_provider_however_late_that_is(app: Flask, clock: FrozenClock) -> None:
    moderator, provider = make_user("moderator"), make_provider(make_user(), status="pending")
    listing = make_listing(make_topic(), provider, status="pending")
    first = choose("provider", provider, "publish", moderator)
    second = choose("listing", listing, "publish", moderator)
    job = db.session.scalars(select(Job).where(Job.key == effect_key(first))).one()
    clock.moment = effect_time(NOON)
    job.run_at = clock.moment + timedelta(seconds=5)  # as where another worker is slow
    db.session.commit()
    run_due()
    db.session.expire_all()
    assert (first.state, second.state, listing.status) == ("pending", "pending", "pending")
    clock.moment += timedelta(minutes=1)
    run_due()
    db.session.expire_all()
    assert (first.state, second.state, listing.status) == ("effective", "effective", "published")


@pytest.mark.parametrize("change", [{"role": "member"}, {"active": False}])
def test_who_is_no_moderator_any_more_decides_nothing(app: Flask, change: dict[str, Any]) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    decision = choose("review", review, "publish", moderator)
    for name, value in change.items():
        setattr(moderator, name, value)
    db.session.commit()
    assert not take_effect(decision)
    assert (decision.state, review.status) == ("lapsed", "pending")
    line = db.session.scalars(select(LogEntry).order_by(LogEntry.id.desc())).first()
    assert line is not None
    assert (line.action, line.ground) == ("lapse", "not_moderator")


def test_nor_who_has_deleted_the_account(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    decision = choose("review", review, "publish", moderator)
    db.session.delete(moderator)
    db.session.commit()
    assert not take_effect(decision)
    assert review.status == "pending"


def test_who_became_a_member_of_the_provider_decides_nothing_about_it(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    decision = choose("review", review, "publish", moderator)
    db.session.add(
        ProviderMember(provider_id=review.listing.provider_id, user_id=moderator.id, created_at=SOON)
    )
    db.session.commit()
    assert not take_effect(decision)
    assert review.status == "pending"


def test_an_admin_stops_the_decision_of_another_who_is_told(app: Flask) -> None:
    moderator, admin = make_user("moderator"), make_user("admin")
    decision = choose("review", waiting_review(), "publish", moderator)
    assert list(undoable_until(admin, [decision.id], SOON)) == [decision.id]
    undone = undo_decision(decision.id, actor=admin, now=SOON)
    assert (decision.state, decision.is_unread, undone.actor_id) == ("undone", True, admin.id)
    assert not apply_decision(decision.id, Choice(now=SOON))


def test_but_not_one_about_the_admin_s_own_provider(app: Flask) -> None:
    admin = make_user("admin")
    decision = choose("provider", make_provider(admin), "suspend", make_user("moderator"))
    with pytest.raises(NotAllowed, match="own"):
        undo_decision(decision.id, actor=admin, now=SOON)
