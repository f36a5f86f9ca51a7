"""A real mail server on the loopback address, for tests of delivery, and mails read back from the site's folder."""

from __future__ import annotations

import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from tests.server import free_port


class Postbox:
    """A server that keeps what it is sent; `answers` are what it says to each recipient, quitting and data."""

    def __init__(
        self, *, recipient: str = "250 OK", data: str = "250 OK", quitting: str = "", **options: Any
    ) -> None:
        self.taken: list[Envelope] = []
        self.arrived = threading.Event()
        self.recipient, self.data, self.quitting = recipient, data, quitting
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port(), **options)
        self.url = f"smtp://127.0.0.1:{self.controller.port}"

    def __enter__(self) -> Postbox:
        self.controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.controller.stop()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data.startswith("250"):
            self.taken.append(envelope)
            self.arrived.set()
        return self.data

    async def handle_QUIT(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return self.quitting or "221 Bye"


def read_letter(data: bytes) -> EmailMessage:
    """A mail as its reader's program takes it."""
    message: Any = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def letters_in(instance: Path) -> list[EmailMessage]:
    """The mails that a site without a mail server wrote, oldest first."""
    files = sorted((instance / "mail").glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
    return [read_letter(path.read_bytes()) for path in files]
