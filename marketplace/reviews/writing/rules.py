"""Pure: what a review must be like. All problems of a draft are found at once, each with its field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from marketplace.core.errors import Invalid, Refusal
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.dates import latest_date
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.terms import AMOUNT_LIMIT
from marketplace.reviews.models import CONTENT_FIELDS, OUTCOME_LENGTH, TEXT_LENGTH
from marketplace.text.clean import tidy, tidy_line
from marketplace.text.contacts import find_contacts
from marketplace.values.timeframe import TimeUnit

OLDEST_YEARS = 3
TIME_LIMIT = 100_000
# How often one account and one network may send reviews. An address may stand for a whole office or mobile network, so it
# has more room; moderators look at the rest by its risk.
LIMIT_BY_ACCOUNT = "10/hour"
LIMIT_BY_ADDRESS = "60/hour"


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What an author submits. `real_cost` is in minor units of `real_currency`, `real_time` counts `real_time_unit`;
    `unread` are problems of fields that could not even be read."""

    rating: int | None
    text: str
    language: str
    experience_on: date | None
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None
    outcome: str = ""
    unread: tuple[Invalid, ...] = ()

    @classmethod
    def of(cls, **values: Any) -> ReviewDraft:
        """A draft with its texts tidied; a currency or unit without its number is dropped."""
        draft = cls(**values)
        return replace(
            draft,
            text=tidy(draft.text),
            outcome=tidy_line(draft.outcome),
            real_currency=draft.real_currency or None if draft.real_cost is not None else None,
            real_time_unit=draft.real_time_unit or None if draft.real_time is not None else None,
        )


def place_in_form(problem: Refusal) -> int:
    """The position of the problem's field in the form."""
    return CONTENT_FIELDS.index(problem.field) if problem.field in CONTENT_FIELDS else -1


def oldest_experience(today: date) -> date:
    """The earliest day of an experience that may be reviewed: the first of this month, three years ago."""
    return today.replace(year=today.year - OLDEST_YEARS, day=1)


def problems_of(draft: ReviewDraft, now: datetime) -> dict[str | None, Invalid]:
    """The first problem of each field of a draft at a moment; the service checks what needs other rows."""
    found: dict[str | None, Invalid] = {}
    for problem in (
        *draft.unread,
        *_rating(draft),
        *_text(draft),
        *_experience(draft, now),
        *_cost(draft),
        *_time(draft),
        *_outcome(draft),
    ):
        found.setdefault(problem.field, problem)
    return found


def _rating(draft: ReviewDraft) -> Iterator[Invalid]:
    if draft.rating is None or not 1 <= draft.rating <= 5:
        yield Invalid("rating_range", "rating")


def _text(draft: ReviewDraft) -> Iterator[Invalid]:
    least, most = TEXT_LENGTH
    if len(draft.text) < least:
        yield Invalid("text_short", "text", least=least, length=len(draft.text))
    elif len(draft.text) > most:
        yield Invalid("text_long", "text", most=most, length=len(draft.text))
    elif found := find_contacts(draft.text):
        yield Invalid("contact_details", "text", found=found[0].text)
    if not is_language_tag(draft.language):
        yield Invalid("language_unknown", "language")


def _experience(draft: ReviewDraft, now: datetime) -> Iterator[Invalid]:
    if draft.experience_on is None:
        yield Invalid("experience_missing", "experience_on")
    elif draft.experience_on > latest_date(now):
        yield Invalid("experience_future", "experience_on")
    elif draft.experience_on < oldest_experience(now.date()):
        yield Invalid("experience_old", "experience_on", years=OLDEST_YEARS)


def _cost(draft: ReviewDraft) -> Iterator[Invalid]:
    if draft.real_cost is None:
        return
    if not 0 <= draft.real_cost < AMOUNT_LIMIT:
        yield Invalid("cost_range", "real_cost")
    if draft.real_currency is None:
        yield Invalid("currency_missing", "real_currency")
    elif not known_currency(draft.real_currency):
        yield Invalid("currency_unknown", "real_currency")


def _time(draft: ReviewDraft) -> Iterator[Invalid]:
    if draft.real_time is None:
        return
    if not 1 <= draft.real_time <= TIME_LIMIT:
        yield Invalid("time_range", "real_time")
    if draft.real_time_unit not in set(TimeUnit):
        yield Invalid("time_unit_missing", "real_time_unit")


def _outcome(draft: ReviewDraft) -> Iterator[Invalid]:
    if len(draft.outcome) > OUTCOME_LENGTH:
        yield Invalid("outcome_long", "outcome", most=OUTCOME_LENGTH)
    elif found := find_contacts(draft.outcome):
        yield Invalid("contact_details", "outcome", found=found[0].text)
