from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.extensions import db
from marketplace.moderation.appeals import WITHIN, appealable, make_appeal, still_stands, thing_of
from marketplace.moderation.models import Appeal, Decision
from marketplace.moderation.services import decide
from marketplace.moderation.subjects import find_subject
from marketplace.moderation.undoing import undo_decision
from marketplace.reviews.models import Review
from marketplace.reviews.ratings import recompute_ratings
from tests.factories import NOON, make_provider, make_user
from tests.moderation.waiting import (
    STATEMENT,
    waiting_appeal,
    waiting_flag,
    waiting_listing,
    waiting_review,
    waiting_review_edit,
)

TEXT = "You read it as being about another office, but it is about this one."
LATER = NOON + timedelta(days=1)


def against(kind: str, number: int, action: str, ground: str, **values: Any) -> Decision:
    row: Any = db.session.get(Review, number) if kind == "review_edit" else None
    version = row.edit.version if row is not None else find_subject(kind, number).version
    actor = values.pop("actor", None) or make_user("moderator")
    reasons = {"ground": ground, "statement": STATEMENT}
    return decide(kind, number, actor=actor, action=action, version=version, now=NOON, **reasons)


def rejected() -> Review:
    review = waiting_review()
    against("review", review.id, "reject", "about_something_else")
    return review


def appeal(kind: str, number: int, actor: Any) -> Appeal:
    return make_appeal(kind, number, actor=actor, text=TEXT, language="en", now=LATER)


def settle(made: Appeal, action: str, actor: Any = None) -> Decision:
    ground = "our_mistake" if action == "uphold" else "stands"
    actor = actor or make_user("moderator")
    given = {"ground": ground, "statement": "We read it again, and this is what we think."}
    return decide("appeal", made.id, actor=actor, action=action, version=made.version, now=LATER, **given)


def test_an_author_appeals_once_against_a_rejection(app: Flask) -> None:
    review = rejected()
    made = appeal("review", review.id, review.user)
    assert (made.status, made.provider_id) == ("pending", review.listing.provider_id)
    with pytest.raises(Conflict) as caught:
        appeal("review", review.id, review.user)
    assert caught.value.code == "appeal_made"


def test_strangers_and_what_went_for_somebody_are_not_there(app: Flask) -> None:
    review, published = rejected(), waiting_review()
    decide("review", published.id, actor=make_user("moderator"), action="publish", version=1, now=NOON)
    for kind, number, actor in (
        ("review", review.id, make_user()),
        ("review", published.id, published.user),
        ("review", 10**6, review.user),
        ("nothing", review.id, review.user),
    ):
        with pytest.raises(NotFound):
            appeal(kind, number, actor)


def test_an_appeal_says_why_and_comes_in_time(app: Flask) -> None:
    review = rejected()
    for text, code in (("Too short.", "appeal_short"), ("x" * 2001, "appeal_long")):
        with pytest.raises(Invalid) as caught:
            make_appeal("review", review.id, actor=review.user, text=text, language="en", now=LATER)  # type: ignore[arg-type]
        assert caught.value.code == code
    with pytest.raises(Conflict) as late:
        appealable("review", review.id, actor=review.user, now=NOON + WITHIN)  # type: ignore[arg-type]
    assert late.value.code == "appeal_late"


def test_what_was_undone_or_does_not_stand_needs_no_appeal(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    decision = against("review", review.id, "reject", "about_something_else", actor=moderator)
    undo_decision(decision.id, actor=moderator, now=NOON + timedelta(seconds=5))
    with pytest.raises(NotFound):
        appeal("review", review.id, review.user)
    other = rejected()
    other.status = "withdrawn"
    db.session.flush()
    with pytest.raises(Conflict) as caught:
        appeal("review", other.id, other.user)
    assert caught.value.code == "appeal_moot"


def test_the_moderator_who_decided_does_not_decide_again(app: Flask) -> None:
    review, first = waiting_review(), make_user("moderator")
    against("review", review.id, "reject", "about_something_else", actor=first)
    made = appeal("review", review.id, review.user)
    with pytest.raises(NotAllowed) as caught:
        settle(made, "uphold", first)
    assert caught.value.code == "own_decision"
    db.session.refresh(review)
    assert (review.status, made.status) == ("rejected", "pending")


def test_an_upheld_appeal_publishes_a_rejected_review(app: Flask) -> None:
    review = rejected()
    settle(appeal("review", review.id, review.user), "uphold")
    assert (review.status, review.note, review.listing.uncounted_count) == ("published", "", 1)
    actions = db.session.scalars(select(Decision.action).order_by(Decision.id)).all()
    assert actions == ["reject", "uphold", "publish"]


def test_an_upheld_appeal_shows_a_hidden_review_and_a_dismissed_one_does_not(app: Flask) -> None:
    for action, status, count in (("uphold", "published", 1), ("dismiss", "hidden", 0)):
        review = waiting_review(status="published", level="documented", published_at=NOON)
        recompute_ratings(review.listing_id)
        against("review", review.id, "hide", "own_or_rival")
        settle(appeal("review", review.id, review.user), action)
        assert (review.status, review.listing.review_count) == (status, count)


def test_a_refused_edit_is_read_anew(app: Flask) -> None:
    edit = waiting_review_edit()
    against("review_edit", edit.review_id, "reject", "about_something_else")
    settle(appeal("review_edit", edit.review_id, edit.user), "uphold")
    assert (edit.status, edit.note) == ("pending", "")


def test_a_dismissed_report_waits_again(app: Flask) -> None:
    flag = waiting_flag(user_id=make_user().id, email=None)
    against("flag", flag.id, "dismiss", "opinion")
    settle(appeal("flag", flag.id, flag.user), "uphold")
    assert (flag.status, flag.decided_at) == ("pending", None)


@pytest.mark.parametrize(("standing", "status"), [("active", "published"), ("pending", "pending")])
def test_a_rejected_listing_goes_live_with_its_provider(app: Flask, standing: str, status: str) -> None:
    owner = make_user()
    listing = waiting_listing(owner)
    against("listing", listing.id, "reject", "wrong_topic")
    listing.provider.status = standing
    db.session.flush()
    settle(appeal("listing", listing.id, owner), "uphold")
    assert listing.status == status


@pytest.mark.parametrize("action", ["suspend", "warn"])
def test_a_provider_stands_as_before(app: Flask, action: str) -> None:
    owner = make_user()
    provider = make_provider(owner)
    decision = against("provider", provider.id, action, "faked_reviews")
    assert still_stands(decision, thing_of(decision))
    settle(appeal("provider", provider.id, owner), "uphold")
    assert (provider.status, provider.warned_at) == ("active", None)


def test_nothing_is_reversed_that_changed_meanwhile(app: Flask) -> None:
    made = waiting_appeal()
    review = db.session.get_one(Review, made.decision.subject_id)
    review.status = "withdrawn"
    db.session.flush()
    settle(made, "uphold")
    assert (review.status, made.status) == ("withdrawn", "upheld")
