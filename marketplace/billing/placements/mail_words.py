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
        _("Your featured placement is live: %(place)s", place=matter.place),
        (
            _(
                "%(provider)s now appears at the top of %(place)s, labelled as sponsored.",
                **_names(matter),
            ),
            _(
                "It is paid for until %(day)s. You can find receipts and everything else about it on "
                "your provider pages.",
                day=matter.end,
            ),
        ),
        _("Your featured placement"),
    )


def _payment_failed(matter: Matter) -> Words:
    return Words(
        _("Payment failed for your featured placement: %(place)s", place=matter.place),
        (
            _(
                "The card for the featured placement of %(provider)s on %(place)s was declined.",
                **_names(matter),
            ),
            _(
                "To keep the placement, change the card and pay what you owe by %(day)s. Otherwise "
                "it ends on that day.",
                day=matter.end,
            ),
        ),
        _("Change the card and pay"),
    )


def _canceling(matter: Matter) -> Words:
    return Words(
        _("Your featured placement ends on %(day)s: %(place)s", day=matter.end, place=matter.place),
        (
            _(
                "You cancelled the featured placement of %(provider)s on %(place)s. It will be shown "
                "until %(day)s, and you have nothing more to pay.",
                day=matter.end,
                **_names(matter),
            ),
            _("You can undo this until it ends."),
        ),
        _("Your featured placement"),
    )


def _ended(matter: Matter) -> Words:
    reasons = {
        "over": _("The 30 days are over."),
        "unpaid": _("We did not receive the payment within seven days."),
        "canceled": _("It was cancelled."),
        "refunded": _("The payment was refunded in full."),
        "dispute": _("The payment was disputed with the bank. Write to us if that was a mistake."),
    }
    return Words(
        _("Your featured placement has ended: %(place)s", place=matter.place),
        (
            _(
                "%(provider)s no longer appears at the top of %(place)s. The listing keeps the "
                "position it earned.",
                **_names(matter),
            ),
            reasons.get(matter.reason, _("It was cancelled.")),
        ),
        _("Your featured placements"),
    )


def _given_back(matter: Matter) -> Words:
    return Words(
        _("We refunded your payment: %(place)s", place=matter.place),
        (
            _(
                "Your payment for a featured placement of %(provider)s on %(place)s arrived after "
                "the slot had gone.",
                **_names(matter),
            ),
            _("We refunded it in full. Your bank will show it within a few days."),
        ),
        _("Your featured placements"),
    )


def _async_failed(matter: Matter) -> Words:
    return Words(
        _("We did not receive your payment: %(place)s", place=matter.place),
        (
            _(
                "The payment for a featured placement of %(provider)s on %(place)s failed, and the "
                "slot is available again. Nothing was charged.",
                **_names(matter),
            ),
        ),
        _("Your featured placements"),
    )


def _slot_free(matter: Matter) -> Words:
    return Words(
        _("A featured placement is available to you: %(place)s", place=matter.place),
        (
            _(
                "You are first on the waiting list for %(place)s. We are keeping a slot for "
                "%(provider)s until %(day)s.",
                day=matter.end,
                **_names(matter),
            ),
            _("After that, it goes to the next provider on the list. You pay nothing unless you take it."),
        ),
        _("Take the slot"),
    )


def _pass_ending(matter: Matter) -> Words:
    return Words(
        _("Your featured placement ends on %(day)s: %(place)s", day=matter.end, place=matter.place),
        (
            _(
                "The 30 days of %(provider)s on %(place)s end on %(day)s. You will not be charged "
                "automatically.",
                day=matter.end,
                **_names(matter),
            ),
            _("After it ends, you can buy another pass or a monthly placement."),
        ),
        _("Your featured placement"),
    )


def _hidden(matter: Matter) -> Words:
    reasons = {
        "provider": _(
            "The provider is suspended, as we explained in another email. A monthly placement "
            "still renews. You can cancel it on your provider pages."
        ),
        "listing": _(
            "Its listing is not published at the moment. Show the listing in the tables again, "
            "and the placement will be shown too."
        ),
        "stale": _(
            "The cost and time have not been confirmed for too long. Confirm them, and the "
            "placement will be shown again."
        ),
    }
    return Words(
        _("Your featured placement is hidden: %(place)s", place=matter.place),
        (
            _(
                "The featured placement of %(provider)s on %(place)s is paid for but not shown.",
                **_names(matter),
            ),
            reasons[matter.reason],
        ),
        _("Your featured placement"),
    )


def _shown_again(matter: Matter) -> Words:
    return Words(
        _("Your featured placement is shown again: %(place)s", place=matter.place),
        (_("%(provider)s is at the top of %(place)s again.", **_names(matter)),),
        _("Your featured placement"),
    )


def told_admin(matter: Matter) -> Words:
    """What an admin is told; `matter.reason` says of what."""
    happened = {
        "provider": _("It is paid for but hidden because the provider is suspended."),
        "listing": _("It is paid for but hidden because its listing is not published."),
        "stale": _("It is paid for but hidden because its data has not been confirmed for too long."),
        "dispute": _("The provider’s bank took the payment back. The placement has ended."),
        "inquiry": _(
            "The provider’s bank is asking about the payment. Respond in Stripe. The placement stays."
        ),
        "late": _("A payment arrived after its slot had gone, and was refunded."),
        "refund_failed": _("A refund did not go through. Check in Stripe what needs to be done."),
    }
    return Words(
        _("Featured placement of %(provider)s: %(place)s", **_names(matter)),
        (happened[matter.reason],),
        _("The placement"),
    )


def _names(matter: Matter) -> dict[str, str]:
    return {"provider": matter.provider, "place": matter.place}


def _given_part(matter: Matter) -> Words:
    return Words(
        _("We refunded part of your payment: %(place)s", place=matter.place),
        (
            _(
                "We refunded %(amount)s of your payment for the featured placement of %(provider)s "
                "on %(place)s.",
                amount=matter.amount,
                **_names(matter),
            ),
            _("The placement continues as before. Your bank will show the refund within a few days."),
        ),
        _("Your featured placement"),
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
