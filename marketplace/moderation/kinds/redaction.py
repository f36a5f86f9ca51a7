"""Personal data found in a review or its edit is covered on publishing, or left on purpose: nobody overlooks it."""

from __future__ import annotations

from marketplace.core.errors import Invalid
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.subjects import Subject
from marketplace.reviews.writing.redaction import findings_of


def check_covered(subject: Subject, choice: Choice) -> None:
    """Raise `Invalid` where something was found that is neither covered nor left on purpose (`cover_rest`), or where what is
    to be covered was not found (`cover_unknown`)."""
    found = {finding.key for finding in findings_of(subject.row)}
    if set(choice.covered) - found:
        raise Invalid("cover_unknown", "cover")
    if found - set(choice.covered) and not choice.leaves_rest:
        raise Invalid("cover_rest", "leaves_rest")
