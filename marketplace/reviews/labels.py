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
        words = _("Take out “%(found)s”: reviews carry no contact details and no links", found=found)
    elif problem.code == "experience_old":
        words = _("Tell us about an experience of the last %(years)s years", years=problem.details["years"])
    elif problem.code == "second_review":
        words = _second_review(problem)
    else:
        words = _plain_words().get(problem.code) or _("That did not work. Check what you sent and try again.")
    return str(words)


def _plain_words() -> dict[str, str]:
    return {
        "rating_range": _("Choose one to five stars"),
        "language_unknown": _("Choose the language you wrote in"),
        "experience_missing": _("Say in which month and year it was"),
        "experience_wrong": _("This day does not exist: check day, month and year"),
        "experience_future": _("Choose a day that is not in the future"),
        "cost_wrong": _("Write the amount as a number, such as 4200"),
        "cost_range": _("Write an amount between 0 and what one person could pay"),
        "currency_missing": _("Choose the currency you paid in"),
        "currency_unknown": _("Choose a currency from the list"),
        "time_wrong": _("Write the time as a whole number, such as 10"),
        "time_range": _("Write a time of at least 1, as a whole number"),
        "time_unit_missing": _("Choose what the time is counted in"),
        "same_text": _("This text was sent before. Write about this experience in your own words"),
        "edit_unchanged": _("You have not changed anything yet: nothing was sent."),
        "edit_often": _("You changed this review many times today. Look it over, and send it tomorrow."),
        "edit_as_shown": _("This is what is shown already. Drop your change if you want to keep it so."),
        "review_rejected": _(
            "This review was not published, so it cannot be changed. You can write a new one."
        ),
        "review_hidden": _("A moderator hid this review, so it cannot be changed. “Your reviews” says why."),
        "review_withdrawn": _("You withdrew this review, so it cannot be changed. You can write a new one."),
        "unconfirmed": _("Confirm your email address first: we sent you a link."),
        "own_provider": _("You belong to this provider, so you cannot review it."),
        "rival": _("You belong to a provider of the same procedure, so you cannot review this one."),
    }


def _length_words(problem: Refusal) -> Any:
    if problem.code == "text_short":
        return ngettext(
            "Write at least %(least)s characters: one more",
            "Write at least %(least)s characters: %(num)s more",
            int(str(problem.details["least"])) - int(str(problem.details["length"])),
            least=problem.details["least"],
        )
    return _("Write at most %(most)s characters", most=problem.details["most"])


def _second_review(problem: Refusal) -> Any:
    written, following = problem.details["written"], problem.details["next"]
    assert isinstance(written, datetime)
    assert isinstance(following, datetime)
    language = address_language()
    return _(
        "You reviewed this on %(written)s. You can write the next one from %(next)s, or withdraw that one and write again.",
        written=format_date(written.date(), language),
        next=format_date(following.date(), language),
    )


def wait_words(seconds: int) -> str:
    """What somebody is told who sends too many reviews: how long to wait, in minutes."""
    return str(
        ngettext(
            "Too many reviews came from your account or your network within an hour. What you wrote still stands here: "
            "send it again in a minute.",
            "Too many reviews came from your account or your network within an hour. What you wrote still stands here: "
            "send it again in %(num)s minutes.",
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
