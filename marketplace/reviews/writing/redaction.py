"""Covering personal data in the text and outcome of a review before it is published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.core.extensions import db
from marketplace.i18n.locales import fold_text
from marketplace.reviews.models import OUTCOME_LENGTH, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.risk.signatures import remember_text
from marketplace.reviews.writing.versions import content_of, keep_version
from marketplace.text.near_duplicates import signature_of
from marketplace.text.personal_data import BLOCK, Span, find_personal_data, mask, pieces

FIELDS = ("text", "outcome")


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data in one of the texts of a review or an edit: `field` is `text` or `outcome`."""

    field: str
    span: Span
    words: str

    @property
    def key(self) -> str:
        """Its name in a form; valid as long as the version stays the same."""
        return f"{self.field}-{self.span.start}-{self.span.end}"


def findings_of(row: Review | ReviewEdit) -> list[Finding]:
    """The personal data in a review or an edit, in reading order. The provider's own name is none."""
    found = []
    for field in FIELDS:
        text = getattr(row, field)
        for span in find_personal_data(text):
            words = text[span.start : span.end]
            if span.kind != "name" or not _names_provider(words, row.listing.provider.name):
                found.append(Finding(field, span, words))
    return found


def _names_provider(words: str, name: str) -> bool:
    return set(fold_text(words).split()) <= set(fold_text(name).split())


def marked(
    row: Review | ReviewEdit, field: str, findings: Sequence[Finding]
) -> list[tuple[str, Span | None]]:
    """One text of a row, split at the findings in it."""
    return pieces(getattr(row, field), [finding.span for finding in findings if finding.field == field])


def covered_texts(row: Review | ReviewEdit, keys: Collection[str]) -> dict[str, str]:
    """Text and outcome with these findings covered; unknown keys are ignored."""
    chosen = [finding for finding in findings_of(row) if finding.key in keys] if keys else []
    texts = {
        field: mask(getattr(row, field), [finding.span for finding in chosen if finding.field == field])
        for field in FIELDS
    }
    return {**texts, "outcome": texts["outcome"][:OUTCOME_LENGTH]}


def cover(row: Review | ReviewEdit, keys: Collection[str], *, now: datetime) -> bool:
    """Cover findings in the row's own texts; the author's words are kept as a version. False where nothing changes.

    The caller locks the row and raises its version.
    """
    texts = covered_texts(row, keys)
    if all(getattr(row, field) == text for field, text in texts.items()):
        return False
    review = row.review if isinstance(row, ReviewEdit) else row
    keep_version(review, content=content_of(row), cause="masked", now=now)
    for field, text in texts.items():
        setattr(row, field, text)
    db.session.flush()
    if isinstance(row, Review):
        remember_text(row.id, signature_of(row.text))
    return True


def is_covered(text: str, outcome: str, versions: Collection[ReviewVersion]) -> bool:
    """Whether a moderator covered something in the current text of a review."""
    return BLOCK in text + outcome and any(version.cause == "masked" for version in versions)
