"""Mail: written with what it tells, in the reader's language, to one address; files by default, SMTP where it is set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, url_for
from flask_babel import get_locale
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.i18n.languages import address_language
from marketplace.mail.queue import one_address, queue_mail, queue_message, speaking
from tests.clock import FrozenClock
from tests.postbox import Postbox, read_letter

pytestmark = pytest.mark.slow

Mailbox = Callable[[], list[EmailMessage]]
HOSTILE = "Papers\r\nBcc: all@example.com\n\nText"


def put(
    to: str = "person@example.com", subject: str = "Your papers", text: str = "Ready.\n", **options: Any
) -> None:
    queue_message(to, subject, text, "<p>Ready.</p>", **{"language": "en", **options})
    db.session.commit()


def body(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def jobs_left() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Job.state).where(Job.task == "mail.deliver")))


def test_message_files_are_deleted_after_thirty_days(
    app: Flask, mailbox: Mailbox, clock: FrozenClock
) -> None:
    put(subject="Old")
    assert len(mailbox()) == 1
    clock.advance(timedelta(days=20))
    put(subject="New")
    assert len(mailbox()) == 2
    clock.advance(timedelta(days=10, seconds=1))
    assert [message["Subject"] for message in mailbox()] == ["New"]


def test_a_message_is_a_file_of_its_own_by_default(app: Flask, mailbox: Mailbox, clock: FrozenClock) -> None:
    put()
    (message,) = mailbox()
    assert message["To"] == "person@example.com"
    assert message["From"] == "Marketplace <marketplace@localhost.localdomain>"
    assert message["Subject"] == "Your papers"
    assert message["Date"].datetime == clock()
    assert message["Content-Language"] == "en"
    assert message["Auto-Submitted"] == "auto-generated"
    assert body(message) == "Ready.\n"
    assert body(message, "html") == "<p>Ready.</p>\n"


def test_the_files_are_for_the_owner_only(app: Flask, mailbox: Mailbox) -> None:
    put()
    mailbox()
    folder: Path = app.extensions["settings"].instance_path / "mail"
    assert folder.stat().st_mode & 0o077 == 0


def test_links_stay_whole_in_the_files(app: Flask, mailbox: Mailbox) -> None:
    link = "http://127.0.0.1:8000/account/reset/" + "x" * 300 + "/"
    put(text=f"Ábrelo:\n{link}\n")
    mailbox()
    (file,) = (app.extensions["settings"].instance_path / "mail").glob("*.eml")
    assert f"Ábrelo:\n{link}\n" in file.read_text()


def test_mail_leaves_with_what_it_tells_or_not_at_all(app: Flask, mailbox: Mailbox) -> None:
    queue_message("person@example.com", "s", "t", None, language="en")
    db.session.rollback()
    assert mailbox() == []


def test_a_key_sends_one_mail_however_often_it_is_queued(app: Flask, mailbox: Mailbox) -> None:
    for _ in range(3):
        put(key="review-7-published")
    mailbox()
    put(key="review-7-published")
    assert len(mailbox()) == 1


def test_a_mail_may_wait_for_its_moment(app: Flask, clock: FrozenClock) -> None:
    put(run_at=clock() + timedelta(seconds=15))
    run_due()
    assert jobs_left() == ["waiting"]
    clock.advance(timedelta(seconds=15))
    run_due()
    assert jobs_left() == ["done"]


def test_the_words_and_letters_of_any_language_arrive(app: Flask, mailbox: Mailbox) -> None:
    subject = "Tu reseña está publicada – ¡gracias! Ваши документы готовы, 你的文件" * 2
    put(subject=subject, text="Привет, señor Müller\n", language="es")
    (message,) = mailbox()
    assert (message["Subject"], message["Content-Language"]) == (subject, "es")
    assert body(message) == "Привет, señor Müller\n"


def test_a_subject_cannot_add_a_header(app: Flask, mailbox: Mailbox) -> None:
    put(subject=HOSTILE)
    (message,) = mailbox()
    assert message["Bcc"] is None
    assert message["Subject"] == "Papers Bcc: all@example.com Text"


@pytest.mark.parametrize(
    "to",
    [
        "person@example.com\r\nBcc: all@example.com",
        "person@example.com\nX: y",
        "person@example.com, all@example.com",
        "person@example.com;all@example.com",
        "person@example.com all@example.com",
        "Person <person@example.com>",
        "person@example.com>",
        "per\x00son@example.com",
        "@example.com",
        "person@",
        "person",
        "",
        "a@b@c\u2028d",
    ],
)
def test_what_is_not_one_address_is_refused(app: Flask, to: str) -> None:
    with pytest.raises(ValueError, match="not one mail address"):
        put(to=to)


def test_the_way_out_of_such_mails_stands_whole_in_its_header(app: Flask, make_app: Any) -> None:
    link = "https://marketplace.example/es/invitation/" + "x" * 120 + "/stop/"
    queue_message("person@example.com", "s", "t\n", None, language="en", unsubscribe=link)
    queue_message("person@example.com", "s", "t\n", None, language="en")
    db.session.commit()
    with Postbox() as server, make_app(MAIL_URL=server.url).app_context():
        run_due()
    first, second = (envelope.content for envelope in server.taken)
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in first
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in first
    assert b"List-Unsubscribe" not in second


def test_a_name_cannot_add_a_header() -> None:
    with pytest.raises(ValueError, match="not one mail address"):
        one_address("person@example.com", HOSTILE)
    assert (
        str(one_address("person@example.com", 'A "B", C <d@e>'))
        == '"A \\"B\\", C <d@e>" <person@example.com>'
    )


def test_an_international_domain_is_written_as_mail_servers_know_it() -> None:
    assert str(one_address("person@bücher.example")) == "person@xn--bcher-kva.example"


def test_a_message_keeps_its_number_when_it_is_sent_again(app: Flask, make_app: Any) -> None:
    put()
    with Postbox(data="451 4.3.0 later") as server, make_app(MAIL_URL=server.url).app_context():
        run_due()
        assert jobs_left() == ["waiting"]
        server.data = "250 OK"
        app.extensions["clock"].advance(timedelta(minutes=1))
        run_due()
    (job_state,) = jobs_left()
    (envelope,) = server.taken
    sent = read_letter(envelope.content)
    assert job_state == "done"
    assert sent["Message-ID"].endswith("@localhost.localdomain>")
    assert sent["Subject"] == "Your papers"


def test_a_server_that_is_away_is_tried_again(app: Flask, make_app: Any) -> None:
    put()
    with make_app(MAIL_URL="smtp://127.0.0.1:9").app_context():
        run_due()
    assert jobs_left() == ["waiting"]


def test_a_mailbox_that_does_not_exist_is_given_up(app: Flask, make_app: Any) -> None:
    put()
    with (
        Postbox(recipient="550 5.1.1 no such user") as server,
        make_app(MAIL_URL=server.url).app_context(),
    ):
        run_due()
    assert jobs_left() == ["failed"]


def test_what_goes_to_a_server_passes_any_relay(app: Flask, make_app: Any) -> None:
    put(
        subject="Ñandú", text="Ábrelo: http://127.0.0.1:8000/" + "x" * 2000 + "\n", to="person@bücher.example"
    )
    with Postbox() as server, make_app(MAIL_URL=server.url).app_context():
        run_due()
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["person@xn--bcher-kva.example"]
    assert envelope.content.isascii()
    assert max(map(len, envelope.content.splitlines())) <= 998
    sent = read_letter(envelope.content)
    assert body(sent).startswith("Ábrelo: http://127.0.0.1:8000/xxx")


def test_the_site_and_the_sender_stand_in_from(app: Flask, make_app: Any) -> None:
    put()
    settings = {"SITE_NAME": "Papers, Ltd", "MAIL_SENDER": "post@papers.example"}
    with Postbox() as server, make_app(MAIL_URL=server.url, **settings).app_context():
        run_due()
    assert b'From: "Papers, Ltd" <post@papers.example>' in server.taken[0].content


def test_speaking_changes_words_and_links_and_changes_them_back(app: Flask) -> None:
    with app.test_request_context("/de/"):
        g.language = "de"
        with speaking("es"):
            assert address_language() == "es"
            assert url_for("directory.home", _external=True) == "http://127.0.0.1:8000/es/"
            assert get_locale().language == "es"
        assert address_language() == "de"


def test_the_worker_speaks_too_though_nobody_asked_for_a_page(app: Flask) -> None:
    with speaking("es"):
        assert url_for("accounts.overview", _external=True) == "http://127.0.0.1:8000/es/account/"
        assert (
            url_for("accounts.overview", _external=True, _language="en") == "http://127.0.0.1:8000/account/"
        )
    assert url_for("accounts.overview") == "http://127.0.0.1:8000/account/"
    assert url_for("listing_pages.go", listing_id=7) == "http://127.0.0.1:8000/go/7"


def test_a_language_without_translation_gets_english_words(app: Flask, mailbox: Mailbox) -> None:
    queue_mail("person@example.com", "reset", language="de", link="http://127.0.0.1:8000/x")
    db.session.commit()
    (message,) = mailbox()
    assert message["Content-Language"] == "en"


def test_a_template_is_subject_text_and_html(app: Flask, mailbox: Mailbox) -> None:
    queue_mail("person@example.com", "reset", language="en", link="http://127.0.0.1:8000/?a=1&b=2")
    db.session.commit()
    (message,) = mailbox()
    assert message["Subject"]
    assert message["Subject"] not in body(message)
    assert "http://127.0.0.1:8000/?a=1&b=2" in body(message)
    assert 'href="http://127.0.0.1:8000/?a=1&amp;b=2"' in body(message, "html")
