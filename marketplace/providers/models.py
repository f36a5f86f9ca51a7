"""Providers: the businesses, their members, changes that wait, and claims."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime, by_code_points, one_of
from marketplace.core.extensions import db
from marketplace.core.revisions import Revised
from marketplace.core.waiting_edits import EditStatus, WaitingMixin
from marketplace.i18n.collation import KEY_LENGTH, sort_key
from marketplace.i18n.folding import name_key

NAME_LENGTH = 120
WEBSITE_LENGTH = 500
DESCRIPTION_LENGTH = 2000
LANGUAGE_LIMIT = 40
OWN_KEY = "\x01"  # parts a key from the id of a provider that shares it; no name can hold it


class ProviderStatus(StrEnum):
    """Good standing is `ACTIVE`. `UNCLAIMED` providers come from rows found in the guides' files."""

    UNCLAIMED = "unclaimed"
    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REMOVED = "removed"


class ClaimStatus(StrEnum):
    """What became of a claim."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class TraderStatus(StrEnum):
    """What a provider has said of itself. `ASKED` ones were here before that was asked: they keep publishing."""

    UNKNOWN = "unknown"
    ASKED = "asked"
    TRADER = "trader"
    PRIVATE = "private"


TOLD = (TraderStatus.TRADER, TraderStatus.PRIVATE)
# The facts of a trader, in the order in which they are shown, and how long each may be.
TRADER_LENGTHS = {
    "legal_name": 200,
    "legal_form": 100,
    "address": 500,
    "seat": 2,
    "register_name": 200,
    "register_number": 60,
    "vat_number": 30,
    "contact": 255,
}


class TraderMixin:
    """Who is behind a provider, shared by a provider and the edit of its profile. `seat` is the ISO code of the address's
    country. Texts are empty where they are not stated."""

    trader: Mapped[str] = mapped_column(String(8), default=TraderStatus.UNKNOWN, server_default="unknown")
    legal_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    legal_form: Mapped[str] = mapped_column(String(100), default="", server_default="")
    address: Mapped[str] = mapped_column(Text, default="", server_default="")
    seat: Mapped[str] = mapped_column(String(2), default="", server_default="")
    register_name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    register_number: Mapped[str] = mapped_column(String(60), default="", server_default="")
    vat_number: Mapped[str] = mapped_column(String(30), default="", server_default="")
    contact: Mapped[str] = mapped_column(String(255), default="", server_default="")


def trader_columns(row: TraderMixin) -> dict[str, str]:
    """What a provider or an edit says of who is behind it. What is kept of somebody who has left is not said any more."""
    says = row.trader == TraderStatus.TRADER
    return {"trader": row.trader, **{name: getattr(row, name) if says else "" for name in TRADER_LENGTHS}}


# Providers that readers see.
SHOWN_PROVIDERS = (ProviderStatus.ACTIVE, ProviderStatus.UNCLAIMED)


class Provider(Revised, TraderMixin, db.Model):
    """A business or professional. Good standing is `active`; `unclaimed` ones come from rows found in the guides' files.

    `host` is the website's host in lower case without `www.`, the identity beside the name. `languages` are language
    tags, `countries` folder names. `revision` is raised with any change that shows on the provider's page. `warned_at` is
    when moderators put up the warning about faked reviews; None where there is none. `flags_made` counts its members'
    reports of reviews, `flags_upheld` and `flags_dismissed` what became of them. `lawful_at` is when a member declared that
    it offers lawful services only. `name_key` (see `i18n.folding`) and `host` identify it. Providers that were there twice
    before names were folded have their id behind the key until they are merged. One that was merged stays as a removed row
    without a website, so that its slug and id lead to the one that it turned out to be, `merged_into_id`.
    """

    __tablename__ = "provider"
    __table_args__ = (
        CheckConstraint(one_of("status", ProviderStatus), name="status"),
        CheckConstraint(one_of("trader", TraderStatus), name="trader"),
        CheckConstraint("merged_into_id IS NULL OR status = 'removed'", name="merged"),
        UniqueConstraint("name_key", "host"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    sort_name: Mapped[str] = mapped_column(
        by_code_points(KEY_LENGTH), default=lambda row: sort_key(row.get_current_parameters()["name"])
    )
    name_key: Mapped[str] = mapped_column(
        Text, default=lambda row: name_key(row.get_current_parameters()["name"])
    )
    website: Mapped[str] = mapped_column(String(WEBSITE_LENGTH))
    host: Mapped[str] = mapped_column(String(255), index=True)
    description: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    countries: Mapped[list[str]] = mapped_column(JSON, default=list)
    status: Mapped[str] = mapped_column(String(10), default=ProviderStatus.PENDING)
    search_text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lawful_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    flags_made: Mapped[int] = mapped_column(default=0, server_default="0")
    flags_upheld: Mapped[int] = mapped_column(default=0, server_default="0")
    flags_dismissed: Mapped[int] = mapped_column(default=0, server_default="0")
    members: Mapped[list[ProviderMember]] = relationship(
        back_populates="provider", cascade="all, delete-orphan"
    )
    edit: Mapped[ProviderEdit | None] = relationship(back_populates="provider", cascade="all, delete-orphan")

    @validates("name")
    def _keep_keys(self, _: str, name: str) -> str:
        self.sort_name, self.name_key = sort_key(name), name_key(name)
        return name

    def take_identity(self, name: str, website: str, host: str) -> None:
        """Take a name and a website. One of two that were there before keeps its key while it stays what it is."""
        kept = self.name_key if self.is_identified_by(name, host) else name_key(name)
        self.name, self.website, self.host = name, website, host
        self.name_key = kept

    def is_identified_by(self, name: str, host: str) -> bool:
        """Whether these are a spelling of its name, and its website's host."""
        return (self.name_key.partition(OWN_KEY)[0], self.host) == (name_key(name), host)


class ProviderMember(db.Model):
    """A user who manages a provider's listings."""

    __tablename__ = "provider_member"
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    provider: Mapped[Provider] = relationship(back_populates="members")
    user: Mapped[User] = relationship()


class ProviderEdit(TraderMixin, WaitingMixin, db.Model):
    """A change of an active provider's name, website, description or trader's facts that waits for approval."""

    __tablename__ = "provider_edit"
    __table_args__ = (
        CheckConstraint(one_of("status", EditStatus), name="status"),
        CheckConstraint(one_of("trader", TraderStatus), name="trader"),
    )
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    website: Mapped[str] = mapped_column(String(WEBSITE_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")
    provider: Mapped[Provider] = relationship(back_populates="edit")

    @property
    def locked_first(self) -> Provider:
        """What `lock_row` locks before the edit."""
        return self.provider


class ProviderClaim(WaitingMixin, db.Model):
    """A member's word that an existing provider is theirs; decided by a moderator."""

    __tablename__ = "provider_claim"
    __table_args__ = (
        CheckConstraint(one_of("status", ClaimStatus), name="status"),
        UniqueConstraint("provider_id", "user_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(ForeignKey("provider.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    message: Mapped[str] = mapped_column(Text, default="")
    provider: Mapped[Provider] = relationship()
    user: Mapped[User] = relationship()

    @property
    def locked_first(self) -> Provider:
        """What `lock_row` locks before the claim."""
        return self.provider
