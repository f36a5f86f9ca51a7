"""What the mails about placements say, in the language that is spoken when a writer is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says: its subject, its paragraphs, and what its one link is called."""

    subject: str
    paragraphs: tuple[str, ...]
    link: str


@dataclass(frozen=True, slots=True)
class Matter:
    """What a mail is about, as its words need it; dates are written already, `reason` is a code."""

    provider: str
    place: str
    end: str
    reason: str
    amount: str


Writer = Callable[[Matter], Words]


def _started(matter: Matter) -> Words:
    return Words(
        _("Your featured place is live: %(place)s", place=matter.place),
        (
            _(
                "%(provider)s stands at the top of %(place)s from now on, labelled as sponsored.",
                **_names(matter),
            ),
            _(
                "It is paid until %(day)s. Receipts and everything else about it are on your desk.",
                day=matter.end,
            ),
        ),
        _("Your featured place"),
    )


def _payment_failed(matter: Matter) -> Words:
    return Words(
        _("The payment for your featured place failed: %(place)s", place=matter.place),
        (
            _("The card for the place of %(provider)s on %(place)s was refused.", **_names(matter)),
            _(
                "Change the card and pay what is open by %(day)s, and the place stays. Else it ends then.",
                day=matter.end,
            ),
        ),
        _("Change the card and pay"),
    )


def _canceling(matter: Matter) -> Words:
    return Words(
        _("Your featured place ends on %(day)s: %(place)s", day=matter.end, place=matter.place),
        (
            _(
                "You cancelled the place of %(provider)s on %(place)s. It is shown until %(day)s and costs nothing more.",
                day=matter.end,
                **_names(matter),
            ),
            _("You can take that back until it ends."),
        ),
        _("Your featured place"),
    )


def _ended(matter: Matter) -> Words:
    reasons = {
        "over": _("The thirty days are over."),
        "unpaid": _("The payment did not come within seven days."),
        "canceled": _("It was cancelled."),
        "refunded": _("The payment was given back in full."),
        "dispute": _("The payment was disputed at the bank. Write to us if that was a mistake."),
    }
    return Words(
        _("Your featured place has ended: %(place)s", place=matter.place),
        (
            _(
                "%(provider)s no longer stands at the top of %(place)s. The listing keeps the place it earned.",
                **_names(matter),
            ),
            reasons.get(matter.reason, _("It was cancelled.")),
        ),
        _("Your featured places"),
    )


def _given_back(matter: Matter) -> Words:
    return Words(
        _("Your payment was given back: %(place)s", place=matter.place),
        (
            _(
                "Your payment for a featured place of %(provider)s on %(place)s came after the place was "
                "gone.",
                **_names(matter),
            ),
            _("We gave it back in full. Your bank shows it within some days."),
        ),
        _("Your featured places"),
    )


def _async_failed(matter: Matter) -> Words:
    return Words(
        _("Your payment did not arrive: %(place)s", place=matter.place),
        (
            _(
                "The payment for a featured place of %(provider)s on %(place)s failed, and the place is free again. "
                "Nothing was charged.",
                **_names(matter),
            ),
        ),
        _("Your featured places"),
    )


def _slot_free(matter: Matter) -> Words:
    return Words(
        _("A featured place is free for you: %(place)s", place=matter.place),
        (
            _(
                "You are first on the waiting list of %(place)s. A place is kept for %(provider)s until %(day)s.",
                day=matter.end,
                **_names(matter),
            ),
            _("After that it goes to the next one. You pay nothing unless you take it."),
        ),
        _("Take the place"),
    )


def _pass_ending(matter: Matter) -> Words:
    return Words(
        _("Your featured place ends on %(day)s: %(place)s", day=matter.end, place=matter.place),
        (
            _(
                "The thirty days of %(provider)s on %(place)s end on %(day)s. Nothing is charged by itself.",
                day=matter.end,
                **_names(matter),
            ),
            _("After it has ended you can buy another pass, or a place by the month."),
        ),
        _("Your featured place"),
    )


def _hidden(matter: Matter) -> Words:
    reasons = {
        "provider": _(
            "The provider is suspended, as another mail says. A month still renews: you can cancel it on your desk."
        ),
        "listing": _(
            "Its listing is not published now. Put it back into the tables, and the place is shown again."
        ),
        "stale": _(
            "Nobody confirmed cost and time for too long. Confirm them, and the place is shown again."
        ),
    }
    return Words(
        _("Your featured place is hidden: %(place)s", place=matter.place),
        (
            _("The place of %(provider)s on %(place)s is paid but not shown.", **_names(matter)),
            reasons[matter.reason],
        ),
        _("Your featured place"),
    )


def _shown_again(matter: Matter) -> Words:
    return Words(
        _("Your featured place is shown again: %(place)s", place=matter.place),
        (_("%(provider)s stands at the top of %(place)s again.", **_names(matter)),),
        _("Your featured place"),
    )


def told_admin(matter: Matter) -> Words:
    """What an admin is told; `matter.reason` says of what."""
    happened = {
        "provider": _("It is paid but hidden: the provider is suspended."),
        "listing": _("It is paid but hidden: its listing is not published."),
        "stale": _("It is paid but hidden: its data were not confirmed for too long."),
        "dispute": _("The provider's bank took the payment back. The place has ended."),
        "inquiry": _("The provider's bank asks about the payment. Answer it at Stripe; the place stays."),
        "late": _("A payment came after its slot was gone, and was given back."),
        "refund_failed": _("A refund did not arrive. See at Stripe what is to be done."),
    }
    return Words(
        _("Featured place of %(provider)s: %(place)s", **_names(matter)),
        (happened[matter.reason],),
        _("The placement"),
    )


def _names(matter: Matter) -> dict[str, str]:
    return {"provider": matter.provider, "place": matter.place}


def _given_part(matter: Matter) -> Words:
    return Words(
        _("A part of your payment was given back: %(place)s", place=matter.place),
        (
            _(
                "%(amount)s of your payment for the place of %(provider)s on %(place)s was given back.",
                amount=matter.amount,
                **_names(matter),
            ),
            _("The place goes on as it is. Your bank shows the amount within some days."),
        ),
        _("Your featured place"),
    )


WRITERS: dict[str, Writer] = {
    "started": _started,
    "payment_failed": _payment_failed,
    "canceling": _canceling,
    "ended": _ended,
    "given_back": _given_back,
    "given_part": _given_part,
    "async_failed": _async_failed,
    "slot_free": _slot_free,
    "pass_ending": _pass_ending,
    "hidden": _hidden,
    "shown_again": _shown_again,
}
