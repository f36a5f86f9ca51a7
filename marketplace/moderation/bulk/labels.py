"""What the page about spam says: why reviews stand together, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.moderation.decisions.registry import find_kind
from marketplace.providers.models import Provider


def tie_words(tie: str) -> str:
    """What ties the reviews of a campaign, in a sentence's words."""
    said = {
        "network": _("same network"),
        "text": _("nearly the same text"),
        "rush": _("same listing within an hour"),
    }
    return str(said[tie])


def refusal_words(code: str) -> str:
    """Why nothing was rejected."""
    said = {
        "nothing_ticked": _("Tick at least one"),
        "action_missing": _("Choose what happens to what you ticked"),
        "too_many": _("Tick up to %(most)s at a time", most=MOST_AT_ONCE),
    }
    return str(said.get(code) or words.refusal_words(code))


def left_out_words(left_out: Mapping[tuple[str, int], str]) -> list[str]:
    """What was left out, each by its provider and number, with the reason."""
    reasons = {
        "changed": _("changed in the meantime"),
        "decided": _("decided in the meantime"),
        "moving": _("decided in the meantime"),
        "own": _("about you or your provider"),
        "gone": _("no longer there"),
        "cover_rest": _("personal data must be covered first"),
        "has_proof": _("a proof is attached: look at it on its own"),
        "provider_pending": _("its provider must be accepted first"),
        "trader_unknown": _("its provider has not said who is behind it"),
    }
    return [
        f"{_named(kind, number)} ({number}), {reasons.get(code) or refusal_words(code)}"
        for (kind, number), code in left_out.items()
    ]


def _named(kind: str, number: int) -> str:
    provider = find_kind(kind).provider_id_of(number)
    name = db.session.scalar(select(Provider.name).where(Provider.id == provider))
    return words.item_title(kind, name) if name is not None else words.kind_word(kind)
