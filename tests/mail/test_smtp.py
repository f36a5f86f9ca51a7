"""Delivery to a real mail server on the loopback address."""

from __future__ import annotations

import socket
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from marketplace.mail.queue import NoSuchMailbox, send_by_smtp
from tests.postbox import Postbox

UNENCRYPTED = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


def letter(to: str = "person@example.com") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "marketplace@example.org"
    message["To"] = to
    message["Subject"] = "Your papers"
    message.set_content("Ready.\n")
    return message


def only_anna(server: Any, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    known = (data.login, data.password) == (b"anna", b"s:e/c@r et")
    # Not handled: the server answers, or the client would wait for it in vain.
    return AuthResult(success=known, handled=False)


def test_a_message_reaches_the_server() -> None:
    with Postbox() as server:
        send_by_smtp(letter(), server.url)
        (envelope,) = server.taken
        assert (envelope.mail_from, envelope.rcpt_tos) == ("marketplace@example.org", ["person@example.com"])
        assert b"Subject: Your papers" in envelope.content


@UNENCRYPTED
def test_a_server_that_asks_for_a_password_gets_it() -> None:
    with Postbox(auth_required=True, auth_require_tls=False, authenticator=only_anna) as server:
        send_by_smtp(letter(), server.url.replace("://", "://anna:s%3Ae%2Fc%40r%20et@"))
        assert len(server.taken) == 1


@UNENCRYPTED
def test_a_wrong_password_may_be_mended() -> None:
    with Postbox(auth_required=True, auth_require_tls=False, authenticator=only_anna) as server:
        with pytest.raises(Exception) as caught:
            send_by_smtp(letter(), server.url.replace("://", "://anna:wrong@"))
        assert not isinstance(caught.value, NoSuchMailbox)


def test_a_server_that_does_not_encrypt_gets_nothing_where_encryption_was_asked() -> None:
    with Postbox() as server:
        with pytest.raises(Exception, match="STARTTLS"):
            send_by_smtp(letter(), server.url.replace("smtp://", "smtp+starttls://"))
        assert server.taken == []


@pytest.mark.parametrize("answer", ["550 5.1.1 no such user", "553 5.1.3 bad address"])
def test_a_mailbox_that_does_not_exist_is_refused_for_good(answer: str) -> None:
    with Postbox(recipient=answer) as server, pytest.raises(NoSuchMailbox):
        send_by_smtp(letter(), server.url)


@pytest.mark.parametrize("answer", ["450 4.2.1 later", "554 5.7.1 relay denied", "550 what a day"])
def test_another_refusal_may_pass(answer: str) -> None:
    with Postbox(recipient=answer) as server, pytest.raises(Exception) as caught:
        send_by_smtp(letter(), server.url)
    assert not isinstance(caught.value, NoSuchMailbox)


def test_a_message_that_was_not_taken_is_not_delivered() -> None:
    with Postbox(data="451 4.3.0 disk full") as server:
        with pytest.raises(Exception, match="451"):
            send_by_smtp(letter(), server.url)
        assert server.taken == []


def test_a_server_that_stumbles_over_the_farewell_has_the_message() -> None:
    with Postbox(quitting="500 what?") as server:
        send_by_smtp(letter(), server.url)
        assert len(server.taken) == 1


def test_a_server_that_is_away_may_come_back() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(OSError):
        send_by_smtp(letter(), f"smtp://127.0.0.1:{port}")
