"""The signs by which a program tells moderators which reviews to look at closely, as readers may know them: each as a
sentence with the figures in use, and the points it adds."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.reviews.near_duplicates import COPIED, SIMILAR
from marketplace.reviews.risk import (
    BURST,
    EXTREME_FROM,
    FLOOD,
    NETWORK_BURST,
    NEW_ACCOUNT,
    WEIGHTS,
    YOUNG_ACCOUNT,
    Rush,
)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign: its code in `reviews.risk`, what it says, the points it adds."""

    code: str
    words: str
    points: int


def risk_signs() -> list[Sign]:
    """All signs, strongest first, in the language of the interface."""
    words = {**_rushes(), **_networks(), **_texts(), **_authors()}
    return [Sign(code, words[code], points) for code, points in WEIGHTS.items()]


def _rushes() -> dict[str, str]:
    def told(rush: Rush) -> dict[str, int]:
        return {"hour": rush.hour, "day": rush.day, "usual": rush.usual}

    return {
        "flood": _(
            "A flood: at least %(hour)s other reviews of the provider within an hour or %(day)s within a day, "
            "and %(usual)s times what it gets on a usual day on top.",
            **told(FLOOD),
        ),
        "burst": _(
            "A rush: at least %(hour)s other reviews of the provider within an hour or %(day)s within a day, "
            "and %(usual)s times what it gets on a usual day on top.",
            **told(BURST),
        ),
    }


def _networks() -> dict[str, str]:
    return {
        "member_network": _(
            "It came from a network from which somebody of this provider wrote a review of anything."
        ),
        "shared_network": _("Somebody else reviewed this provider from the same network."),
        "network_burst": _(
            "At least %(hour)s other reviews came from the same network within an hour, or %(day)s within a day.",
            hour=NETWORK_BURST.hour,
            day=NETWORK_BURST.day,
        ),
    }


def _texts() -> dict[str, str]:
    return {
        "copied_text": _(
            "Its text overlaps by %(percent)s%% or more with that of another review.", percent=COPIED
        ),
        "similar_text": _(
            "Its text overlaps by %(percent)s%% or more with that of another review.", percent=SIMILAR
        ),
        "hidden_contact": _("It may hold contact details in disguise, such as digits written as words."),
        "other_language": _("It reads like another language than the one it was sent as."),
        "messenger": _("It names a messenger or a social network."),
    }


def _authors() -> dict[str, str]:
    return {
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
            "All other reviews of the author, %(count)s or more, have the lowest number of stars, or all have the highest.",
            count=EXTREME_FROM,
        ),
    }
