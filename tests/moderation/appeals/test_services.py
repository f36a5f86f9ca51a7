from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.appeals.queries import APPEAL_WINDOW, appealable, stands
from marketplace.moderation.appeals.services import make_appeal
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.decisions.services import decide, undo_decision
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.providers.models import ProviderMember
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from tests.factories import NOON, make_provider, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.waiting import (
    STATEMENT,
    waiting_appeal,
    waiting_flag,
    waiting_listing,
    waiting_reply,
    waiting_review,
    waiting_review_edit,
)
from tests.refusals import refused
from tests.reviews.asking import in_parallel

Mailbox = Callable[[], list[EmailMessage]]
TEXT = "You read it as being about another office, but it is about this one."
LATER = NOON + timedelta(days=1)


def against(kind: str, number: int, action: str, ground: str, **values: Any) -> Decision:
    row: Any = db.session.get(Review, number) if kind == "review_edit" else None
    version = row.edit.version if row is not None else find_subject(kind, number).version
    actor = values.pop("actor", None) or make_user("moderator")
    reasons = {"ground": ground, "statement": STATEMENT}
    return decide_now(kind, number, actor=actor, action=action, version=version, now=NOON, **reasons)


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
    version = find_subject("appeal", made.id).version
    return decide_now("appeal", made.id, actor=actor, action=action, version=version, now=LATER, **given)


def test_an_author_appeals_once_against_a_rejection(app: Flask) -> None:
    review = rejected()
    made = appeal("review", review.id, review.user)
    assert (made.status, made.provider_id) == ("pending", review.listing.provider_id)
    with refused(Conflict, "appeal_made"):
        appeal("review", review.id, review.user)


def test_strangers_and_what_went_for_somebody_are_not_there(app: Flask) -> None:
    review, published = rejected(), waiting_review()
    decide_now("review", published.id, actor=make_user("moderator"), action="publish", version=1, now=NOON)
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
        with refused(Invalid, code):
            make_appeal("review", review.id, actor=review.user, text=text, language="en", now=LATER)  # type: ignore[arg-type]
    with refused(Conflict, "appeal_late"):
        appealable("review", review.id, actor=review.user, now=NOON + APPEAL_WINDOW)  # type: ignore[arg-type]


def test_what_was_undone_or_does_not_stand_needs_no_appeal(app: Flask) -> None:
    review, moderator = waiting_review(), make_user("moderator")
    reasons = {"ground": "about_something_else", "statement": STATEMENT}
    decision = decide("review", review.id, actor=moderator, action="reject", version=1, now=NOON, **reasons)
    with pytest.raises(NotFound):
        appeal("review", review.id, review.user)  # it has not taken effect
    undo_decision(decision.id, actor=moderator, now=NOON + timedelta(seconds=5))
    with pytest.raises(NotFound):
        appeal("review", review.id, review.user)
    other = rejected()
    other.status = "withdrawn"
    db.session.flush()
    with refused(Conflict, "appeal_moot"):
        appeal("review", other.id, other.user)


def test_the_moderator_who_decided_does_not_decide_again(app: Flask) -> None:
    review, first = waiting_review(), make_user("moderator")
    against("review", review.id, "reject", "about_something_else", actor=first)
    made = appeal("review", review.id, review.user)
    with refused(NotAllowed, "own_decision"):
        settle(made, "uphold", first)
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


@pytest.mark.parametrize("kind", ["flag", "review_edit"])
def test_who_decided_first_does_not_decide_again_what_waits_again(app: Flask, kind: str) -> None:
    row: Any = waiting_flag(user_id=make_user().id, email=None) if kind == "flag" else waiting_review_edit()
    number, first = row.id if kind == "flag" else row.review_id, make_user("moderator")
    action, ground = ("dismiss", "opinion") if kind == "flag" else ("reject", "about_something_else")
    against(kind, number, action, ground, actor=first)
    settle(appeal(kind, number, row.user), "uphold")
    again = {"action": action, "ground": ground, "statement": STATEMENT, "now": LATER}
    with refused(NotAllowed, "own_decision"):
        decide_now(kind, number, actor=first, version=find_subject(kind, number).version, **again)
    version = find_subject(kind, number).version
    decide_now(kind, number, actor=make_user("moderator"), version=version, **again)
    assert row.status == ("dismissed" if kind == "flag" else "rejected")


def test_an_edit_that_was_sent_anew_is_anybody_s_to_decide(app: Flask) -> None:
    edit, first = waiting_review_edit(), make_user("moderator")
    against("review_edit", edit.review_id, "reject", "about_something_else", actor=first)
    settle(appeal("review_edit", edit.review_id, edit.user), "uphold")
    edit.submitted_at = LATER
    db.session.flush()
    decide_now("review_edit", edit.review_id, actor=first, action="publish", version=edit.version, now=LATER)


def test_the_appeal_is_told_that_it_is_read_again(app: Flask, mailbox: Mailbox) -> None:
    flag = waiting_flag(user_id=make_user().id, email=None)
    against("flag", flag.id, "dismiss", "opinion")
    settle(appeal("flag", flag.id, flag.user), "uphold")
    db.session.commit()
    assert ("Another moderator looked at the decision again and withdrew it") in mailbox()[-1].get_body(
        ("plain",)
    ).get_content()  # type: ignore[union-attr]


def test_who_stands_too_close_to_the_thing_does_not_decide_on_the_appeal(app: Flask) -> None:
    owner, rival, writer = (make_user("moderator") for _ in range(3))
    flag = waiting_flag(user_id=rival.id, email=None, by_provider_id=make_provider(owner).id)
    flag.review.user_id = writer.id  # type: ignore[union-attr]
    against("flag", flag.id, "dismiss", "opinion")
    made = appeal("flag", flag.id, rival)
    for moderator in (owner, rival, writer):
        with refused(NotAllowed, "own"):
            settle(made, "uphold", moderator)


def test_who_reported_a_review_does_not_decide_on_its_author_s_appeal(app: Flask) -> None:
    review, reporter = upheld_report()
    reporter.role = "moderator"
    with refused(NotAllowed, "own"):
        settle(appeal("review", review.id, review.user), "dismiss", reporter)


def test_the_author_of_an_answered_review_does_not_decide_on_the_reply_s_appeal(app: Flask) -> None:
    owner, author = make_user(), make_user("moderator")
    reply = waiting_reply(owner, author)
    against("reply", reply.id, "reject", "insult_or_private_data")
    with pytest.raises(NotAllowed):
        settle(appeal("reply", reply.id, owner), "uphold", author)


def test_a_report_falls_with_what_followed_from_it(app: Flask, mailbox: Mailbox) -> None:
    review, reporter = upheld_report()
    flag = db.session.scalars(select(Flag)).one()
    provider = flag.by_provider
    assert provider is not None
    assert (provider.flags_upheld, provider.flags_dismissed) == (1, 0)
    settle(appeal("review", review.id, review.user), "uphold")
    db.session.commit()
    assert (review.status, flag.status) == ("published", "dismissed")
    assert (provider.flags_upheld, provider.flags_dismissed) == (0, 1)
    letters = [mail for mail in mailbox() if mail["To"] == reporter.email]
    assert letters[-1]["Subject"] == "The decision on your report has changed"
    made = appeal("flag", flag.id, reporter)
    assert made.decision.action == "dismiss"


def test_a_report_that_another_decision_followed_is_left_alone(app: Flask) -> None:
    review, _ = upheld_report()
    flag = db.session.scalars(select(Flag)).one()
    flag.decided_at = NOON - timedelta(days=9)
    db.session.flush()
    settle(appeal("review", review.id, review.user), "uphold")
    assert flag.status == "upheld"


def upheld_report() -> tuple[Review, Any]:
    """A review that was hidden because a member of its provider reported it, and who that is."""
    owner = make_user()
    flag = waiting_flag(user_id=owner.id, email=None)
    flag.by_provider_id = flag.provider_id
    db.session.flush()
    against("flag", flag.id, "uphold", "own_or_rival")
    review: Any = flag.review
    return review, owner


def test_two_members_do_not_appeal_against_one_decision(app: Flask) -> None:
    listing = waiting_listing(make_user())
    members = [member.user for member in listing.provider.members] + [make_user()]
    db.session.add(ProviderMember(provider_id=listing.provider_id, user_id=members[1].id, created_at=NOON))
    against("listing", listing.id, "reject", "wrong_topic")
    ids, number = [member.id for member in members], listing.id
    db.session.commit()

    def ask(user_id: int) -> None:
        appeal("listing", number, db.session.get_one(User, user_id))

    results = in_parallel(app, *(lambda user_id=user_id: ask(user_id) for user_id in ids))
    assert sorted(map(str, results)) == ["None", "appeal_made"]


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
    assert stands(decision)
    settle(appeal("provider", provider.id, owner), "uphold")
    assert (provider.status, provider.warned_at) == ("active", None)


def test_nothing_is_reversed_that_changed_meanwhile(app: Flask) -> None:
    made = waiting_appeal()
    review = db.session.get_one(Review, made.decision.subject_id)
    review.status = "withdrawn"
    db.session.flush()
    settle(made, "uphold")
    assert (review.status, made.status) == ("withdrawn", "upheld")
