"""An item of the queue with all that a moderator looks at before deciding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from marketplace.accounts.models import User
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.moderation.appeals.targets import appealed_thing
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.kinds.facts import facts_of
from marketplace.moderation.kinds.registry import open_moves, reasoned_move, reasoned_moves
from marketplace.moderation.queue.records import (
    AuthorRecord,
    Event,
    ProviderRecord,
    author_record,
    history,
    provider_record,
)
from marketplace.moderation.queue.risks import ShownRisk, shown_risk
from marketplace.moderation.reports.changes import Change, changed_since
from marketplace.moderation.reports.records import FlagRecord, flag_record
from marketplace.providers.membership import members_of
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.writing.redaction import Finding, findings_of, marked
from marketplace.reviews.writing.versions import earlier_versions
from marketplace.text.personal_data import Span


@dataclass(frozen=True, slots=True)
class Item:
    """What the page shows of one subject. `guide` names its topic (None for a provider's matters);
    `members` are those of the provider where it is their matter. Of a review or its edit, `findings` are the personal data
    in what waits, and `versions` what the review said before. Of a flag, `flags` is what it is compared with, and `change`
    what became of its thing since; of an appeal, `appealed` is the kind and row of what it is about."""

    subject: Subject
    facts: list[Fact]
    guide: Any
    history: list[Event]
    author: AuthorRecord | None
    members: list[User]
    provider: ProviderRecord
    findings: list[Finding]
    versions: Sequence[ReviewVersion]
    risk: ShownRisk | None = None
    flags: FlagRecord | None = None
    change: Change | None = None
    appealed: tuple[str, Any] | None = None

    @property
    def kind(self) -> str:
        """The subject's kind."""
        return self.subject.kind

    def reader_language(self, action: str | None = None) -> str:
        """The language in which the statement of an action is drafted: that of the first person who reads it."""
        if self.kind == "flag" and action == "dismiss":
            return str(self.subject.row.language)
        if self.kind == "appeal":
            return str(self.subject.row.language)
        readers = self.subject.readers()
        return readers[0].language if readers else address_language()

    @property
    def waits_for_provider(self) -> bool:
        """Whether its provider has to be decided on first."""
        return self.kind in ("listing", "listing_edit") and self.subject.provider.status == "pending"

    def marked(self, field: str) -> list[tuple[str, Span | None]]:
        """A text of a review or edit cut up at what was found in it."""
        return marked(self.subject.row, field, self.findings)

    @property
    def moves(self) -> tuple[str, ...]:
        """What may be decided on it as it is now."""
        return open_moves(self.subject)

    @property
    def reasoned_move(self) -> str | None:
        """The open move that takes a ground and a statement, or None."""
        return reasoned_move(self.subject)

    def moves_beside(self, reasoned: str | None) -> tuple[str, ...]:
        """The open moves that share a form: those without reasons, and the one that the form asks reasons for."""
        others = set(reasoned_moves(self.subject)) - {reasoned}
        return tuple(move for move in self.moves if move not in others)

    def moves_instead(self, reasoned: str | None) -> tuple[str, ...]:
        """The open moves with reasons that have a form of their own."""
        return tuple(move for move in reasoned_moves(self.subject) if move != reasoned)

    @property
    def is_settled_provider(self) -> bool:
        """Whether it is a provider that waits for nothing: found in the list of providers, not in the queue."""
        return self.kind == "provider" and not self.subject.is_waiting


def load_item(subject: Subject) -> Item:
    """Gather what is shown of a subject."""
    listing, author = subject.listing, subject.author
    guide = None
    review_id = subject.id if subject.kind in ("review", "review_edit") else 0
    if listing is not None:
        guide = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    return Item(
        subject=subject,
        facts=facts_of(subject),
        guide=guide,
        history=history(subject),
        author=author_record(author) if author is not None else None,
        members=[] if author is not None else members_of(subject.provider.id),
        provider=provider_record(subject.provider),
        findings=findings_of(subject.row) if review_id and subject.is_waiting else [],
        versions=earlier_versions([review_id]).get(review_id, ()) if review_id else (),
        risk=shown_risk(subject),
        appealed=appealed_thing(subject.row) if subject.kind == "appeal" else None,
        flags=flag_record(subject.row) if subject.kind == "flag" else None,
        change=changed_since(subject.row) if subject.kind == "flag" else None,
    )
