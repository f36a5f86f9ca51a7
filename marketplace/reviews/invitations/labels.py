"""What a provider is told of a list of clients, and a client of a link that does not work."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.errors import Refusal
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.values.money import format_number


class LinkWords(NamedTuple):
    """A heading, and what to do now."""

    title: str
    text: str


def list_problem(problem: Refusal) -> str:
    """What is wrong with a list of clients, as a sentence that says what to do."""
    told = _with_numbers(problem)
    return told or _plain().get(problem.code) or _("That did not work. Check what you sent and try again.")


def unread_words(reason: str) -> str:
    """Why a piece of the list is left out."""
    words = {
        "no_address": _("This is not an email address we can write to"),
        "member": _("This person is a member of your own provider"),
    }
    return str(words[reason])


def link_words(refusal: Refusal) -> LinkWords:
    """Why a link does not work, for the person who opened it."""
    known = {
        "link_wrong": (
            _("This link does not work"),
            _("Part of it may be missing. Copy the whole address from the email into your browser."),
        ),
        "expired": (
            _("This invitation has expired"),
            _(
                "You can write a review without it. It will be shown as unverified and will not "
                "count in the average."
            ),
        ),
        "used": (
            _("This invitation has already been used"),
            _("Someone wrote a review with it. If that was you, you can find the review in your account."),
        ),
        "opted_out": (
            _("You’ll get no more invitations"),
            _("You asked us to stop, so this link no longer works. You can write a review without it."),
        ),
        "not_shown": (
            _("This service is not listed at the moment"),
            _(
                "You cannot review it at the moment. If it comes back before your invitation "
                "expires, the link will work again."
            ),
        ),
        "other_address": (
            _("This invitation was sent to another email address"),
            _("Sign in with that address. If you have no account with it, sign out and create one."),
        ),
        "counts_already": (
            _("Your review already counts"),
            _("It already has other proof, so the invitation adds nothing."),
        ),
    }
    return LinkWords(*known[refusal.code])


def lost_words(refusal: Refusal) -> str:
    """Said on the form of a review whose invitation stopped working while it was written."""
    reason = link_words(refusal).title
    return _("%(reason)s. What you wrote is still here. Send it again without the invitation.", reason=reason)


def _plain() -> dict[str, str]:
    return {
        "period_missing": _("Choose a day"),
        "period_future": _("Choose today or an earlier day"),
        "period_old": _("Choose a day within the last year"),
        "period_order": _("The last day must be the same as or after the first day"),
        "addresses_missing": _("Enter the email address of every client from this period"),
        "nobody_new": _("You have already invited all of these clients in the last twelve months"),
        "language_unknown": _("Choose a language from the list"),
        "not_declared": _("Confirm this. We invite all clients from a period or none of them"),
        "file_text": _("This is not a text file. Save the table as CSV (UTF-8) and choose that file"),
        "file_csv": _(
            "We cannot read this CSV file. A quotation mark is not closed, or a cell is far too long"
        ),
    }


def _with_numbers(problem: Refusal) -> str:
    details, spoken = problem.details, address_language()
    if problem.code == "period_short":
        return _(
            "Choose a period of at least %(days)s days, so that nobody can pick which clients to ask",
            days=details["days"],
        )
    if problem.code == "period_taken":
        first, last = details["first"], details["last"]
        assert isinstance(first, date)
        assert isinstance(last, date)
        days = {"first": format_date(first, spoken), "last": format_date(last, spoken)}
        return _(
            "You have already invited the clients from %(first)s to %(last)s. Choose days "
            "outside that period",
            **days,
        )
    if problem.code == "file_large":
        return _(
            "This file is larger than %(most)s KB. Split the period into shorter ones", most=details["most"]
        )
    if problem.code in ("too_many_lines", "too_many_addresses", "month_full"):
        return _too_many(problem)
    return ""


def _too_many(problem: Refusal) -> str:
    most = format_number(int(str(problem.details["most"])), address_language())
    if problem.code == "too_many_lines":
        return _("This list has more than %(most)s lines. Split the period into shorter ones", most=most)
    if problem.code == "too_many_addresses":
        return _("This list has more than %(most)s clients. Split the period into shorter ones", most=most)
    return ngettext(
        "You can invite %(most)s clients in thirty days, and you have one left. Come back "
        "later or split the period",
        "You can invite %(most)s clients in thirty days, and you have %(num)s left. Come "
        "back later or split the period",
        int(str(problem.details["left"])),
        most=most,
    )
