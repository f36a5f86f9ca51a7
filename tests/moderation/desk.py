"""The moderators' pages as a moderator uses them, for tests."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from sqlalchemy import func, select

from marketplace.core.extensions import db
from tests.clients import Client
from tests.moderation.waiting import id_of
from tests.pages import Page


def path(kind: str, row: Any) -> str:
    """The page of an item of the queue."""
    return f"/staff/queue/{kind}/{id_of(kind, row)}/"


def hidden_fields(page: Page, address: str) -> dict[str, str]:
    """What the form that posts to an address carries unseen."""
    fields = page.form(address).iter("input")
    return {
        field.get("name", ""): field.get("value", "") for field in fields if field.get("type") == "hidden"
    }


def press(client: Client, address: str, do: str, **values: str) -> Any:
    """Press a button of the item's form as it stands on its page."""
    return client.post(address, data={**hidden_fields(client.page(address), address), "do": do, **values})


def shown(response: Any, status: int) -> Page:
    """The page that was sent with a status."""
    assert response.status_code == status
    return Page(response.get_data(as_text=True))


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """What a mail says, as text or as `html`."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def count(model: Any) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(model)) or 0
