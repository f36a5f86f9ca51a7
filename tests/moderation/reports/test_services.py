from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidFields, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.queue.queries import queue_count
from marketplace.moderation.reports.mails import sign_flag
from marketplace.moderation.reports.services import (
    LINK_TTL,
    check_notice,
    confirm_flag,
    count_report,
    file_report,
    open_flag,
    provider_behind,
    reverse_upheld_flags,
)
from marketplace.providers.models import Provider, ProviderMember
from tests.factories import NOON, make_listing, make_provider, make_user
from tests.moderation.deciding import decide_now
from tests.moderation.decisions.test_services import in_parallel
from tests.moderation.reporting import NOTICE, READER, SECRET, reported, shown_review, unconfirmed
from tests.moderation.reporting_replies import reported_reply, shown_reply
from tests.moderation.waiting import EXPLANATION, STATEMENT, waiting_flag
from tests.refusals import refused

Mailbox = Callable[[], list[EmailMessage]]


def token_of(flag: Flag) -> str:
    return sign_flag(flag.id, flag.nonce, SECRET)


def confirm(flag: Flag, now: Any = NOON) -> Flag:
    confirmed = confirm_flag(token_of(flag), secret=SECRET, now=now)
    db.session.commit()
    return confirmed


def test_a_member_s_report_waits_at_once_and_changes_nothing(app: Flask, mailbox: Mailbox) -> None:
    review, reporter = shown_review(), make_user()
    revision = review.listing.provider.revision
    flag = reported(review, reporter)
    assert (flag.status, flag.submitted_at, flag.user_id, flag.email) == ("pending", NOON, reporter.id, None)
    assert flag.provider_id == review.listing.provider_id
    assert (review.status, review.listing.provider.revision) == ("published", revision)
    assert queue_count().total == 1
    assert [(mail["To"], mail["Subject"]) for mail in mailbox()] == [
        (reporter.email, "We have received your report")
    ]


def test_all_that_is_wrong_with_a_notice_is_said_at_once(app: Flask) -> None:
    wrong = {"reason": "flag_reason", "explanation": "flag_short", "good_faith": "flag_good_faith"}
    with refused(InvalidFields, wrong):
        check_notice("review", reason="", explanation=" short ", in_good_faith=False, language="en")
    with refused(InvalidFields, {"reason": "flag_reason", "explanation": "flag_long"}):
        check_notice(
            "listing", reason="own_or_rival", explanation="x" * 2001, in_good_faith=True, language="en"
        )
    fits = check_notice(
        "provider", reason="unlawful", explanation=f" {EXPLANATION} ", in_good_faith=True, language="es"
    )
    assert (fits.explanation, fits.language) == (EXPLANATION, "es")


def test_one_open_report_of_one_person_about_one_thing(app: Flask) -> None:
    review, reporter = shown_review(), make_user()
    first = reported(review, reporter)
    with pytest.raises(Conflict) as refused:
        reported(review, reporter)
    db.session.rollback()
    assert refused.value.code == "flag_open"
    reported(review)
    reported(review.listing, reporter, kind="listing")
    first.status = "dismissed"
    db.session.commit()
    assert reported(review, reporter).status == "pending", "once it is decided there may be another"


def test_of_two_at_once_one_comes_in(app: Flask) -> None:
    review_id, reporter_id = shown_review().id, make_user().id
    db.session.commit()

    def send() -> None:
        file_report("review", review_id, NOTICE, reporter=db.session.get_one(User, reporter_id), now=NOON)

    assert in_parallel(app, send, send) == ["Conflict", "done"]
    assert db.session.scalar(select(func.count(Flag.id))) == 1


def test_a_visitor_s_report_waits_for_the_link(app: Flask, mailbox: Mailbox) -> None:
    review = shown_review()
    flag = unconfirmed(review, "Reader@One.example")
    assert (flag.status, flag.email, flag.submitted_at) == ("unconfirmed", READER, None)
    assert queue_count().total == 0
    (mail,) = mailbox()
    assert (mail["To"], mail["Subject"]) == (READER, "Confirm your report")
    assert EXPLANATION not in mail.as_string()
    confirm(flag)
    assert (flag.status, flag.submitted_at, flag.user_id) == ("pending", NOON, None)
    assert queue_count().total == 1
    assert {message["Subject"] for message in mailbox()} == {
        "Confirm your report",
        "We have received your report",
    }


def test_a_link_works_once(app: Flask) -> None:
    flag = unconfirmed(shown_review())
    confirm(flag)
    with refused(Conflict, "flag_link_used"):
        confirm(flag)


def test_of_two_clicks_at_once_one_confirms(app: Flask) -> None:
    token = token_of(unconfirmed(shown_review()))

    def click() -> None:
        confirm_flag(token, secret=SECRET, now=NOON)

    assert in_parallel(app, click, click) == ["Conflict", "done"]


def test_a_link_works_for_three_days(app: Flask) -> None:
    flag = unconfirmed(shown_review())
    assert open_flag(token_of(flag), secret=SECRET, now=NOON + LINK_TTL - timedelta(seconds=1)) is flag
    with refused(NotFound, "flag_link_wrong"):
        confirm(flag, NOON + LINK_TTL)


def test_forged_links_confirm_nothing(app: Flask) -> None:
    flag = unconfirmed(shown_review())
    for token in (
        "x",
        sign_flag(flag.id, "guessed", SECRET),
        sign_flag(flag.id, flag.nonce, "other"),
        sign_flag(flag.id + 1, flag.nonce, SECRET),
        sign_flag(2**40, flag.nonce, SECRET),
    ):
        with pytest.raises(NotFound):
            confirm_flag(token, secret=SECRET, now=NOON)
    assert flag.status == "unconfirmed"


def test_what_was_hidden_meanwhile_and_what_is_open_already_is_not_confirmed(app: Flask) -> None:
    review = shown_review()
    first, second, third = (unconfirmed(review) for _ in range(3))
    confirm(first)
    with refused(Conflict, "flag_open"):
        confirm(second)
    review.status = "hidden"
    db.session.commit()
    with refused(Conflict, "flag_gone"):
        confirm(third)


def test_an_address_that_has_an_account_reports_as_that_member(app: Flask) -> None:
    owner = make_user(email=READER)
    review = shown_review(owner)
    flag = confirm(unconfirmed(review))
    assert (flag.user_id, flag.by_provider_id) == (owner.id, review.listing.provider_id)
    with pytest.raises(Conflict):
        reported(review, owner)


def test_reports_of_the_provider_and_its_rivals_are_counted_on_their_page(app: Flask) -> None:
    owner, rival, other = make_user(), make_user(), make_user()
    review = shown_review(owner)
    competing, elsewhere = make_provider(rival), make_provider(other)
    make_listing(review.listing.topic, competing)
    db.session.commit()
    assert provider_behind(review, other.id) is None
    revisions = {row.id: row.revision for row in (review.listing.provider, competing, elsewhere)}
    for member in (owner, rival, other):
        reported(review, member)
    reported(review.listing, rival, kind="listing")
    db.session.expire_all()
    made = {
        row.id: (row.flags_made, row.revision > revisions[row.id])
        for row in db.session.scalars(select(Provider))
    }
    assert made == {
        review.listing.provider_id: (1, True),
        competing.id: (1, True),
        elsewhere.id: (0, False),
    }


def test_a_second_provider_of_the_same_owner_is_no_competitor(app: Flask) -> None:
    owner = make_user()
    review = shown_review(owner)
    second = make_provider(owner)
    make_listing(review.listing.topic, second)
    colleague = make_user()
    db.session.add(ProviderMember(provider_id=second.id, user_id=colleague.id, created_at=NOON))
    db.session.commit()
    assert provider_behind(review, colleague.id) == review.listing.provider_id


def test_counts_of_two_at_once_add_up(app: Flask) -> None:
    provider_id = make_provider().id
    db.session.commit()

    def add() -> None:
        count_report(provider_id, made=1, upheld=1)

    assert in_parallel(app, add, add) == ["done", "done"]
    db.session.rollback()
    provider = db.session.get_one(Provider, provider_id)
    assert (provider.flags_made, provider.flags_upheld, provider.flags_dismissed) == (2, 2, 0)


def test_a_reply_is_reported_once_by_each_and_by_its_own_provider_too(app: Flask) -> None:
    owner, author = make_user(), make_user()
    reply = shown_reply(owner, author)
    for person in (author, owner, make_user()):
        flag = reported_reply(reply, person)
        assert (flag.subject, flag.reply_id, flag.review_id) == ("reply", reply.id, None)
        assert (flag.provider_id, flag.offer, flag.by_provider_id) == (reply.provider_id, reply.listing, None)
    with refused(Conflict, "flag_open"):
        reported_reply(reply, author)
    db.session.rollback()
    reported(reply.review, author)


@pytest.mark.parametrize("hidden", ["pending", "hidden", "withdrawn", "review", "provider"])
def test_a_reply_that_nobody_sees_is_not_reported(app: Flask, hidden: str) -> None:
    reply = shown_reply()
    if hidden == "pending":
        reply.shown_text, reply.status = None, "pending"
    elif hidden == "review":
        reply.review.status = "hidden"
    elif hidden == "provider":
        reply.provider.status = "suspended"
    else:
        reply.status = hidden
    db.session.commit()
    with pytest.raises(NotFound):
        reported_reply(reply)


def test_a_reply_is_reported_for_reasons_of_its_own(app: Flask) -> None:
    with pytest.raises(InvalidFields):
        check_notice(
            "reply", reason="fake_or_bought", explanation=EXPLANATION, in_good_faith=True, language="en"
        )
    with pytest.raises(InvalidFields):
        check_notice(
            "review", reason="reveals_client", explanation=EXPLANATION, in_good_faith=True, language="en"
        )


def test_only_what_a_report_leads_to_takes_it_back(app: Flask) -> None:
    flag = waiting_flag()
    reasons = {"ground": "own_or_rival", "statement": STATEMENT}
    upheld = decide_now(
        "flag", flag.id, actor=make_user("moderator"), action="uphold", version=2, now=NOON, **reasons
    )
    of_flag = db.session.get_one(Decision, upheld.id)
    assert reverse_upheld_flags(of_flag, of_flag) == []
    warned = Decision(subject="provider", subject_id=flag.provider_id, action="warn", decided_at=NOON)
    assert reverse_upheld_flags(warned, of_flag) == []
    assert flag.status == "upheld"
