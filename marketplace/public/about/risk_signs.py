"""Describes the risk signals of reviews for readers, with the numbers that the code uses."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.reviews.risk.rules import (
    BURST,
    EXTREME_FROM,
    FLOOD,
    NETWORK_BURST,
    NEW_ACCOUNT,
    WEIGHTS,
    YOUNG_ACCOUNT,
    Rush,
)
from marketplace.text.near_duplicates import COPIED, SIMILAR


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal, and the points that it adds."""

    words: str
    points: int


def risk_signs() -> list[Sign]:
    """All signals, strongest first."""
    words = {
        "flood": _of_provider(FLOOD),
        "burst": _of_provider(BURST),
        "network_burst": _(
            "Many reviews from one network: at least %(hour)s others within an hour or %(day)s within a day.",
            hour=NETWORK_BURST.hour,
            day=NETWORK_BURST.day,
        ),
        "member_network": _("Someone who belongs to the provider is writing from the same network."),
        "shared_network": _("Another author reviewed the same provider from the same network."),
        "copied_text": _(
            "The text is the same as another review: they overlap by %(percent)s per cent or more.",
            percent=COPIED,
        ),
        "similar_text": _(
            "Much of the text appears in another review: they overlap by %(percent)s per cent or more.",
            percent=SIMILAR,
        ),
        "hidden_contact": _(
            "Possible contact details: a number or an address written in words, or the name of "
            "an email service."
        ),
        "messenger": _("A messaging app or social network is named."),
        "new_account": ngettext(
            "The account is less than a day old.",
            "The account is less than %(num)s days old.",
            NEW_ACCOUNT.days,
        ),
        "young_account": ngettext(
            "The account is less than a day old.",
            "The account is less than %(num)s days old.",
            YOUNG_ACCOUNT.days,
        ),
        "all_extreme": _(
            "All the author’s earlier reviews, at least %(count)s of them, give one star, or all give five.",
            count=EXTREME_FROM,
        ),
        "other_language": _("The text is in a different language from the one the author gave."),
    }
    return [Sign(words[code], points) for code, points in sorted(WEIGHTS.items(), key=lambda pair: -pair[1])]


def _of_provider(rush: Rush) -> str:
    return str(
        _(
            "Many reviews of one provider at once: at least %(hour)s others within an hour or "
            "%(day)s within a day, on top of %(usual)s times what it gets on a usual day.",
            hour=rush.hour,
            day=rush.day,
            usual=rush.usual,
        )
    )
