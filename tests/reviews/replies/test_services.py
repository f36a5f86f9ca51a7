from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply, ReplyVersion
from marketplace.reviews.replies.queries import listing_reviews
from marketplace.reviews.replies.services import (
    REPLY_LENGTH,
    check_reply,
    hide_reply,
    publish_reply,
    reject_reply,
    restore_reply,
    withdraw_reply,
    write_reply,
)
from marketplace.reviews.writing.services import hide_review
from tests.factories import NOON, make_user
from tests.listings.test_at_once import at_once
from tests.refusals import refused
from tests.reviews.answering import ANSWER, LATER, OTHER, Case, edit, make_case, published, write


def shown(case: Case) -> str | None:
    rows, _ = listing_reviews(case.review.listing_id)
    return rows[0].reply_text if rows else None


def revisions(case: Case) -> tuple[int, int]:
    db.session.expire_all()
    listing = case.review.listing
    return listing.topic.revision, listing.provider.revision


def test_a_reply_waits_and_is_shown_once_published(app: Flask) -> None:
    case = make_case()
    before = revisions(case)
    reply = write(case)
    assert (reply.status, reply.provider_id, reply.user_id) == ("pending", case.provider.id, case.member.id)
    assert shown(case) is None
    assert revisions(case) == before
    publish_reply(reply, now=LATER)
    assert (shown(case), reply.published_at, reply.edited_at) == (ANSWER, LATER, None)
    assert all(new > old for new, old in zip(revisions(case), before, strict=True))


def test_a_stranger_and_a_member_of_another_provider_find_nothing(app: Flask) -> None:
    case, other = make_case(), make_case()
    for actor in (make_user(), other.member, case.author):
        with pytest.raises(NotFound):
            write(case, actor=actor)
    reply = published(case)
    for actor in (make_user(), other.member):
        with pytest.raises(NotFound):
            edit(reply, actor)
        with pytest.raises(NotFound):
            withdraw_reply(reply, actor=actor, version=reply.version, now=NOON)


@pytest.mark.parametrize("status", ["pending", "rejected", "hidden", "withdrawn"])
def test_a_review_that_nobody_sees_takes_no_reply(app: Flask, status: str) -> None:
    case = make_case(status=status)
    with pytest.raises(NotFound):
        write(case)


def test_a_second_reply_is_refused(app: Flask) -> None:
    case = make_case()
    write(case)
    with refused(Conflict, "reply_exists"):
        write(case)


def test_two_colleagues_at_once_write_one_reply(app: Flask) -> None:
    case = make_case()
    review_id, member_id = case.review.id, case.member.id

    def act() -> object:
        return write_reply(
            db.session.get_one(Review, review_id),
            actor=db.session.get_one(User, member_id),
            text=ANSWER,
            language="en",
            now=NOON,
        )

    results = at_once(app, [act, act])
    assert sorted(str(result) for result in results) == ["Reply", "reply_exists"]
    db.session.rollback()
    assert len(db.session.scalars(select(Reply)).all()) == 1


@pytest.mark.parametrize(
    ("status", "code"), [("suspended", "provider_suspended"), ("removed", "provider_not_active")]
)
def test_a_provider_that_is_not_active_cannot_reply(app: Flask, status: str, code: str) -> None:
    case = make_case()
    reply = published(case)
    case.provider.status = status
    for act in (lambda: write(case), lambda: edit(reply, case.member)):
        with refused(NotAllowed, code):
            act()


def test_an_unconfirmed_member_cannot_reply(app: Flask) -> None:
    case = make_case()
    case.member.confirmed_at = None
    with pytest.raises(NotAllowed):
        write(case)


def test_everything_wrong_with_a_reply_is_said_at_once(app: Flask) -> None:
    least, most = REPLY_LENGTH
    for text, code in (
        ("x" * (least - 1), "text_short"),
        ("x" * (most + 1), "text_long"),
        ("Write to us at desk@nopal.example", "reply_contact_details"),
        ("Call 612 345 678 and we talk", "reply_contact_details"),
        ("See www.nopal-y-norte.mx for more", "reply_contact_details"),
    ):
        with refused(InvalidFields, {"text": code, "language": "language_unknown"}):
            check_reply(text, "not a language")
    assert check_reply("  one\r\n\r\n\r\n\r\ntwo and three ", "es") == "one\n\ntwo and three"


def test_an_edit_waits_while_the_old_words_stay_shown_and_are_kept(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    before = revisions(case)
    edit(reply, case.member, language="es")
    assert (reply.status, shown(case)) == ("pending", ANSWER)
    assert revisions(case) == before
    publish_reply(reply, now=LATER)
    assert (shown(case), reply.shown_language) == (OTHER, "es")
    assert (reply.published_at, reply.edited_at) == (NOON, LATER)
    version = db.session.scalars(select(ReplyVersion)).one()
    assert (version.text, version.language, version.replaced_at) == (ANSWER, "en", LATER)
    assert all(new > old for new, old in zip(revisions(case), before, strict=True))


def test_a_refused_edit_leaves_the_old_words_and_must_change(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    edit(reply, case.member)
    reject_reply(reply, note="It says who she is.", now=LATER)
    assert (reply.status, shown(case), reply.note) == ("rejected", ANSWER, "It says who she is.")
    with refused(Invalid, "reply_unchanged"):
        edit(reply, case.member)
    edit(reply, case.member, text=ANSWER)
    assert (reply.status, reply.note, shown(case)) == ("published", "", ANSWER)
    assert db.session.scalars(select(ReplyVersion)).all() == []


def test_the_same_words_again_change_nothing(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    version = reply.version
    edit(reply, case.member, text=f" {ANSWER} ")
    assert (reply.status, reply.version) == ("published", version)


def test_who_edits_another_version_than_the_one_read_is_told(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    read = reply.version
    edit(reply, case.member)
    with refused(Conflict, "changed"):
        edit(reply, case.member, text="Something else, typed at the same time.", version=read)
    assert reply.text == OTHER


def test_a_hidden_reply_comes_back_as_it_was(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    before = revisions(case)
    hide_reply(reply, note="It says who she is.", now=LATER)
    assert (reply.status, shown(case)) == ("hidden", None)
    after = revisions(case)
    assert after > before
    restore_reply(reply, now=LATER)
    assert (reply.status, shown(case), reply.note) == ("published", ANSWER, "")
    assert revisions(case) > after


def test_an_edit_that_waits_survives_hiding_and_a_refused_one_does_not(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    edit(reply, case.member)
    hide_reply(reply, note="Not this one.", now=LATER)
    restore_reply(reply, now=LATER)
    assert (reply.status, reply.text, shown(case)) == ("pending", OTHER, ANSWER)
    reject_reply(reply, note="Nor this one.", now=LATER)
    hide_reply(reply, note="Not this one.", now=LATER)
    restore_reply(reply, now=LATER)
    assert (reply.status, reply.text, shown(case)) == ("published", ANSWER, ANSWER)


def test_what_was_hidden_does_not_come_back_by_an_edit(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    hide_reply(reply, note="It says who she is.", now=LATER)
    edit(reply, case.member)
    assert (reply.status, reply.shown_text, shown(case)) == ("pending", None, None)
    publish_reply(reply, now=LATER)
    assert (shown(case), reply.edited_at) == (OTHER, LATER)
    assert [row.text for row in db.session.scalars(select(ReplyVersion))] == [ANSWER]


def test_a_withdrawn_reply_is_gone_and_another_may_be_written(app: Flask) -> None:
    case = make_case()
    reply = published(case)
    before = revisions(case)
    withdraw_reply(reply, actor=case.member, version=reply.version, now=LATER)
    assert (reply.status, shown(case)) == ("withdrawn", None)
    assert revisions(case) > before
    with pytest.raises(Conflict):
        withdraw_reply(reply, actor=case.member, version=reply.version, now=LATER)
    edit(reply, case.member, text=ANSWER)
    assert (reply.status, shown(case)) == ("pending", None)
    publish_reply(reply, now=LATER)
    assert (shown(case), reply.published_at, reply.edited_at) == (ANSWER, LATER, None)


def test_moves_from_another_state_are_conflicts(app: Flask) -> None:
    case = make_case()
    reply = write(case)
    for act in (lambda: hide_reply(reply, note="", now=NOON), lambda: restore_reply(reply, now=NOON)):
        with pytest.raises(Conflict):
            act()
    publish_reply(reply, now=NOON)
    for act in (lambda: publish_reply(reply, now=NOON), lambda: reject_reply(reply, note="", now=NOON)):
        with pytest.raises(Conflict):
            act()


def test_a_reply_leaves_with_its_review(app: Flask) -> None:
    case = make_case()
    published(case)
    hide_review(case.review, note="Not the author’s own experience.", now=LATER)
    assert listing_reviews(case.review.listing_id) == ([], 0)
