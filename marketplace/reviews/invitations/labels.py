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
    "no_address": _l("This is no email address we can write to"),
    "member": _l("This is a member of your own provider"),
}
LIST_PROBLEMS = {
    "period_missing": _l("Choose a day"),
    "period_future": _l("Choose a day that is not in the future"),
    "period_old": _l("Choose a day within the last year"),
    "period_order": _l("The last day must not be before the first one"),
    "addresses_missing": _l("Give the address of every client of this period: there is none yet"),
    "nobody_new": _l("You invited all of these clients within the last twelve months"),
    "language_unknown": _l("Choose a language from the list"),
    "not_declared": _l("Tick this: we invite all clients of a period or none of them"),
    "file_text": _l("This file is no text. Save the table as CSV (UTF-8) and choose that file"),
    "file_csv": _l("This file is no CSV that we can read: a quote is not closed, or a cell is far too long"),
}
LINK_MESSAGES = {
    "link_wrong": LinkMessage(
        _l("This link does not work"),
        _l("A piece of it may be missing: copy the whole address from the mail into your browser."),
    ),
    "expired": LinkMessage(
        _l("This invitation has ended"),
        _l("You can write a review without it. It is shown as unverified and does not count in the average."),
    ),
    "used": LinkMessage(
        _l("This invitation was used"),
        _l("One review was written with it. If it was yours, you find it in your account."),
    ),
    "opted_out": LinkMessage(
        _l("You get no invitations any more"),
        _l("You asked us for that, and this link ended with it. You can write a review without it."),
    ),
    "not_shown": LinkMessage(
        _l("This service is not listed now"),
        _l(
            "It takes no reviews at the moment. If it comes back before your invitation ends, the link works again."
        ),
    ),
    "other_address": LinkMessage(
        _l("This invitation was sent to another address"),
        _l("Sign in with that one. If you have no account with it, sign out and create one."),
    ),
    "counts_already": LinkMessage(
        _l("Your review counts already"),
        _l("Another proof stands behind it, so that the invitation adds nothing."),
    ),
}


def list_problem(problem: Refusal) -> str:
    """What is wrong with a list of clients, as a sentence that says what to do."""
    message = _with_numbers(problem) or LIST_PROBLEMS.get(problem.code)
    return str(message or _("That did not work. Check what you sent and try again."))


def lost_invitation_message(refusal: Refusal) -> str:
    """Shown on the form of a review whose invitation stopped working while it was being written."""
    reason = LINK_MESSAGES[refusal.code].title
    return _("%(reason)s. What you wrote is still here: send it again without the invitation.", reason=reason)


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
