"""The form of a listing: reads what was typed into terms; the rules are in `rules` and the services."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from marketplace.core.errors import Invalid, Refusal
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_languages
from marketplace.i18n.currencies import country_currency, known_currency
from marketplace.i18n.languages import address_language
from marketplace.listings.importing.csv_terms import AMOUNT_CODES as CSV_AMOUNT_CODES
from marketplace.listings.importing.csv_terms import read_number
from marketplace.listings.labels import COST_BASES, OFFICIAL_FEES, TIME_STARTS, TIME_UNITS, sentence
from marketplace.listings.rules import find_gaps, find_problems
from marketplace.listings.terms import TERMS, Kind, OfferTerms, terms_of_kind
from marketplace.providers.models import Provider
from marketplace.text.clean import clean_text
from marketplace.values.amounts import AmountError, format_amount, parse_amount
from marketplace.values.money import CostBasis
from marketplace.values.timeframe import TimeUnit
from marketplace.web.fields import (
    CheckboxesField,
    currency_choices,
    language_choices,
    options,
    spoken_languages,
)
from marketplace.web.forms import PageForm

AMOUNT_CODES = {**CSV_AMOUNT_CODES, "ambiguous": "amount_ambiguous"}


class ListingForm(PageForm):
    """What one provider offers for one topic. Fields are named as in `OfferTerms`."""

    service = TextAreaField(
        _l("What the client gets"),
        description=_l("Two or three sentences. Say what the client still has to do."),
    )
    cost_basis = SelectField(
        _l("How you charge"),
        choices=options([("", _l("Choose one")), *COST_BASES.items()]),
        validate_choice=False,
    )
    fee_min = StringField(_l("Fee, or lowest fee"))
    fee_max = StringField(_l("Highest"))
    currency = SelectField(_l("Currency"), choices=[], validate_choice=False)
    official_fee_kind = RadioField(
        _l("Does your fee include the official fees?"),
        choices=options(OFFICIAL_FEES.items()),
        validate_choice=False,
    )
    official_fee = StringField(
        _l("How much the official fees are"), description=_l("Only if they are extra, in the same currency.")
    )
    time_min = StringField(_l("Minimum"))
    time_max = StringField(_l("Maximum"))
    time_unit = SelectField(_l("Unit"), choices=options(TIME_UNITS.items()), validate_choice=False)
    time_from = SelectField(
        _l("Counted from"),
        choices=options([("", _l("Choose one")), *TIME_STARTS.items()]),
        validate_choice=False,
    )
    languages = CheckboxesField(
        _l("Languages you speak with clients"),
        description=_l("For this listing. If you don’t select any, we use the languages in your profile."),
    )

    def offer(self, provider: Provider, topic: Topic, terms: OfferTerms) -> None:
        """Fill the lists, and on first sight the fields with `terms`."""
        language = address_language()
        currencies = currency_choices([country_currency(topic.country), terms.currency], language)
        self.currency.choices = options(currencies)
        spoken = {*provider.languages, *(terms.languages or ())} or spoken_languages(guide_languages())
        self.languages.choices = options(language_choices(spoken, language))
        if self.is_submitted():
            return
        for name, kind in TERMS.items():
            value = getattr(terms, name)
            if kind is Kind.AMOUNT and value is not None:
                value = format_amount(value, terms.currency or "EUR", language)
            if kind not in (Kind.CURRENCY, Kind.LANGUAGES):
                self[name].data = "" if value is None else str(value)
        if terms == replace(
            OfferTerms(), service=terms.service
        ):  # nothing was answered yet: we answer nothing either
            self.cost_basis.data = self.official_fee_kind.data = ""
        self.currency.data = terms.currency or currencies[0][0]
        self.time_unit.data = terms.time_unit or TimeUnit.BUSINESS_DAYS
        self.languages.data = list(terms.languages if terms.languages is not None else provider.languages)

    def read(self, provider: Provider, *, complete: bool) -> OfferTerms | None:
        """What was typed as terms, or None with every problem put beside its field. `complete`: a moderator gets it."""
        problems: dict[str, str] = {}
        values = {name: self._value(name, kind, problems) for name, kind in TERMS.items()}
        if not any((self[name].data or "").strip() for name in terms_of_kind(Kind.AMOUNT)):
            values["currency"] = None
            if not complete:  # a draft may leave open what it costs
                unanswered = OfferTerms()
                for name in ("cost_basis", "official_fee_kind"):
                    values[name] = values[name] or getattr(unanswered, name)
        times = {name: values[name] for name in ("time_min", "time_max")}
        if not problems.keys() & times.keys() and all(value is None for value in times.values()):
            values["time_unit"] = values["time_from"] = None
        terms = OfferTerms(**{**values, "languages": self._languages(provider)})
        if (
            "fee_max" not in problems
            and terms.fee_max == terms.fee_min
            and terms.cost_basis == CostBasis.FIXED
        ):
            terms = replace(terms, fee_max=None)  # the same amount twice says the same
        gaps = find_gaps(terms) if complete else {}
        self.show({**gaps, **find_problems(terms), **problems})
        return None if self.errors else terms

    def _languages(self, provider: Provider) -> tuple[str, ...] | None:
        ticked = tuple(dict.fromkeys(self.languages.data or ()))
        return None if not ticked or set(ticked) == set(provider.languages) else ticked

    def _value(self, name: str, kind: Kind, problems: dict[str, str]) -> Any:
        """What was typed in a field, None with a problem where it cannot be read."""
        typed = self[name].data or ""
        match kind:
            case Kind.TEXT:
                return clean_text(typed.replace("\r\n", "\n")).strip()
            case Kind.CHOICE:
                return typed
            case Kind.NUMBER | Kind.AMOUNT:
                try:
                    return read_number(typed) if kind is Kind.NUMBER else self._amount(typed)
                except Invalid as problem:
                    problems[name] = problem.code
                    return None
            case _:
                return typed or None

    def _amount(self, typed: str) -> int | None:
        currency = self.currency.data or ""
        known = currency if known_currency(currency) else "EUR"
        try:
            return parse_amount(typed, known, address_language()) if typed.strip() else None
        except AmountError as error:
            raise Invalid(AMOUNT_CODES.get(error.code, "amount_unreadable")) from None

    def show(self, problems: dict[str, str]) -> None:
        """Put codes beside their fields, as sentences."""
        for field, code in problems.items():
            self.refuse(field, sentence(code))

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return sentence(problem.code)
