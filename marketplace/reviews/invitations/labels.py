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
        "no_address": _("This is no email address we can write to"),
        "member": _("This is a member of your own provider"),
    }
    return str(words[reason])


def link_words(refusal: Refusal) -> LinkWords:
    """Why a link does not work, for the person who opened it."""
    known = {
        "link_wrong": (
            _("This link does not work"),
            _("A piece of it may be missing: copy the whole address from the mail into your browser."),
        ),
        "expired": (
            _("This invitation has ended"),
            _(
                "You can write a review without it. It is shown as unverified and does not count in the average."
            ),
        ),
        "used": (
            _("This invitation was used"),
            _("One review was written with it. If it was yours, you find it in your account."),
        ),
        "opted_out": (
            _("You get no invitations any more"),
            _("You asked us for that, and this link ended with it. You can write a review without it."),
        ),
        "not_shown": (
            _("This service is not listed now"),
            _(
                "It takes no reviews at the moment. If it comes back before your invitation ends, the link works again."
            ),
        ),
        "other_address": (
            _("This invitation was sent to another address"),
            _("Sign in with that one. If you have no account with it, sign out and create one."),
        ),
        "counts_already": (
            _("Your review counts already"),
            _("Another proof stands behind it, so that the invitation adds nothing."),
        ),
    }
    return LinkWords(*known[refusal.code])


def lost_words(refusal: Refusal) -> str:
    """Said on the form of a review whose invitation stopped working while it was written."""
    reason = link_words(refusal).title
    return _("%(reason)s. What you wrote is still here: send it again without the invitation.", reason=reason)


def _plain() -> dict[str, str]:
    return {
        "period_missing": _("Choose a day"),
        "period_future": _("Choose a day that is not in the future"),
        "period_old": _("Choose a day within the last year"),
        "period_order": _("The last day must not be before the first one"),
        "addresses_missing": _("Give the address of every client of this period: there is none yet"),
        "nobody_new": _("You invited all of these clients within the last twelve months"),
        "language_unknown": _("Choose a language from the list"),
        "not_declared": _("Tick this: we invite all clients of a period or none of them"),
        "file_text": _("This file is no text. Save the table as CSV (UTF-8) and choose that file"),
        "file_csv": _(
            "This file is no CSV that we can read: a quote is not closed, or a cell is far too long"
        ),
    }


def _with_numbers(problem: Refusal) -> str:
    details, spoken = problem.details, address_language()
    if problem.code == "period_short":
        return _(
            "A period has at least %(days)s days, so that nobody can choose whom to ask", days=details["days"]
        )
    if problem.code == "period_taken":
        first, last = details["first"], details["last"]
        assert isinstance(first, date)
        assert isinstance(last, date)
        days = {"first": format_date(first, spoken), "last": format_date(last, spoken)}
        return _(
            "You invited the clients of %(first)s to %(last)s already: choose days outside of that", **days
        )
    if problem.code == "file_large":
        return _("This file has more than %(most)s KB: split the period", most=details["most"])
    if problem.code in ("too_many_lines", "too_many_addresses", "month_full"):
        return _too_many(problem)
    return ""


def _too_many(problem: Refusal) -> str:
    most = format_number(int(str(problem.details["most"])), address_language())
    if problem.code == "too_many_lines":
        return _("That is more than %(most)s lines: split the period", most=most)
    if problem.code == "too_many_addresses":
        return _("That is more than %(most)s clients: split the period", most=most)
    return ngettext(
        "You can invite %(most)s clients in thirty days, and one more now: come back later or split the period",
        "You can invite %(most)s clients in thirty days, and %(num)s more now: come back later or split the period",
        int(str(problem.details["left"])),
        most=most,
    )
