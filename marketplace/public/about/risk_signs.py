"""Describes the risk signals of reviews for readers, with the numbers that the code uses."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.reviews.risk.lists import ODD_SIZE
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
from marketplace.reviews.risk.signatures import ALIKE_IN_LIST
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
        "member_network": _(
            "The author was seen in the same network as someone who belongs to the provider."
        ),
        "shared_network": _("Another author who reviewed the same provider was seen in the same network."),
        **_of_invitations(),
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


def _of_invitations() -> dict[str, str]:
    """What tells an invited client from the provider itself."""
    return {
        "member_address": _(
            "The author’s email address resembles that of someone who belongs to the provider."
        ),
        "own_domain": _("The author’s email address belongs to the provider’s website or company."),
        "same_mailbox": _(
            "Another invited client has the same mailbox under a different address, such as one with a "
            "tag or with other dots."
        ),
        "invited_account": _("The account was made after the provider’s invitation was sent."),
        "list_addresses": _(
            "The provider’s lists of clients contain addresses that resemble its own, or several of one mailbox."
        ),
        "list_answers": _("Of the clients on its lists, far more wrote than is usual on this site."),
        "list_ratings": _("Of the invited reviews, far more have five stars than is usual on this site."),
        "list_free_mail": _("Far more of the clients on its lists use a free email service than is usual."),
        "list_size": _(
            "For their time, the lists name far fewer or far more clients than usual: by %(times)s times or more.",
            times=ODD_SIZE,
        ),
        "list_style": _(
            "Another invited review of the listing is written in the same style: the texts overlap by "
            "%(percent)s per cent or more.",
            percent=ALIKE_IN_LIST,
        ),
    }


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
