"""A subject: one thing that is or was in the queue. Each kind is a class of its own, in `moderation.kinds`.

The class says everything that differs between kinds. Whoever decides, lists or shows subjects asks it and compares no kind.
"""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Generic, Self, TypeVar

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, inspect, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.locking import find_locked
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.models import Listing, ListingStatus
from marketplace.moderation.decisions.actions import Choice, Details, Mail
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.decisions.kinds import Kind
from marketplace.moderation.models import ActionName, Decision, FlagStatus
from marketplace.providers.membership import acts_for, is_member, members_of, same_owner
from marketplace.providers.models import Provider

Row = TypeVar("Row")
# The status in which an action leaves its subject.
LEFT_IN: Mapping[str, str] = {
    ActionName.REJECT: "rejected",
    ActionName.HIDE: "hidden",
    ActionName.SUSPEND: "suspended",
    ActionName.DISMISS: FlagStatus.DISMISSED,
}


class Subject(Kind, Generic[Row]):
    """A row of one kind."""

    def __init__(self, row: Row) -> None:
        self.row: Any = row

    # --- The row ---

    @classmethod
    def load(cls, subject_id: int, *, lock: bool = False) -> Self:
        """The subject; with `lock` read anew, and held until the transaction ends. Raises `NotFound`."""
        if lock:
            cls.lock_first(subject_id)
        row = (find_locked if lock else find_row)(cls.model, subject_id)
        if row is None:
            raise NotFound
        return cls(row)

    @classmethod
    def lock_first(cls, subject_id: int) -> None:
        """Lock what everybody locks before the row itself: otherwise two transactions could wait for each other."""
        if cls.parent is not None:
            find_locked(cls.parent, subject_id)

    @property
    def id(self) -> int:
        """The id in addresses and decisions: of an edit that of what it belongs to."""
        (key,) = inspect(self.row).identity
        return int(key)

    @property
    def version(self) -> int:
        """Counts the changes; a decision keeps the one that was read."""
        return int(self.row.version)

    @property
    def is_waiting(self) -> bool:
        """Whether it waits for a moderator."""
        return bool(self.row.status == EditStatus.PENDING)

    @property
    def since(self) -> datetime:
        """When it came into the queue, or was made where it never did, such as an imported listing."""
        moment: datetime = getattr(self.row, "submitted_at", None) or self.row.created_at
        return moment

    @property
    def was_sent(self) -> bool:
        """Whether it ever came into the queue."""
        return self.row.submitted_at is not None

    @property
    def listing(self) -> Listing | None:
        """The listing it is about; None where it is about a provider."""
        listing: Listing | None = getattr(self.row, "listing", None)
        return listing

    @property
    def provider(self) -> Provider:
        """The provider it is about."""
        provider: Provider = self.listing.provider if self.listing is not None else self.row.provider
        return provider

    @property
    def target(self) -> Subject[Any]:
        """What it is about in the end: of a report its target, else itself."""
        return self

    # --- People ---

    @property
    def author(self) -> User | None:
        """The person who wrote it; None for a provider's matters, or where the account was erased."""
        return self.row.user if self.is_authored else None

    @property
    def author_id(self) -> int | None:
        """The id of that person."""
        return self.row.user_id if self.is_authored else None

    def readers(self) -> list[User]:
        """Who reads the statement: the author, or the provider's members."""
        if self.is_authored:
            return [self.author] if self.author is not None and self.author.active else []
        return members_of(self.provider.id)

    def is_party(self, user: User) -> bool:
        """Whether it is the user's own matter: as its author, or as a member of its provider or of one with the
        same owner."""
        return self.author_id == user.id or acts_for(user.id, self.provider.id)

    def same_owner_facts(self) -> list[Fact]:
        """The other providers that have a member of its provider; those that also offer its procedure are marked."""
        listing = self.listing
        there: set[int] = set()
        if listing is not None:
            offering = select(Listing.provider_id).where(Listing.topic_id == listing.topic_id)
            there = set(db.session.scalars(offering.where(Listing.status != ListingStatus.REJECTED)))
        names = [
            _("%(name)s (offers this procedure too)", name=other.name) if other.id in there else other.name
            for other in same_owner(self.provider.id)
        ]
        return [Fact("same_owner", _("Same owner as"), "\n".join(names))] if names else []

    def contests_decision_of(self, user: User) -> bool:
        """Whether it is an appeal against a decision of the user."""
        return False

    @classmethod
    def concerns(cls, row: Any, user: User | None) -> bool:
        """Whether a decision on the row can be appealed by this user; None is a visitor with a signed link."""
        if user is None:
            return False
        if cls.is_authored:
            return row.user_id is not None and row.user_id == user.id
        return is_member(user.id, cls(row).provider.id)

    # --- Deciding ---

    def is_same(self, decision: Decision) -> bool:
        """Whether it is what was decided on: SQLite gives an id again once its row is gone."""
        return self.since <= decision.decided_at

    def words_read(self) -> str:
        """Stands for the words that a decision rests on: it changes with them."""
        return str(self.version)

    def content(self) -> tuple[Any, ...]:
        """What it says, for decisions on something else that rest on it."""
        return tuple(getattr(self.row, name) for name in self.content_fields) or (self.version,)

    def shown_content(self) -> tuple[Any, ...]:
        """Of that what readers see."""
        return self.content()

    def words_with(self, content: tuple[Any, ...]) -> str:
        """The `words_read` of what rests on the content of something else too."""
        return f"{self.row.version}:{hashlib.sha256(repr(content).encode()).hexdigest()}"

    def moved_by(self) -> ColumnElement[bool]:
        """The condition that a decision is on it, or on something else that changes it, such as an edit."""
        return Decision.subject.in_((self.kind, self.edit_kind)) & (Decision.subject_id == self.id)

    def open_actions(self) -> tuple[str, ...]:
        """What can be decided now."""
        return tuple(name for name, action in self.actions.items() if action.is_open(self))

    def grounds_for(self, action: str) -> tuple[Ground, ...]:
        """The grounds of an action; none where it needs no reasons."""
        return self.actions[action].grounds if action in self.actions else ()

    def asked_by(self, action: str) -> str:
        """Whose matter a decision is, for the ledger."""
        return self.actions[action].asked_by

    def effects_of(self, action: str) -> list[str]:
        """What an action changes elsewhere, in sentences for the moderator."""
        return []

    def after_effect(self, decision: Decision) -> None:
        """Called once a decision has taken effect."""

    def takedown_is_due(self) -> bool:
        """Whether the target of a report is in sight, and a report that is upheld takes it out."""
        return bool(self.row.status == "published")

    def take_down(self, decision: Decision, choice: Choice) -> None:
        """Take the target of a report out of sight, by `takedown`."""
        if self.takedown is not None:
            self.actions[self.takedown].apply(self, decision, choice)

    @classmethod
    def still_stands(cls, row: Any, action: str) -> bool:
        """Whether the decision is how things are; `row` is the parent's of an edit."""
        return bool(row.status == LEFT_IN[action])

    def can_be_reversed(self) -> bool:
        """Whether an upheld appeal reverses the decision at once."""
        return True

    def wait_again(self) -> None:
        """Put it back into the queue. Flushes."""
        self.row.status, self.row.note = EditStatus.PENDING, ""
        self.row.version += 1
        db.session.flush()

    # --- Mails ---

    def own_mails(self, decision: Decision) -> list[Mail] | None:
        """The mails of a kind that does not write to members alone; None where it does."""
        return None

    def further_mails(self, decision: Decision) -> list[tuple[str, User]]:
        """Mails to others than the readers: template and member."""
        return []

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """What the kind's templates need besides the usual."""
        return {}

    # --- Pages ---

    @abstractmethod
    def facts(self) -> list[Fact]:
        """Its values as a moderator reads them, in the language of the page; of an edit, beside the old ones."""

    def public_facts(self) -> list[Fact]:
        """The same as readers see it, to be quoted beside a report."""
        return self.facts()

    def judged_facts(self) -> list[Fact]:
        """The values that were decided on, to be quoted beside an appeal."""
        return self.public_facts()

    def details(self) -> Details:
        """What its page shows besides."""
        return Details()

    @property
    def has_own_page(self) -> bool:
        """Whether it is found elsewhere than in the queue, and its page stands alone."""
        return False

    @property
    def waits_for_provider(self) -> bool:
        """Whether its provider has to be decided on first."""
        return False

    def statement_label(self, action: str) -> Any:
        """The label of the statement's field, which names its reader."""
        return self.statement_heading

    def statement_language(self, action: str) -> str | None:
        """The language of the statement's reader; None where nobody reads it."""
        readers = self.readers()
        return readers[0].language if readers else None
