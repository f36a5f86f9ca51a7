from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.reviews.invitations.accepting import INVITATION_TTL, link_token, opt_out, use_invite
from marketplace.reviews.invitations.models import Invite, InviteOptOut
from marketplace.reviews.invitations.tasks import CHUNK, ERASE_AFTER, REMIND_AFTER
from tests.factories import NOON, make_review, make_user
from tests.reviews.asking import ask, invite_of, offered, secret

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_each_client_gets_one_mail_in_their_language(app: Flask, mailbox: Mailbox, make_app: Any) -> None:
    listing, _ = offered()
    listing.provider.name = "Nopal & <Norte>"
    ask(listing, "ana@one.example", language="es")
    ask(listing, "bo@one.example", period=(NOON.date() - timedelta(100), NOON.date() - timedelta(70)))
    db.session.commit()
    letters = {str(letter["To"]): letter for letter in mailbox()}
    assert letters.keys() == {"ana@one.example", "bo@one.example"}
    ana, bo = letters["ana@one.example"], letters["bo@one.example"]
    assert (str(ana["Content-Language"]), str(ana["Subject"])) == ("es", "Nopal & <Norte> te pide una reseña")
    assert str(bo["Subject"]) == "Nopal & <Norte> has asked for your review"
    invite = invite_of("ana@one.example")
    assert (invite.state, invite.sent_at) == ("sent", NOON)
    link = f"{app.extensions['settings'].site_url}/es/invitation/{link_token(invite, secret=secret())}/"
    text = text_of(ana)
    assert f"\n{link}\n" in text
    assert f"\n{link}stop/\n" in text
    assert "22 de enero de 2027" in text
    assert "Procedure es_procedure" in text
    assert ana["List-Unsubscribe"] == f"<{link}stop/>"
    assert ana["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html = ana.get_body(("html",))
    assert html is not None
    assert "Nopal &amp; &lt;Norte&gt;" in html.get_content()


def test_a_mail_leaves_once_however_often_the_job_runs(app: Flask, mailbox: Mailbox, clock: Any) -> None:
    ask(offered()[0], "ana@one.example")
    db.session.commit()
    mailbox()
    clock.advance(timedelta(hours=2))
    assert len(mailbox()) == 1


def test_a_long_list_is_mailed_in_pieces(app: Flask, mailbox: Mailbox) -> None:
    ask(offered()[0], *(f"client{number}@one.example" for number in range(CHUNK + 5)))
    db.session.commit()
    assert len(mailbox()) == CHUNK + 5


def test_who_does_not_answer_is_reminded_once_and_the_address_is_erased(
    app: Flask, mailbox: Mailbox, clock: Any
) -> None:
    ask(offered()[0], "ana@one.example")
    db.session.commit()
    mailbox()
    clock.advance(REMIND_AFTER - timedelta(hours=1))
    assert len(mailbox()) == 1
    clock.advance(timedelta(hours=1))
    letters = mailbox()
    assert len(letters) == 2
    assert str(letters[1]["Subject"]).startswith("Reminder: ")
    assert "This is the last email about it" in text_of(letters[1])
    invite = invite_of("ana@one.example")
    assert (invite.address, invite.reminded_at, invite.state) == (None, NOON + REMIND_AFTER, "sent")
    clock.advance(REMIND_AFTER)
    assert len(mailbox()) == 2


def test_who_answered_is_not_reminded(app: Flask, mailbox: Mailbox, clock: Any) -> None:
    (listing, _), author = offered(), make_user()
    ask(listing, author.email)
    db.session.commit()
    mailbox()
    use_invite(invite_of(author.email), make_review(listing, author), now=NOON)
    db.session.commit()
    clock.advance(REMIND_AFTER)
    assert len(mailbox()) == 1


def test_nothing_is_mailed_to_who_opts_out_while_the_mail_waits(
    app: Flask, mailbox: Mailbox, clock: Any
) -> None:
    (listing, _), (other, _) = offered(), offered()
    ask(listing, "ana@one.example")
    db.session.commit()
    assert len(mailbox()) == 1
    batch = ask(other, "ana@one.example")
    db.session.commit()
    first = db.session.scalars(select(Invite).where(Invite.batch_id != batch.id)).one()
    opt_out(link_token(first, secret=secret()), secret=secret(), now=NOON)
    db.session.commit()
    clock.advance(REMIND_AFTER)
    assert len(mailbox()) == 1


def test_who_opted_out_while_the_list_was_kept_is_found_out_before_mailing(
    app: Flask, mailbox: Mailbox
) -> None:
    ask(offered()[0], "ana@one.example")
    invite = invite_of("ana@one.example")
    db.session.add(InviteOptOut(address_hash=invite.address_hash, created_at=NOON))
    db.session.commit()
    assert mailbox() == []
    assert (invite_of("ana@one.example").state, invite_of("ana@one.example").address) == ("opted_out", None)


def test_a_listing_out_of_sight_mails_nothing_until_it_is_back(
    app: Flask, mailbox: Mailbox, clock: Any
) -> None:
    listing, _ = offered()
    ask(listing, "ana@one.example")
    listing.provider.status = "suspended"
    db.session.commit()
    assert mailbox() == []
    listing.provider.status = "active"
    db.session.commit()
    clock.advance(timedelta(hours=1))
    assert len(mailbox()) == 1


def test_addresses_are_erased_after_thirty_days_and_links_end_after_sixty(app: Flask, clock: Any) -> None:
    listing, _ = offered()
    ask(listing, "ana@one.example")
    invite = invite_of("ana@one.example")
    invite.state, invite.sent_at = "sent", NOON
    listing.status = "paused"
    db.session.commit()

    def later(by: timedelta) -> tuple[str, str | None]:
        clock.advance(by)
        run_due()
        found = invite_of("ana@one.example")
        db.session.commit()
        return found.state, found.address

    assert later(ERASE_AFTER - timedelta(hours=1)) == ("sent", "ana@one.example")
    assert later(timedelta(hours=1)) == ("sent", None)
    assert later(INVITATION_TTL - ERASE_AFTER) == ("expired", None)


def test_no_address_is_left_in_finished_jobs(app: Flask, mailbox: Mailbox) -> None:
    ask(offered()[0], "ana@one.example")
    db.session.commit()
    mailbox()
    payloads = db.session.scalars(select(Job.payload)).all()
    assert not [payload for payload in payloads if "ana@one.example" in str(payload)]
    assert db.session.scalar(select(func.count(Job.id)).where(Job.state == "failed")) == 0
