"""Names of the choices, statuses and levels of reviews, and what people read when a review is refused."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from marketplace.core.errors import Refusal
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.reviews.models import ProofLevel, ReviewStatus

RATINGS = (
    ("5", _l("Excellent")),
    ("4", _l("Good")),
    ("3", _l("Mixed")),
    ("2", _l("Poor")),
    ("1", _l("Bad")),
)
STATUS_LABELS = {
    ReviewStatus.PENDING: _l("Waiting for a moderator"),
    ReviewStatus.PUBLISHED: _l("Published"),
    ReviewStatus.REJECTED: _l("Not published"),
    ReviewStatus.HIDDEN: _l("Hidden"),
    ReviewStatus.WITHDRAWN: _l("Withdrawn"),
}
LEVEL_LABELS = {
    ProofLevel.UNVERIFIED: _l("Unverified"),
    ProofLevel.CONFIRMED: _l("Confirmed"),
    ProofLevel.INVITED: _l("Invited"),
    ProofLevel.DOCUMENTED: _l("Documented"),
}
PROBLEMS = {
    "rating_range": _l("Choose one to five stars"),
    "language_unknown": _l("Choose the language you wrote in"),
    "experience_missing": _l("Choose the month and year it happened"),
    "experience_wrong": _l("This date does not exist. Check the day, month and year"),
    "experience_future": _l("Choose today or an earlier day"),
    "cost_wrong": _l("Enter the amount as a number, such as 4200"),
    "cost_range": _l("Enter an amount between 0 and what one person could pay"),
    "currency_missing": _l("Choose the currency you paid in"),
    "currency_unknown": _l("Choose a currency from the list"),
    "time_wrong": _l("Enter the time as a whole number, such as 10"),
    "time_range": _l("Enter a time of 1 or more, as a whole number"),
    "time_unit_missing": _l("Choose a unit for the time it took"),
    "same_text": _l("This text has been sent before. Write about this experience in your own words"),
    "edit_unchanged": _l("You have not changed anything yet, so nothing was sent."),
    "edit_often": _l(
        "You have changed this review too many times today. Check it again and send it tomorrow."
    ),
    "edit_as_shown": _l("This is what the review already shows. To keep it that way, discard your change."),
    "review_rejected": _l("This review was not published, so you cannot change it. You can write a new one."),
    "review_hidden": _l(
        "A moderator hid this review, so you cannot change it. Go to “Your reviews” to see why."
    ),
    "review_withdrawn": _l("You withdrew this review, so you cannot change it. You can write a new one."),
    "unconfirmed": _l("Confirm your email address first. We sent you a link."),
    "own_provider": _l("You belong to this provider, so you cannot review it."),
    "same_owner": _l("You belong to a provider with the same owner, so you cannot review this one."),
    "rival": _l("You belong to a provider for the same procedure, so you cannot review this one."),
}


def level_name(level: str) -> str:
    """A review's level of proof in a word."""
    return str(LEVEL_LABELS[ProofLevel(level)])


def problem_message(problem: Refusal) -> str:
    """A refusal as a sentence that says what to do."""
    details = problem.details
    if problem.code == "text_short":
        return ngettext(
            "Enter at least %(least)s characters. You need one more",
            "Enter at least %(least)s characters. You need %(num)s more",
            int(str(details["least"])) - int(str(details["length"])),
            least=details["least"],
        )
    if problem.code in ("text_long", "outcome_long"):
        return _("Enter %(most)s characters or fewer", most=details["most"])
    if problem.code == "contact_details":
        found = details["found"]
        return _("Remove “%(found)s”. Reviews cannot include contact details or links", found=found)
    if problem.code == "experience_old":
        return _("Tell us about an experience from the last %(years)s years", years=details["years"])
    if problem.code == "second_review":
        return _second_review(problem)
    return str(PROBLEMS.get(problem.code) or _("That did not work. Check what you sent and try again."))


def _second_review(problem: Refusal) -> str:
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


def rate_limit_message(seconds: int) -> str:
    """What somebody reads who sends too many reviews: how long to wait, in minutes."""
    return ngettext(
        "Too many reviews came from your account or network in an hour. What you wrote is still "
        "here. Send it again in one minute.",
        "Too many reviews came from your account or network in an hour. What you wrote is still "
        "here. Send it again in %(num)s minutes.",
        -(-seconds // 60),
    )
