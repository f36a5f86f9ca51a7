"""Members and their roles."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_security.core import UserMixin
from flask_security.utils import verify_password
from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db
from marketplace.text.clean import normal_address

NAME_LENGTH = 60


class Role(StrEnum):
    """What an account may do."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


STAFF_ROLES = (Role.MODERATOR, Role.ADMIN)


class User(db.Model, UserMixin):
    """A person with an account. `name` is what reviews show; `language` is the language of mails to this person.
    `terms_version` is the version of the terms accepted when signing up; None where nothing was asked.
    `signup_key` is the SHA-256 of what the browser holds that signed up, until the address is confirmed."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("role IN ('member', 'moderator', 'admin')", name="role"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), default="")
    language: Mapped[str] = mapped_column(String(12), default="en")
    role: Mapped[str] = mapped_column(String(10), default=Role.MEMBER)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    terms_version: Mapped[str | None] = mapped_column(String(10))
    signup_key: Mapped[str | None] = mapped_column(String(64))

    @validates("email")
    def _fold_email(self, key: str, email: str) -> str:
        return normal_address(email)  # one account an address

    @property
    def roles(self) -> list[Any]:
        """Flask-Security's word for it; roles are checked by our own access rules."""
        return []

    @roles.setter
    def roles(self, value: list[Any]) -> None:
        pass

    @property
    def is_staff(self) -> bool:
        """Whether the person may use the moderators' desk."""
        return self.role in STAFF_ROLES

    def verify_and_update_password(self, password: str) -> bool:
        """Whether this is the password. Nothing is written: signing in must not wait for the database's write lock."""
        return self.password is not None and verify_password(password, self.password)
