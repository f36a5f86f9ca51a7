"""An item of the queue with all that a moderator looks at before deciding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marketplace.accounts.models import User
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.moderation.decisions.actions import Details
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.queries import pending_decision
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Decision
from marketplace.moderation.queue.records import (
    AuthorRecord,
    Event,
    ProviderRecord,
    author_record,
    history,
    provider_record,
)
from marketplace.providers.membership import members_of
from marketplace.reviews.writing.redaction import marked
from marketplace.text.personal_data import Span


@dataclass(frozen=True, slots=True)
class Item:
    """What the page shows of one subject. `guide` names its topic (None for a provider's matters), `members` are those of
    the provider where nobody wrote it alone. `pending` is a decision that has not taken effect yet."""

    subject: Subject[Any]
    facts: list[Fact]
    guide: Any
    history: list[Event]
    author: AuthorRecord | None
    members: list[User]
    provider: ProviderRecord
    details: Details
    pending: Decision | None

    @property
    def kind(self) -> str:
        """The subject's kind."""
        return self.subject.kind

    @property
    def is_waiting(self) -> bool:
        """Whether it is in the queue."""
        return self.subject.is_waiting and self.pending is None

    def statement_language(self, action: str) -> str:
        """The language in which the statement of an action is drafted."""
        return self.subject.statement_language(action) or address_language()

    def marked(self, field: str) -> list[tuple[str, Span | None]]:
        """A text of a review or edit cut up at what was found in it."""
        return marked(self.subject.row, field, self.details.findings)

    @property
    def actions(self) -> tuple[str, ...]:
        """What can be decided on it now."""
        return self.subject.open_actions() if self.pending is None else ()

    @property
    def reasoned_actions(self) -> tuple[str, ...]:
        """Those of them that need a ground and a statement: a page asks for one at a time."""
        return tuple(action for action in self.actions if self.subject.grounds_for(action))

    @property
    def reasoned_action(self) -> str | None:
        """The first of these, or None."""
        return next(iter(self.reasoned_actions), None)

    def form_actions(self, reasoned: str | None) -> tuple[str, ...]:
        """The actions that share a form: those without reasons, and the one that the form asks reasons for."""
        others = set(self.reasoned_actions) - {reasoned}
        return tuple(action for action in self.actions if action not in others)

    def other_actions(self, reasoned: str | None) -> tuple[str, ...]:
        """The actions with reasons that have a form of their own."""
        return tuple(action for action in self.reasoned_actions if action != reasoned)


def load_item(subject: Subject[Any]) -> Item:
    """Load what is shown of a subject."""
    listing, author = subject.listing, subject.author
    guide = None
    if listing is not None:
        guide = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    return Item(
        subject=subject,
        facts=subject.facts(),
        guide=guide,
        history=history(subject),
        author=author_record(author) if author is not None else None,
        members=[] if author is not None else members_of(subject.provider.id),
        provider=provider_record(subject.provider),
        details=subject.details(),
        pending=pending_decision(subject.kind, subject.id),
    )
