from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidFields, NotAllowed
from marketplace.core.extensions import db
from marketplace.listings.approvals import apply_listing_edit
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.signals import listing_visibility_changed
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision, Flag, LogEntry
from marketplace.reviews.models import ReviewEdit
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.replies.services import publish_reply
from marketplace.reviews.writing.edits import publish_edit
from tests.factories import NOON, make_provider, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.deciding import move as decided
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.desk import body
from tests.moderation.reporting import reported, shown_review, unconfirmed
from tests.moderation.reporting_replies import reported_reply, shown_reply
from tests.moderation.waiting import NEW_TEXT, SERVICE, STATEMENT
from tests.refusals import refused

LATER = NOON + timedelta(hours=1)
Mailbox = Callable[[], list[EmailMessage]]


def move(flag: Flag, action: str, ground: str, actor: User | None = None) -> Decision:
    return decided("flag", flag, action, ground, actor)


def actions(*kinds: str) -> list[tuple[Any, ...]]:
    rows = db.session.scalars(select(Decision).order_by(Decision.id))
    return [(row.subject, row.action, row.ground, row.asked_by) for row in rows if row.subject in kinds]


@pytest.mark.parametrize(
    ("status", "moves"),
    [("pending", ("uphold", "dismiss")), ("unconfirmed", ()), ("upheld", ()), ("dismissed", ())],
)
def test_only_what_waits_is_decided(app: Flask, status: str, moves: tuple[str, ...]) -> None:
    flag = reported(shown_review())
    flag.status = status
    db.session.commit()
    assert find_subject("flag", flag.id).open_actions() == moves


def test_upholding_hides_the_review_tells_both_and_closes_the_others(app: Flask, mailbox: Mailbox) -> None:
    author, reporter, another = make_user(), make_user(), make_user()
    review = shown_review(author=author)
    flag, other, waiting = reported(review, reporter), reported(review, another), unconfirmed(review)
    elsewhere = reported(shown_review())
    revision, before = review.listing.provider.revision, len(mailbox())
    move(flag, "uphold", "same_text")
    db.session.expire_all()
    assert (review.status, review.note) == ("hidden", STATEMENT)
    assert review.listing.provider.revision > revision
    assert (flag.status, flag.decided_at, flag.note) == ("upheld", NOON, STATEMENT)
    assert [one.status for one in (other, waiting, elsewhere)] == ["upheld", "unconfirmed", "pending"]
    assert actions("review") == [("review", "hide", "same_text", "reader")]
    assert actions("flag") == [("flag", "uphold", "same_text", "reader")] * 2
    hiding = db.session.scalars(select(Decision).where(Decision.subject == "review")).one()
    assert hiding.rating == review.rating
    assert len(db.session.scalars(select(LogEntry)).all()) == 3
    mails = {
        mail["To"]: mail
        for mail in mailbox()
        if mail["Subject"] not in ("We have received your report", "Confirm your report")
    }
    assert len(mailbox()) == before + 3
    assert set(mails) == {author.email, reporter.email, another.email}
    assert STATEMENT in body(mails[author.email])
    assert STATEMENT not in body(mails[reporter.email])
    assert "Same text twice" in body(mails[reporter.email])


def test_dismissing_leaves_all_as_it_is_and_tells_the_reporter_why(app: Flask, mailbox: Mailbox) -> None:
    author, reporter = make_user(), make_user()
    review = shown_review(author=author)
    flag, other = reported(review, reporter), reported(review)
    revision = review.listing.provider.revision
    move(flag, "dismiss", "opinion")
    db.session.expire_all()
    assert (review.status, flag.status, other.status) == ("published", "dismissed", "pending")
    assert review.listing.provider.revision == revision
    (mail,) = [mail for mail in mailbox() if mail["Subject"] == "Your report was dismissed"]
    assert mail["To"] == reporter.email
    assert STATEMENT in body(mail)
    assert author.email not in {mail["To"] for mail in mailbox()}


def test_an_upheld_listing_is_taken_down_and_its_provider_told(app: Flask, mailbox: Mailbox) -> None:
    owner, heard = make_user(), []
    listing = shown_review(owner).listing
    flag = reported(listing, kind="listing")
    topic_revision = listing.topic.revision

    def hear(sender: object, *, listing: Listing) -> None:
        heard.append(listing.status)

    with listing_visibility_changed.connected_to(hear):
        move(flag, "uphold", "misleading_price")
    db.session.expire_all()
    assert (listing.status, listing.note, heard) == ("rejected", STATEMENT, ["rejected"])
    assert listing.topic.revision > topic_revision
    assert actions("listing") == [("listing", "reject", "misleading_price", "reader")]
    (mail,) = [mail for mail in mailbox() if mail["To"] == owner.email]
    assert mail["Subject"].startswith("We have removed your listing")
    assert STATEMENT in body(mail)


@pytest.mark.parametrize(("standing", "becomes"), [("active", "suspended"), ("unclaimed", "removed")])
def test_an_upheld_provider_goes_out_of_sight(app: Flask, standing: str, becomes: str) -> None:
    provider = make_provider(status=standing)
    flag = reported(provider, kind="provider")
    move(flag, "uphold", "poses_as_another")
    assert (provider.status, provider.note) == (becomes, STATEMENT)
    assert actions("provider") == [("provider", "suspend", "poses_as_another", "reader")]


def test_what_is_out_of_sight_already_is_upheld_without_more(app: Flask) -> None:
    review = shown_review()
    flag = reported(review)
    review.status = "withdrawn"
    db.session.commit()
    move(flag, "uphold", "same_text")
    assert (flag.status, review.status, actions("review")) == ("upheld", "withdrawn", [])


@pytest.mark.parametrize(
    ("kind", "action", "ground"),
    [("review", "uphold", "opinion"), ("review", "uphold", "wrong_topic"), ("listing", "uphold", "same_text"),
     ("listing", "dismiss", "spam"), ("provider", "uphold", "wrong_topic")],
)  # fmt: skip
def test_grounds_fit_what_is_decided(app: Flask, kind: str, action: str, ground: str) -> None:
    review = shown_review()
    rows = {"review": review, "listing": review.listing, "provider": review.listing.provider}
    flag = reported(rows[kind], kind=kind)
    with refused(InvalidFields, {"ground": "ground_missing"}):
        move(flag, action, ground)


def test_nobody_decides_on_a_report_of_their_own(app: Flask) -> None:
    review = shown_review()
    moderator = make_user("moderator")
    own, other = reported(review, moderator), reported(review)
    for flag in (own, other):
        with refused(NotAllowed, "own"):
            move(flag, "uphold", "same_text", moderator)
        db.session.rollback()


def test_the_author_and_the_provider_reported_do_not_decide(app: Flask) -> None:
    author, owner = make_user("moderator"), make_user("moderator")
    flag = reported(shown_review(owner, author=author))
    for actor in (author, owner):
        with pytest.raises(NotAllowed):
            move(flag, "dismiss", "opinion", actor)
        db.session.rollback()


@pytest.mark.parametrize(
    ("action", "ground", "record"), [("uphold", "same_text", (1, 1, 0)), ("dismiss", "opinion", (1, 0, 1))]
)
def test_what_became_of_a_provider_s_report_stands_in_its_record(
    app: Flask, action: str, ground: str, record: tuple[int, int, int]
) -> None:
    owner = make_user()
    review = shown_review(owner)
    flag, provider = reported(review, owner), review.listing.provider
    revision = provider.revision
    move(flag, action, ground)
    db.session.expire_all()
    assert (provider.flags_made, provider.flags_upheld, provider.flags_dismissed) == record
    assert provider.revision > revision
    assert actions("flag")[0][3] == "provider"


def test_two_reports_about_one_thing_decided_at_once_hide_it_once(app: Flask) -> None:
    review = shown_review()
    flags = [reported(review).id for _ in range(2)]
    moderators = [make_user("moderator").id for _ in range(2)]
    db.session.commit()

    def uphold(number: int) -> None:
        actor = db.session.get_one(User, moderators[number])
        decide_now(
            "flag",
            flags[number],
            actor=actor,
            action="uphold",
            version=2,
            ground="same_text",
            statement=STATEMENT,
            now=NOON,
        )

    assert in_parallel(app, lambda: uphold(0), lambda: uphold(1)) == ["Conflict", "done"]
    db.session.rollback()
    assert actions("review") == [("review", "hide", "same_text", "reader")]
    assert len(actions("flag")) == 2


def test_an_upheld_reply_is_hidden_and_its_provider_told(app: Flask, mailbox: Mailbox) -> None:
    owner, author, reporter = make_user(), make_user(), make_user()
    reply = shown_reply(owner, author)
    flag, other = reported_reply(reply, reporter), reported_reply(reply, author)
    revision = reply.listing.topic.revision
    move(flag, "uphold", "reveals_client")
    db.session.expire_all()
    assert (reply.status, reply.note, reply.review.status) == ("hidden", STATEMENT, "published")
    assert [flag.status, other.status] == ["upheld", "upheld"]
    assert reply.listing.topic.revision > revision
    assert actions("reply") == [("reply", "hide", "reveals_client", "reader")]
    mails = {
        (mail["To"], mail["Subject"]): body(mail)
        for mail in mailbox()
        if "have received your report" not in mail["Subject"]
    }
    name = reply.provider.name
    assert set(mails) == {
        (owner.email, f"Your reply to a review of {name} is hidden"),
        (reporter.email, "Your report was upheld"),
        (author.email, "Your report was upheld"),
    }
    assert STATEMENT in mails[owner.email, f"Your reply to a review of {name} is hidden"]
    assert f"a reply from {name}" in mails[author.email, "Your report was upheld"]


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_what_is_shown_of_a_reply_is_hidden_also_while_a_change_of_it_waits(app: Flask, status: str) -> None:
    reply = shown_reply()
    flag = reported_reply(reply)
    reply.text, reply.status = "Thank you. We answer something else now.", status
    db.session.commit()
    move(flag, "uphold", "pressures_author")
    assert (reply.status, reply.is_shown) == ("hidden", False)


def test_a_dismissed_report_of_a_reply_leaves_it(app: Flask) -> None:
    reply = shown_reply()
    flag = reported_reply(reply)
    move(flag, "dismiss", "no_breach")
    assert (reply.status, flag.status, actions("reply")) == ("published", "dismissed", [])


def test_a_reply_withdrawn_meanwhile_is_upheld_without_more(app: Flask) -> None:
    reply = shown_reply()
    flag = reported_reply(reply)
    reply.status = "withdrawn"
    db.session.commit()
    move(flag, "uphold", "reveals_client")
    assert (reply.status, flag.status, actions("reply")) == ("withdrawn", "upheld", [])


def test_nobody_near_a_reply_decides_on_reports_of_it(app: Flask) -> None:
    owner, author, writer, reporter = (make_user("moderator") for _ in range(4))
    flag = reported_reply(shown_reply(owner, author, user_id=writer.id), reporter)
    for actor in (owner, author, writer, reporter):
        with refused(NotAllowed, "own"):
            move(flag, "dismiss", "no_breach", actor)
        db.session.rollback()
    assert move(flag, "dismiss", "no_breach").action == "dismiss"


def change(reply: Reply, kind: str) -> None:
    """Let other words take the place of what is shown."""
    sent: dict[str, Any] = {"version": 1, "submitted_at": NOON}
    if kind == "review":
        told = {name: getattr(reply.review, name) for name in ("rating", "language", "experience_on")}
        reply.review.edit = ReviewEdit(text=NEW_TEXT, **told, **sent)
        db.session.flush()
        publish_edit(reply.review.edit, now=LATER)
    elif kind == "reply":
        reply.text, reply.status = NEW_TEXT, "pending"
        publish_reply(reply, now=LATER)
    else:
        reply.listing.edit = ListingEdit(service=SERVICE, **sent)
        db.session.flush()
        apply_listing_edit(reply.listing.edit, now=LATER)
    db.session.commit()


@pytest.mark.parametrize("action", ["uphold", "dismiss"])
@pytest.mark.parametrize("kind", ["review", "reply", "listing"])
def test_what_was_changed_after_it_was_read_is_not_decided_on(app: Flask, kind: str, action: str) -> None:
    reply = shown_reply()
    rows = {"review": reply.review, "reply": reply, "listing": reply.listing}
    flag, actor = reported(rows[kind], kind=kind), make_user("moderator")
    read = find_subject("flag", flag.id).version
    change(reply, kind)
    with refused(Conflict, "changed"):
        decide_now(
            "flag",
            flag.id,
            actor=actor,
            action=action,
            version=read,
            ground="no_breach" if action == "dismiss" else "contact_details",
            statement=STATEMENT,
            now=NOON,
        )
    db.session.rollback()
    assert (flag.status, rows[kind].status, actions("flag")) == ("pending", "published", [])
