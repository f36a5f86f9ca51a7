"""Mail: written in the caller's transaction as a job, delivered by the worker.

By default messages are files under `INSTANCE_PATH/mail/`; with `MAIL_URL` they go out by SMTP. A message is plain text and
HTML, in the reader's language, with one purpose and one link. Mail may leave twice when a worker dies at the wrong
moment; its Message-ID stays the same, so that mailboxes show it once.

`MAIL_URL` is `smtp://` (plain, port 25), `smtp+starttls://` (587) or `smtps://` (465), the latter two with a checked
certificate; `user:password@` signs in.
"""

from __future__ import annotations

import contextlib
import secrets
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from email_validator import validate_email
from flask import g, render_template
from flask_babel import force_locale

from marketplace.core.config import Settings
from marketplace.core.extensions import current_settings, now
from marketplace.core.jobs.queue import GiveUp, enqueue, task
from marketplace.i18n.languages import interface_language

LONGEST_LINE = 998  # RFC 5322
STAMP = "%Y%m%dT%H%M%S"  # begins the names of files, so that they sort by time
KEEP_FILES = timedelta(days=30)


class WholeHeader(UnstructuredHeader):
    """A header of one long word, an address: mail programs read it only where it is neither folded nor encoded."""

    def fold(self, *, policy: Policy) -> str:
        """The header on one line."""
        return f"{self.name}: {self}{policy.linesep}"  # type: ignore[attr-defined]


_headers = HeaderRegistry()
_headers.map_to_type("list-unsubscribe", WholeHeader)  # type: ignore[arg-type]
POLICY = default.clone(header_factory=_headers)


def queue_mail(
    to: str,
    template: str,
    *,
    language: str,
    key: str | None = None,
    run_at: datetime | None = None,
    unsubscribe: str = "",
    **context: Any,
) -> None:
    """Queue the mail `templates/emails/<template>.txt` (first line: the subject) and `.html` to one address.

    `language` is the reader's: words, dates and links that the templates make are in it. `key` makes the mail leave once
    however often it is queued; it leaves at once, or not before `run_at`. `unsubscribe` is an address at which one POST
    ends such mails (RFC 8058); templates know it too. Raises ValueError for what is not one address.
    """
    spoken = interface_language(language)
    with speaking(language):
        values = {**context, "mail_language": spoken, "unsubscribe": unsubscribe}
        subject, _, text = render_template(f"emails/{template}.txt", **values).strip().partition("\n")
        html = render_template(f"emails/{template}.html", **values, subject=subject)
    text = text.strip() + "\n"
    queue_message(to, subject, text, html, language=spoken, unsubscribe=unsubscribe, key=key, run_at=run_at)


def queue_message(
    to: str, subject: str, text: str, html: str | None, *, language: str, unsubscribe: str = "", **when: Any
) -> None:
    """Queue a message that is rendered already. `when` is the job's `key` and `run_at`. Raises ValueError for what is not
    one address."""
    message = {
        "id": secrets.token_hex(12),
        "written": now().isoformat(),
        "to": str(one_address(to)),
        "subject": " ".join(subject.split()),
        "text": text,
        "html": html,
        "language": language,
        "unsubscribe": unsubscribe,
    }
    enqueue("mail.deliver", message, **when)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """What is rendered meanwhile speaks `language`, links included, whatever the request's language is."""
    before = g.get("language")
    g.language = language
    try:
        with force_locale(interface_language(language).replace("-", "_")):
            yield
    finally:
        if before is None:
            g.pop("language")
        else:
            g.language = before


def one_address(text: str, name: str = "") -> Address:
    """One address as it stands in a header. Raises ValueError for anything else: several, none, control characters."""
    local, at, domain = text.strip().rpartition("@")
    if not (local and at and domain) or not text.isprintable():
        raise ValueError("not one mail address")
    try:
        if not domain.isascii():
            domain = validate_email(text, check_deliverability=False).ascii_domain
        return Address(display_name=name, addr_spec=f"{local}@{domain}")
    except Exception as error:
        raise ValueError("not one mail address") from error


@task("mail.deliver")
def deliver(payload: dict[str, Any]) -> None:
    """Send one queued message, or write it to a file if no server is set."""
    settings = current_settings()
    if settings.mail_url:
        try:
            send_by_smtp(compose(payload, settings), settings.mail_url)
        except NoSuchMailbox as error:
            raise GiveUp from error
    else:
        message = compose(payload, settings, readable=True)
        stamp = datetime.fromisoformat(payload["written"]).strftime(STAMP)
        write(message, settings.instance_path / "mail", f"{stamp}-{payload['id']}.eml")


def compose(payload: dict[str, Any], settings: Settings, *, readable: bool = False) -> EmailMessage:
    """The message as it goes out; `readable` leaves long lines and letters with accents as they are, for files."""
    name, sender = parseaddr(settings.mail_sender)
    message = EmailMessage(policy=POLICY)
    message["From"] = one_address(sender, name or settings.site_name)
    message["To"] = one_address(payload["to"])
    message["Subject"] = payload["subject"]
    message["Date"] = format_datetime(datetime.fromisoformat(payload["written"]))
    message["Message-ID"] = f"<{payload['id']}@{one_address(sender).domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe := payload.get("unsubscribe"):
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(payload["text"], cte=_encoding(payload["text"], readable))
    if payload.get("html"):
        message.add_alternative(payload["html"], subtype="html", cte=_encoding(payload["html"], readable))
    message["Content-Language"] = payload["language"]  # last: setting the content clears headers like this
    return message


def write(message: EmailMessage, folder: Path, name: str) -> None:
    """Put the message into a file of its own, which appears complete. Links in it open accounts: owner only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = folder / f".{name}"
    partial.write_bytes(message.as_bytes())
    partial.rename(folder / name)


@task("mail.delete_files", every=timedelta(days=1))
def delete_files(payload: dict[str, Any]) -> None:
    """Delete message files that are old: they hold addresses and names."""
    oldest = (now() - KEEP_FILES).strftime(STAMP)
    for path in (current_settings().instance_path / "mail").glob("*.eml"):
        if path.name < oldest:
            path.unlink(missing_ok=True)


def _encoding(text: str, readable: bool) -> str | None:
    short = max(map(len, text.encode().split(b"\n"))) <= LONGEST_LINE
    if readable and short:
        return "8bit"
    return None if text.isascii() else "quoted-printable"


TIMEOUT_SECONDS = 20
NO_SUCH_MAILBOX = (b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10")  # RFC 3463, RFC 7505
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class NoSuchMailbox(Exception):
    """The server says that the mailbox does not exist: retrying cannot help."""


def send_by_smtp(message: EmailMessage, url: str) -> None:
    """Deliver; returns once the server has taken the message.

    Raises `NoSuchMailbox`, else what smtplib or the socket raise: then another try may succeed, once the server or the
    settings are mended.
    """
    parts = urlsplit(url)
    server = _connect(parts)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        answers = error.recipients.values()
        if all(code >= 500 and words.startswith(NO_SUCH_MAILBOX) for code, words in answers):
            raise NoSuchMailbox from error
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
