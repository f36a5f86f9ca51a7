"""What tests of accounts share: signing up and in by the forms, and the links of mails."""

from __future__ import annotations

import re
from email.message import EmailMessage
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from tests.clients import Client

GOOD_PASSWORD = "seven otters paint lamps"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/\S+)")


def sign_up(
    client: Client, email: str = "anna@example.com", page: str = "/account/sign-up/", **typed: str
) -> TestResponse:
    """Fill in the form for a new account."""
    fields = {"name": "Anna", "email": email, "password": GOOD_PASSWORD, **typed}
    return client.submit(page.partition("?")[0], fields, on=page)


def sign_in_as(
    client: Client, email: str, password: str, page: str = "/account/sign-in/", **typed: str
) -> TestResponse:
    """Fill in the form to sign in."""
    return client.submit(page.partition("?")[0], {"email": email, "password": password, **typed}, on=page)


def token_of(client: Client, page: str, **options: Any) -> str:
    """The form token of a page."""
    return client.page(page, **options).one("input", name="csrf_token").attrib["value"]


def link_of(message: EmailMessage) -> str:
    """The path of the one link in a mail; fails when there are several, or the two parts differ."""
    paths = set()
    for kind in ("plain", "html"):
        part = message.get_body((kind,))
        assert part is not None
        text = str(part.get_content()).replace("&amp;", "&")
        found = {path.split("<")[0].split('"')[0] for path in LINK.findall(text)}
        paths |= {path for path in found if len(path) > 1}
    assert len(paths) == 1, paths
    return paths.pop()


def is_signed_in(client: Client) -> bool:
    """Whether the account's page opens."""
    return client.get("/account/").status_code == 200


def person(email: str = "anna@example.com") -> User:
    """The account of this address, as it is in the database now."""
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == email)).one()
