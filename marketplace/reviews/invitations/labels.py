"""Messages about a list of clients, and about a link that does not work."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from marketplace.core.errors import Refusal
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.values.money import format_number


class LinkMessage(NamedTuple):
    """A heading, and what to do now."""

    title: LazyString
    text: LazyString


UNREAD_REASONS = {
    "no_address": _l("This is not an email address we can write to"),
    "member": _l("This person is a member of your own provider"),
}
LIST_PROBLEMS = {
    "period_missing": _l("Choose a day"),
    "period_future": _l("Choose today or an earlier day"),
    "period_old": _l("Choose a day within the last year"),
    "period_order": _l("The last day must be the same as or after the first day"),
    "addresses_missing": _l("Enter the email address of every client from this period"),
    "nobody_new": _l("You have already invited all of these clients in the last twelve months"),
    "language_unknown": _l("Choose a language from the list"),
    "not_declared": _l("Confirm this. We invite all clients from a period or none of them"),
    "file_text": _l("This is not a text file. Save the table as CSV (UTF-8) and choose that file"),
    "file_csv": _l("We cannot read this CSV file. A quotation mark is not closed, or a cell is far too long"),
}
LINK_MESSAGES = {
    "link_wrong": LinkMessage(
        _l("This link does not work"),
        _l("Part of it may be missing. Copy the whole address from the email into your browser."),
    ),
    "expired": LinkMessage(
        _l("This invitation has expired"),
        _l(
            "You can write a review without it. It will be shown as unverified and will not count in "
            "the average."
        ),
    ),
    "used": LinkMessage(
        _l("This invitation has already been used"),
        _l("Someone wrote a review with it. If that was you, you can find the review in your account."),
    ),
    "opted_out": LinkMessage(
        _l("You’ll get no more invitations"),
        _l("You asked us to stop, so this link no longer works. You can write a review without it."),
    ),
    "not_shown": LinkMessage(
        _l("This service is not listed at the moment"),
        _l(
            "You cannot review it at the moment. If it comes back before your invitation expires, "
            "the link will work again."
        ),
    ),
    "other_address": LinkMessage(
        _l("This invitation was sent to another email address"),
        _l("Sign in with that address. If you have no account with it, sign out and create one."),
    ),
    "counts_already": LinkMessage(
        _l("Your review already counts"), _l("It already has other proof, so the invitation adds nothing.")
    ),
}


def list_problem(problem: Refusal) -> str:
    """What is wrong with a list of clients, as a sentence that says what to do."""
    message = _with_numbers(problem) or LIST_PROBLEMS.get(problem.code)
    return str(message or _("That did not work. Check what you sent and try again."))


def lost_invitation_message(refusal: Refusal) -> str:
    """Shown on the form of a review whose invitation stopped working while it was being written."""
    reason = LINK_MESSAGES[refusal.code].title
    return _("%(reason)s. What you wrote is still here. Send it again without the invitation.", reason=reason)


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
            "You have already invited the clients from %(first)s to %(last)s. Choose days outside "
            "that period",
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
        "You can invite %(most)s clients in thirty days, and you have one left. Come back later "
        "or split the period",
        "You can invite %(most)s clients in thirty days, and you have %(num)s left. Come back "
        "later or split the period",
        int(str(problem.details["left"])),
        most=most,
    )
