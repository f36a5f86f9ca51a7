"""Mails about accounts: one purpose, one link, nothing of what a stranger typed."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from tests.accounts.people import GOOD_PASSWORD, link_of, sign_up
from tests.clients import Client
from tests.factories import PASSWORD, make_user, sign_in

Mailbox = Callable[[], list[EmailMessage]]


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/es", "es"), ("/de", "en")])
def test_a_mail_is_in_the_language_of_the_address_and_its_link_too(
    client: Client, mailbox: Mailbox, prefix: str, language: str
) -> None:
    if client.get(f"{prefix}/account/sign-up/").status_code == 404:
        prefix, language = "", "en"  # no guides in this language here
    sign_up(client, page=f"{prefix}/account/sign-up/")
    (message,) = mailbox()
    assert message["Content-Language"] == language
    assert link_of(message).startswith(f"{prefix}/account/confirm/")
    assert f'<html lang="{language}"' in text_of(message, "html")


def test_a_member_is_written_to_in_their_own_language(app: Flask, client: Client, mailbox: Mailbox) -> None:
    user = make_user(language="es", confirmed=False)
    db.session.commit()
    sign_in(client, user)
    client.submit("/account/confirm/", {}, on="/account/confirm/")
    (message,) = mailbox()
    assert message["Content-Language"] == "es"
    assert link_of(message).startswith("/es/account/confirm/")


def test_links_lead_to_the_site_whatever_host_was_asked(client: Client, mailbox: Mailbox) -> None:
    token = client.page("/account/sign-up/").one("input", name="csrf_token").get("value")
    data = {"name": "Anna", "email": "anna@example.com", "password": GOOD_PASSWORD, "csrf_token": token}
    client.post("/account/sign-up/", data=data, headers={"X-Forwarded-Host": "evil.example"})
    (message,) = mailbox()
    assert link_of(message)
    assert "evil" not in message.as_string()


def test_the_name_that_was_typed_is_in_no_mail(client: Client, mailbox: Mailbox) -> None:
    sign_up(client, name="You won a prize")
    (message,) = mailbox()
    assert "prize" not in text_of(message)
    assert "prize" not in text_of(message, "html")


def test_a_known_address_is_told_that_it_has_an_account(app: Flask, client: Client, mailbox: Mailbox) -> None:
    make_user(email="anna@example.com")
    db.session.commit()
    sign_up(client)
    (message,) = mailbox()
    assert message["To"] == "anna@example.com"
    assert link_of(message).startswith("/account/reset/")
    assert len(db.session.scalars(select(User)).all()) == 1


def test_a_change_of_password_is_told(app: Flask, client: Client, mailbox: Mailbox) -> None:
    user = make_user(email="anna@example.com", language="es")
    db.session.commit()
    sign_in(client, user)
    client.submit("/account/password/", {"password": PASSWORD, "new_password": GOOD_PASSWORD})
    (message,) = mailbox()
    assert message["Content-Language"] == "es"
    assert link_of(message) == "/es/account/reset/"


@pytest.mark.usefixtures("no_jobs")
def test_a_mail_and_what_it_tells_are_one_transaction(app: Flask, client: Client) -> None:
    """The account and the job that mails its link appear together, and nothing else is committed on the way."""
    from sqlalchemy import event

    commits = []
    event.listen(db.engine, "commit", lambda connection: commits.append(1))
    sign_up(client)
    writing = len(commits)
    db.session.expire_all()
    assert len(db.session.scalars(select(User)).all()) == 1
    assert db.session.scalars(select(Job.task)).all() == ["mail.deliver"]
    assert writing == 1


def test_a_mail_that_cannot_be_written_leaves_no_account(app: Flask, client: Client) -> None:
    db.session.execute(db.text("DROP TABLE job"))
    db.session.commit()
    try:
        with pytest.raises(Exception, match="job"):
            sign_up(client)
        assert db.session.scalars(select(User)).all() == []
    finally:
        db.session.rollback()
        Job.__table__.create(db.engine)
