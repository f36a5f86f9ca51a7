"""Export and erasure of a member's data. Services flush; the view commits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, inspect, or_, select

from marketplace.accounts.models import Role, User
from marketplace.accounts.privacy.signals import (
    Field,
    Section,
    account_erased,
    before_erasure,
    export_requested,
    written,
)
from marketplace.accounts.services import name_changed
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.mail.queue import queue_mail
from marketplace.text.clean import normal_address

# Jobs whose payload holds an address, and under which name: those about the account, and all mails.
ABOUT_ACCOUNT = {"accounts.mail_reset": "email", "accounts.mail_confirmation": "email"}
ADDRESSED = {"mail.deliver": "to", **ABOUT_ACCOUNT}
ROLE_LABELS = {Role.MEMBER: _l("Member"), Role.MODERATOR: _l("Moderator"), Role.ADMIN: _l("Admin")}


def data_of(user: User) -> list[Section]:
    """Everything stored about a member: the account first, then the answers of each feature."""
    own = [
        Field("email", _l("Email address"), user.email),
        Field("name", _l("Public name"), user.name),
        Field(
            "language",
            _l("Language of emails"),
            user.language,
            language_name(user.language, address_language()),
        ),
        Field("role", _l("Role"), user.role, ROLE_LABELS[Role(user.role)]),
        Field("created_at", _l("Account created"), user.created_at),
        Field("confirmed_at", _l("Email address confirmed"), user.confirmed_at),
        Field("terms_version", _l("Version of the terms accepted"), user.terms_version),
    ]
    answers = export_requested.send(None, user=user)
    # Receivers answer in no order of their own.
    found = sorted((one for _, sections in answers for one in sections), key=lambda one: one.code)
    return [Section("account", _l("Your account"), [own]), *found]


def as_file(sections: list[Section]) -> dict[str, Any]:
    """The same as JSON data: lists of objects by section."""
    return {
        section.code: [{field.code: written(field.value) for field in row} for row in section.rows]
        for section in sections
    }


def verify_owner(user: User, password: str) -> None:
    """Raises `Invalid` (`password_wrong`). Hashing takes a while: not to be called while writing."""
    if not user.verify_and_update_password(password):
        raise Invalid("password_wrong", "password")


def erase_account(user: User, *, take_down: bool, now: datetime) -> None:
    """Erase a member: the row goes, what others keep loses the name. One mail says so. What hangs on the address alone is
    forgotten where it is confirmed: else it may be somebody else's.

    Raises `NotFound` where the account has gone meanwhile, `Conflict` (`last_admin`), and what a feature raises that cannot
    let go yet, such as `only_member` of a provider with listings.
    """
    _hold(user)
    if user.role == Role.ADMIN and _admins() == 1:
        raise Conflict("last_admin")
    before_erasure.send(None, user=user)
    account_erased.send(None, user=user, take_down=take_down, now=now)
    name_changed.send(None, user=user)
    address, language = user.email, user.language
    _forget_mails(address, ADDRESSED if user.confirmed_at is not None else ABOUT_ACCOUNT)
    db.session.flush()
    db.session.execute(delete(User).where(User.id == user.id).execution_options(synchronize_session=False))
    db.session.expire_all()
    queue_mail(address, "account_erased", language=language)


def _hold(user: User) -> None:
    """The member's row, and every admin's: of the last two, one stays."""
    user_id: int = inspect(user).identity[0]  # its values may be old, or not there any more
    among: ColumnElement[bool] = User.id == user_id
    if db.session.scalar(select(User.role).where(User.id == user_id)) == Role.ADMIN:
        among = or_(among, User.role == Role.ADMIN)
    held = db.session.scalars(select(User.id).where(among).order_by(User.id).with_for_update()).all()
    if user_id not in held:
        raise NotFound
    db.session.refresh(user)


def _admins() -> int:
    return db.session.scalar(select(func.count(User.id)).where(User.role == Role.ADMIN, User.active)) or 0


def _forget_mails(address: str, tasks: Mapping[str, str]) -> None:
    jobs = db.session.execute(select(Job.id, Job.task, Job.payload).where(Job.task.in_(tasks)))
    mine = [job.id for job in jobs if normal_address(str(job.payload.get(tasks[job.task], ""))) == address]
    db.session.execute(delete(Job).where(Job.id.in_(mine)).execution_options(synchronize_session=False))
