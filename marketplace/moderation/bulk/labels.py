"""What the page about spam says: why reviews stand together, and what was left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review


def ties_words(ties: Iterable[str]) -> str:
    """What ties the reviews of a campaign, in a sentence's words."""
    said = {
        "network": _("same network"),
        "text": _("nearly the same text"),
        "rush": _("same listing within an hour"),
    }
    return ", ".join(str(said[tie]) for tie in ties)


def refusal_words(code: str) -> str:
    """Why nothing was rejected."""
    said = {
        "nothing_ticked": _("Tick at least one review"),
        "action_missing": _("Choose what happens to the ticked reviews"),
        "too_many": _("Tick up to %(most)s reviews at a time", most=MOST_AT_ONCE),
    }
    return str(said.get(code) or words.refusal_words(code))


def left_out_words(left_out: Mapping[int, str]) -> list[str]:
    """Each review that was left out, by its provider and number, with the reason."""
    reasons = {
        "changed": _("changed in the meantime"),
        "decided": _("decided in the meantime"),
        "moving": _("decided in the meantime"),
        "own": _("about you or your provider"),
        "gone": _("no longer there"),
        "cover_rest": _("personal data must be covered first"),
    }
    query = (
        select(Review.id, Provider.name)
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Review.id.in_(left_out))
    )
    names = {row.id: words.item_title("review", row.name) for row in db.session.execute(query)}
    return [
        f"{names.get(number, words.kind_word('review'))} ({number}), {reasons.get(code) or refusal_words(code)}"
        for number, code in left_out.items()
    ]
