"""Mail: written in the caller's transaction as a job, delivered by the worker.

By default messages are files under `INSTANCE_PATH/mail/`; with `MAIL_URL` they go out by SMTP. A message is plain text and
HTML, in the reader's language, with one purpose and one link.
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template
from flask_babel import force_locale

from marketplace.config import Settings
from marketplace.extensions import now
from marketplace.i18n import interface_language
from marketplace.jobs import enqueue, task

TIMEOUT_SECONDS = 20


def queue_mail(to: str, template: str, *, language: str, key: str | None = None, **context: Any) -> None:
    """Queue the mail `templates/emails/<template>.txt` (first line: the subject) and `.html` to one address.

    `language` is the reader's; `key` makes it leave once however often it is queued.
    """
    spoken = interface_language(language)
    with force_locale(spoken.replace("-", "_")):
        values = {**context, "mail_language": spoken, "site_name": _settings().site_name}
        subject, _, text = render_template(f"emails/{template}.txt", **values).strip().partition("\n")
        html = render_template(f"emails/{template}.html", **values, subject=subject)
    queue_message(to, subject, text.strip() + "\n", html, language=spoken, key=key)


def queue_message(
    to: str, subject: str, text: str, html: str | None, *, language: str, key: str | None = None
) -> None:
    """Queue a message that is rendered already."""
    message = {"to": to, "subject": " ".join(subject.split()), "text": text, "html": html, "language": language}
    enqueue("mail.deliver", message, key=key)


@task("mail.deliver")
def deliver(payload: dict[str, Any]) -> None:
    """Send one queued message, or write it down where no server is set."""
    settings = _settings()
    message = compose(payload, settings.mail_sender)
    if settings.mail_url:
        _send(message, settings.mail_url)
    else:
        _write(message, settings.instance_path / "mail")


def compose(payload: dict[str, Any], sender: str) -> EmailMessage:
    """The message as it goes out."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = payload["to"]
    message["Subject"] = payload["subject"]
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Content-Language"] = payload["language"]
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(payload["text"])
    if payload.get("html"):
        message.add_alternative(payload["html"], subtype="html")
    return message


def _write(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    stamp = now().strftime("%Y%m%dT%H%M%S")
    name = f"{stamp}-{message['Message-ID'].strip('<>').partition('@')[0]}.eml"
    partial = folder / f".{name}"
    partial.write_bytes(message.as_bytes())
    partial.rename(folder / name)


def _send(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
