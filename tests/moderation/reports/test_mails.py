from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.reports.mails import queue_confirmation, queue_receipt
from marketplace.moderation.reports.services import Notice, file_report
from tests.factories import NOON, make_user
from tests.moderation.reporting import NOTICE, reported, shown_review, unconfirmed

Mailbox = Callable[[], list[EmailMessage]]


def bodies(mail: EmailMessage) -> list[str]:
    parts = [mail.get_body((kind,)) for kind in ("plain", "html")]
    return [part.get_content() for part in parts if part is not None]


def test_the_link_is_in_both_parts_and_nothing_that_was_typed(app: Flask, mailbox: Mailbox) -> None:
    flag = unconfirmed(shown_review())
    queue_confirmation(flag, "another")
    db.session.commit()
    (mail,) = mailbox()
    assert len(bodies(mail)) == 2
    for text in bodies(mail):
        assert "/report/confirm/" in text
        assert flag.explanation not in text


def test_a_receipt_names_thing_and_reason_in_the_language_of_the_report(app: Flask, mailbox: Mailbox) -> None:
    review = shown_review()
    notice = Notice("unlawful", NOTICE.explanation, "es")
    file_report("review", review.id, notice, reporter=make_user(language="en"), now=NOON)
    db.session.commit()
    (mail,) = mailbox()
    assert mail["Subject"] == "Hemos recibido tu aviso"
    for text in bodies(mail):
        assert "Ilegal" in text
        assert f"una reseña de {review.listing.provider.name}" in text


def test_somebody_who_has_left_gets_no_mail(app: Flask, mailbox: Mailbox) -> None:
    flag = reported(shown_review())
    before = len(mailbox())
    flag.user_id = None
    db.session.commit()
    db.session.refresh(flag)
    queue_receipt(flag)
    db.session.commit()
    assert len(mailbox()) == before
