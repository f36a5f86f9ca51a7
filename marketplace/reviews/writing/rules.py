"""Pure: what a review must be like. Every problem of a draft is found at once, each with the field it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date

from marketplace.core.errors import Invalid, InvalidFields, Refusal
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.terms import AMOUNT_LIMIT
from marketplace.reviews.models import OUTCOME_LENGTH, TEXT_LENGTH
from marketplace.text.clean import tidy, tidy_line
from marketplace.text.contacts import find_contacts
from marketplace.values.timeframe import TimeUnit

OLDEST_YEARS = 3
TIME_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author gives. `real_cost` in minor units of `real_currency`, `real_time` in `real_time_unit`; texts tidied."""

    rating: int | None
    text: str
    language: str
    experience_on: date | None
    real_cost: int | None
    real_currency: str | None
    real_time: int | None
    real_time_unit: str | None
    outcome: str

    @classmethod
    def of(
        cls,
        *,
        rating: int | None,
        text: str,
        experience_on: date | None,
        real_cost: int | None,
        real_currency: str | None,
        real_time: int | None,
        real_time_unit: str | None,
        outcome: str,
        language: str,
    ) -> Draft:
        """A draft with texts tidied; a currency or unit without its number falls away, for it says nothing."""
        return cls(
            rating=rating,
            text=tidy(text),
            experience_on=experience_on,
            real_cost=real_cost,
            real_currency=real_currency or None if real_cost is not None else None,
            real_time=real_time,
            real_time_unit=real_time_unit or None if real_time is not None else None,
            outcome=tidy_line(outcome),
            language=language,
        )


FIELDS = [field.name for field in fields(Draft)]


class ReviewRefused(InvalidFields):
    """A draft breaks rules: `problems` are all of them with their details, in the order of the form."""


def place_in_form(problem: Refusal) -> int:
    """Where the problem's field stands in the form: the order of a draft's fields."""
    return FIELDS.index(problem.field) if problem.field in FIELDS else -1


def oldest_experience(today: date) -> date:
    """The earliest day of an experience that may be told: the first of this month, three years ago."""
    return today.replace(year=today.year - OLDEST_YEARS, day=1)


def problems_of(draft: Draft, today: date) -> tuple[Invalid, ...]:
    """Everything wrong with a draft on a day (UTC), in the order of the form; what needs other rows is the service's."""
    return (
        *_rating(draft),
        *_text(draft),
        *_experience(draft, today),
        *_cost(draft),
        *_time(draft),
        *_outcome(draft),
    )


def _rating(draft: Draft) -> Iterator[Invalid]:
    if draft.rating is None or not 1 <= draft.rating <= 5:
        yield Invalid("rating_range", "rating")


def _text(draft: Draft) -> Iterator[Invalid]:
    least, most = TEXT_LENGTH
    if len(draft.text) < least:
        yield Invalid("text_short", "text", least=least, length=len(draft.text))
    elif len(draft.text) > most:
        yield Invalid("text_long", "text", most=most, length=len(draft.text))
    elif found := find_contacts(draft.text):
        yield Invalid("contact_details", "text", found=found[0].text)
    if not is_language_tag(draft.language):
        yield Invalid("language_unknown", "language")


def _experience(draft: Draft, today: date) -> Iterator[Invalid]:
    if draft.experience_on is None:
        yield Invalid("experience_missing", "experience_on")
    elif draft.experience_on > today:
        yield Invalid("experience_future", "experience_on")
    elif draft.experience_on < oldest_experience(today):
        yield Invalid("experience_old", "experience_on", years=OLDEST_YEARS)


def _cost(draft: Draft) -> Iterator[Invalid]:
    if draft.real_cost is None:
        return
    if not 0 <= draft.real_cost < AMOUNT_LIMIT:
        yield Invalid("cost_range", "real_cost")
    if draft.real_currency is None:
        yield Invalid("currency_missing", "real_currency")
    elif not known_currency(draft.real_currency):
        yield Invalid("currency_unknown", "real_currency")


def _time(draft: Draft) -> Iterator[Invalid]:
    if draft.real_time is None:
        return
    if not 1 <= draft.real_time <= TIME_LIMIT:
        yield Invalid("time_range", "real_time")
    if draft.real_time_unit not in set(TimeUnit):
        yield Invalid("time_unit_missing", "real_time_unit")


def _outcome(draft: Draft) -> Iterator[Invalid]:
    if len(draft.outcome) > OUTCOME_LENGTH:
        yield Invalid("outcome_long", "outcome", most=OUTCOME_LENGTH)
    elif found := find_contacts(draft.outcome):
        yield Invalid("contact_details", "outcome", found=found[0].text)
