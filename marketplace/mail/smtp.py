"""Hands one message to a mail server; the address of the server is the setting `MAIL_URL`.

`smtp://` plain (port 25), `smtp+starttls://` (587) and `smtps://` (465) encrypted with a checked certificate;
`user:password@` signs in.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

TIMEOUT_SECONDS = 20
NO_SUCH_MAILBOX = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10")  # RFC 3463, RFC 7505
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class Refused(Exception):
    """The server says that there is no such mailbox: no further try can help."""


def send(message: EmailMessage, url: str) -> None:
    """Deliver; returns once the server has taken the message. Raises `Refused` when there is no such mailbox, else what
    smtplib or the socket raise: then another try may succeed, once the server or the settings are mended."""
    parts = urlsplit(url)
    server = _connect(parts)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        if all(
            code >= 500 and words.startswith(NO_SUCH_MAILBOX) for code, words in error.recipients.values()
        ):
            raise Refused from error
        raise
    finally:
        # The message is taken or not; a server that stumbles over the farewell must not send it again.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()


def _connect(parts: SplitResult) -> smtplib.SMTP:
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
