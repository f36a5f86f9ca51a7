"""What a reader is told when a review is refused, and the words of the form's choices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.core.errors import Refusal
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language

RATINGS = (
    ("5", _l("Excellent")),
    ("4", _l("Good")),
    ("3", _l("Mixed")),
    ("2", _l("Poor")),
    ("1", _l("Bad")),
)


def problem_words(problem: Refusal) -> str:
    """A refusal as a sentence that says what to do."""
    if problem.code in ("text_short", "text_long", "outcome_long"):
        words = _length_words(problem)
    elif problem.code == "contact_details":
        found = problem.details["found"]
        words = _("Remove “%(found)s”. Reviews cannot include contact details or links", found=found)
    elif problem.code == "experience_old":
        words = _("Tell us about an experience from the last %(years)s years", years=problem.details["years"])
    elif problem.code == "second_review":
        words = _second_review(problem)
    else:
        words = _plain_words().get(problem.code) or _("That did not work. Check what you sent and try again.")
    return str(words)


def _plain_words() -> dict[str, str]:
    return {
        "rating_range": _("Choose one to five stars"),
        "language_unknown": _("Choose the language you wrote in"),
        "experience_missing": _("Choose the month and year it happened"),
        "experience_wrong": _("This date does not exist. Check the day, month and year"),
        "experience_future": _("Choose today or an earlier day"),
        "cost_wrong": _("Enter the amount as a number, such as 4200"),
        "cost_range": _("Enter an amount between 0 and what one person could pay"),
        "currency_missing": _("Choose the currency you paid in"),
        "currency_unknown": _("Choose a currency from the list"),
        "time_wrong": _("Enter the time as a whole number, such as 10"),
        "time_range": _("Enter a time of 1 or more, as a whole number"),
        "time_unit_missing": _("Choose a unit for the time it took"),
        "same_text": _("This text has been sent before. Write about this experience in your own words"),
        "edit_unchanged": _("You have not changed anything yet, so nothing was sent."),
        "edit_often": _(
            "You have changed this review too many times today. Check it again and send it tomorrow."
        ),
        "edit_as_shown": _(
            "This is what the review already shows. To keep it that way, discard your change."
        ),
        "review_rejected": _(
            "This review was not published, so you cannot change it. You can write a new one."
        ),
        "review_hidden": _(
            "A moderator hid this review, so you cannot change it. Go to “Your reviews” to see why."
        ),
        "review_withdrawn": _("You withdrew this review, so you cannot change it. You can write a new one."),
        "unconfirmed": _("Confirm your email address first. We sent you a link."),
        "own_provider": _("You belong to this provider, so you cannot review it."),
        "rival": _("You belong to a provider for the same procedure, so you cannot review this one."),
    }


def _length_words(problem: Refusal) -> Any:
    if problem.code == "text_short":
        return ngettext(
            "Enter at least %(least)s characters. You need one more",
            "Enter at least %(least)s characters. You need %(num)s more",
            int(str(problem.details["least"])) - int(str(problem.details["length"])),
            least=problem.details["least"],
        )
    return _("Enter %(most)s characters or fewer", most=problem.details["most"])


def _second_review(problem: Refusal) -> Any:
    written, following = problem.details["written"], problem.details["next"]
    assert isinstance(written, datetime)
    assert isinstance(following, datetime)
    language = address_language()
    return _(
        "You reviewed this on %(written)s. You can write another review from %(next)s, or "
        "withdraw that one and write a new one.",
        written=format_date(written.date(), language),
        next=format_date(following.date(), language),
    )


def wait_words(seconds: int) -> str:
    """What somebody is told who sends too many reviews: how long to wait, in minutes."""
    return str(
        ngettext(
            "Too many reviews came from your account or network in an hour. What you wrote is "
            "still here. Send it again in one minute.",
            "Too many reviews came from your account or network in an hour. What you wrote is "
            "still here. Send it again in %(num)s minutes.",
            -(-seconds // 60),
        )
    )


def status_words(status: str) -> str:
    """What became of a review, in a word."""
    words = {
        "pending": _("Waiting for a moderator"),
        "published": _("Published"),
        "rejected": _("Not published"),
        "hidden": _("Hidden"),
        "withdrawn": _("Withdrawn"),
    }
    return str(words[status])


def level_name(level: str) -> str:
    """A review's level of proof in a word."""
    words = {
        "unverified": _("Unverified"),
        "confirmed": _("Confirmed"),
        "invited": _("Invited"),
        "documented": _("Documented"),
    }
    return str(words[level])
