"""Account services. They flush; the view or command commits."""

from __future__ import annotations

import re
import secrets
from typing import Any

from blinker import Namespace
from flask_security.confirmable import confirm_email_token_status, confirm_user, generate_confirmation_token
from flask_security.recoverable import generate_reset_password_token
from flask_security.signals import password_reset
from sqlalchemy import select

from marketplace.accounts.mails import queue_account_mail
from marketplace.accounts.models import NAME_LENGTH, User
from marketplace.accounts.terms import NEWEST
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue, task
from marketplace.text.clean import normal_address
from marketplace.text.deobfuscation import unmasked, visible
from marketplace.text.names import read_name

# Sent by services, in the transaction of the change, with the user as `user`: pages that show the name must be made anew.
name_changed = Namespace().signal("name-changed")
# Asks, of the `user`, whether they manage something that has pages of its own: receivers answer with true or false.
managing_requested = Namespace().signal("managing-requested")

ADDRESS = re.compile(
    r"@|://|\bwww\.|\w{3}\.(?:com|net|org|info|biz|io|me|site|online|shop|xyz|[a-z]{2})\b", re.IGNORECASE
)
PHONE = re.compile(r"(?:\d[\s().-]*){6,}")
LETTER = re.compile(r"[^\W\d_]")


def clean_name(text: str) -> str:
    """The name as it is stored. Raises `Invalid` as `text.names.read_name` does, and `name_address`, `name_letters`."""
    name = read_name(text, NAME_LENGTH)
    plain = visible(name)
    if ADDRESS.search(unmasked(plain)) or PHONE.search(plain):
        raise Invalid("name_address", "name")
    if not LETTER.search(name):
        raise Invalid("name_letters", "name")
    return name


def find_user(email: str) -> User | None:
    """The account with an email address, however it is spelled."""
    return db.session.scalar(select(User).where(User.email == normal_address(email)))


def request_reset(email: str, language: str) -> None:
    """Request an email with a link to choose a new password, if the account exists.

    Whether there is one is looked up by the worker: the answer says nothing about it, and takes as long in any case.
    """
    enqueue("accounts.mail_reset", {"email": email, "language": language})


@task("accounts.mail_reset")
def mail_reset(payload: dict[str, Any]) -> None:
    """Send the link if the account exists."""
    user = find_user(payload["email"])
    if user is not None and user.active:
        token = generate_reset_password_token(user)
        queue_account_mail(
            user, "reset", "security.reset_password", language=payload["language"], token=token
        )


def request_confirmation(email: str, language: str, next_page: str = "") -> None:
    """Request the confirmation email again, if the account exists; see `request_reset`."""
    enqueue("accounts.mail_confirmation", {"email": email, "language": language, "next": next_page})


@task("accounts.mail_confirmation")
def mail_confirmation(payload: dict[str, Any]) -> None:
    """Send the link if the account exists."""
    user = find_user(payload["email"])
    if user is not None and user.active and user.confirmed_at is None:
        send_confirmation(user, payload["language"], payload["next"])


def send_confirmation(user: User, language: str, next_page: str = "") -> None:
    """Send the link that confirms the member's address; `next_page` is where it leads afterwards."""
    arguments = {"next": next_page} if next_page else {}
    token = generate_confirmation_token(user)
    queue_account_mail(
        user, "confirm_address", "security.confirm_email", language=language, token=token, **arguments
    )


def user_to_confirm(token: str) -> User:
    """The user whom a link confirms. Raises `Invalid` (`link_wrong`, `link_expired`) or `Conflict` (`confirmed`)."""
    expired, invalid, user = confirm_email_token_status(token)
    if expired:
        raise Invalid("link_expired")
    if invalid or user is None:
        raise Invalid("link_wrong")
    if user.confirmed_at is not None:
        raise Conflict("confirmed")
    found: User = user
    return found


def confirm_address(user: User) -> None:
    """Mark the member's address as confirmed."""
    confirm_user(user)
    user.signup_key = None
    db.session.flush()


def change_details(user: User, *, name: str, language: str, languages: tuple[str, ...]) -> None:
    """Change the shown name and the language of mails. Raises `Invalid` for the field."""
    if language not in languages and language != user.language:
        raise Invalid("language_unknown", "language")
    cleaned = clean_name(name)
    user.language = language
    if cleaned != user.name:
        user.name = cleaned
        name_changed.send(None, user=user)
    db.session.flush()


def make_staff(email: str, role: str) -> tuple[User, bool]:
    """Create or find the account with an address, confirm it and set its role. Returns it and whether it is new.

    Whoever signed up with the address before it was confirmed may be somebody else: their password ends here.
    """
    user = find_user(email)
    created = user is None
    if user is None:
        user = User(email=email, created_at=now(), fs_uniquifier=secrets.token_hex(16), active=True)
        user.terms_version = NEWEST.name
        db.session.add(user)
    if user.confirmed_at is None:
        user.password = None
        user.fs_uniquifier = secrets.token_hex(16)
        user.confirmed_at = now()
    user.role = role
    user.active = True
    db.session.flush()
    return user, created


def password_token(user: User) -> str:
    """The token of a link that lets whoever has it choose the account's password, once."""
    return str(generate_reset_password_token(user))


def _prove_address(sender: object, user: User, **_: object) -> None:
    # The link of the mail was opened: no second mail is needed to know that the address is theirs.
    if user.confirmed_at is None:
        user.confirmed_at = now()


password_reset.connect(_prove_address)
