"""The form of a review: reads what was typed; the rules are the service's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from marketplace.core.errors import Invalid, Refusal
from marketplace.i18n.languages import address_language
from marketplace.i18n.locales import babel_locale
from marketplace.listings.labels import TIME_UNITS
from marketplace.listings.models import Listing
from marketplace.reviews.labels import RATINGS, problem_message
from marketplace.reviews.models import TEXT_LENGTH
from marketplace.reviews.writing.rules import OLDEST_YEARS, ReviewDraft
from marketplace.values.amounts import format_amount, parse_amount
from marketplace.values.money import format_number
from marketplace.web.fields import currency_choices, language_choices, options
from marketplace.web.forms import PageForm
from marketplace.web.params import read_number

# A draft's day is three fields of the form: where its problems are shown.
SHOWN_AT = {"experience_wrong": "experience_day", "experience_on": "experience_month"}


class ReviewForm(PageForm):
    """One page: rating, text, when, and what it really cost and took."""

    rating = RadioField(_l("Your rating"), choices=options(RATINGS), coerce=str, validate_choice=False)
    text = TextAreaField(_l("What was it like?"))
    language = SelectField(_l("Language you wrote in"), validate_choice=False)
    experience_day = StringField(_l("Day (if you remember)"))
    experience_month = SelectField(_l("Month"), validate_choice=False)
    experience_year = SelectField(_l("Year"), validate_choice=False)
    real_cost = StringField(_l("Amount"))
    real_currency = SelectField(_l("Currency"), validate_choice=False)
    real_time = StringField(_l("Number"))
    real_time_unit = SelectField(_l("Unit"), validate_choice=False)
    outcome = StringField(
        _l("What was the outcome?"), description=_l("Use a few words, such as “Card received”.")
    )

    def offer_choices(self, listing: Listing, *, languages: Sequence[str], today: date) -> None:
        """Fill the lists, and in an unsent form what is known: the page's language, the listing's currency and unit."""
        spoken = address_language()
        empty = ("", _("Choose one"))
        years = [str(today.year - ago) for ago in range(OLDEST_YEARS + 1)]
        self.language.choices = options(language_choices({*languages, spoken}, spoken))
        self.experience_month.choices = options([empty, *month_choices(spoken)])
        self.experience_year.choices = options((year, year) for year in years)
        self.real_currency.choices = options([empty, *currency_choices([listing.currency], spoken)])
        self.real_time_unit.choices = options([empty, *TIME_UNITS.items()])
        self.text.description = _(
            "Use %(least)s to %(most)s characters. What went well? What did not? What would you do again?",
            least=TEXT_LENGTH[0],
            most=format_number(TEXT_LENGTH[1], spoken),
        )
        if not self.is_submitted():
            self.language.data = spoken
            self.experience_year.data = years[0]
            self.real_currency.data = listing.currency or ""
            self.real_time_unit.data = listing.time_unit or ""

    def fill(self, content: ReviewDraft) -> None:
        """Fill the fields of an unsent form. Call it after `offer_choices`."""
        language, day = address_language(), content.experience_on
        years = [choice.value for choice in self.experience_year.choices]
        if day is not None and str(day.year) not in years:
            self.experience_year.choices = options((year, year) for year in (*years, str(day.year)))
        if self.is_submitted():
            return
        self.rating.data = str(content.rating)
        self.text.data, self.outcome.data = content.text, content.outcome
        self.language.data = content.language
        if day is not None:
            self.experience_day.data = str(day.day)
            self.experience_month.data, self.experience_year.data = str(day.month), str(day.year)
        if content.real_cost is not None and content.real_currency is not None:
            self.real_cost.data = format_amount(content.real_cost, content.real_currency, language)
            self.real_currency.data = content.real_currency
        if content.real_time is not None:
            self.real_time.data, self.real_time_unit.data = str(content.real_time), content.real_time_unit

    def read(self) -> ReviewDraft:
        """What was typed, as a draft; a field that cannot be read is None and one of the draft's `unread` problems."""
        values: dict[str, Any] = {}
        unread: list[Invalid] = []
        for name, read in (
            ("experience_on", self._experience),
            ("real_cost", self._cost),
            ("real_time", self._time),
        ):
            values[name] = None
            try:
                values[name] = read()
            except Invalid as problem:
                unread.append(problem)
        rating = str(self.rating.data or "")
        return ReviewDraft.of(
            rating=int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
            text=self.text.data or "",
            language=self.language.data or "",
            real_currency=self.real_currency.data or None,
            real_time_unit=self.real_time_unit.data or None,
            outcome=self.outcome.data or "",
            unread=tuple(unread),
            **values,
        )

    def _experience(self) -> date | None:
        day, month = _typed(self.experience_day), _typed(self.experience_month)
        if not month:
            return None
        try:
            return date(_whole(_typed(self.experience_year)), _whole(month), _whole(day or "1"))
        except (ValueError, OverflowError):
            raise Invalid("experience_wrong", "experience_on") from None

    def _cost(self) -> int | None:
        typed = _typed(self.real_cost)
        if not typed:
            return None
        currency = _typed(self.real_currency)
        if not currency:
            raise Invalid("currency_missing", "real_currency")
        try:
            return parse_amount(typed, currency, address_language())
        except (Invalid, ValueError):
            raise Invalid("cost_wrong", "real_cost") from None

    def _time(self) -> int | None:
        typed = _typed(self.real_time)
        if not typed:
            return None
        try:
            return _whole(typed)
        except ValueError:
            raise Invalid("time_wrong", "real_time") from None

    def field_of(self, problem: Refusal) -> str | None:
        """The field that shows a problem: of a date, the part that is wrong."""
        return SHOWN_AT.get(problem.code) or SHOWN_AT.get(problem.field or "") or problem.field

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return problem_message(problem)


def month_choices(language: str) -> list[tuple[str, str]]:
    """The months of a year by name."""
    names = get_month_names("wide", context="stand-alone", locale=babel_locale(language))
    return [(str(number), names[number]) for number in range(1, 13)]


def _typed(field: Any) -> str:
    return (field.data or "").strip()


def _whole(text: str) -> int:
    number = read_number(text)
    if number is None:
        raise ValueError("no whole number")
    return number
