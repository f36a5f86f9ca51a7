"""The form of a listing: takes what was typed apart and keeps it; the rules are in `terms` and the services."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, TextAreaField

from marketplace.core.errors import Refusal
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_languages
from marketplace.i18n.currencies import country_currency, known_currency
from marketplace.i18n.languages import address_language
from marketplace.listings.importing.csv_terms import whole_number
from marketplace.listings.labels import (
    COST_BASES,
    OFFICIAL_FEES,
    TIME_STARTS,
    TIME_UNITS,
    sentence,
)
from marketplace.listings.terms import OfferTerms, find_gaps, find_problems
from marketplace.providers.models import Provider
from marketplace.text.clean import clean_text
from marketplace.values.amounts import AmountError, format_amount, parse_amount
from marketplace.web.fields import (
    CheckboxesField,
    currency_choices,
    language_choices,
    options,
    spoken_languages,
)
from marketplace.web.forms import PageForm

AMOUNT_CODES = {
    "negative": "amount_negative",
    "too_large": "amount_large",
    "too_many_decimals": "amount_decimals",
    "ambiguous": "amount_ambiguous",
}
AMOUNTS = ("fee_min", "fee_max", "official_fee")


class ListingForm(PageForm):
    """What one provider offers for one topic. Fields are named as in `OfferTerms`."""

    service = TextAreaField(
        _l("What the client gets"),
        description=_l("Two or three sentences. Say what the client still has to do."),
    )
    cost_basis = SelectField(_l("How you charge"), choices=options(COST_BASES), validate_choice=False)
    fee_min = StringField(_l("Fee, or lowest fee"))
    fee_max = StringField(_l("Highest"))
    currency = SelectField(_l("Currency"), choices=[], validate_choice=False)
    official_fee_kind = RadioField(_l("Official fees"), choices=options(OFFICIAL_FEES), validate_choice=False)
    official_fee = StringField(
        _l("How much the official fees are"), description=_l("Only if they are extra, in the same currency.")
    )
    time_min = StringField(_l("Minimum"))
    time_max = StringField(_l("Maximum"))
    time_unit = SelectField(_l("Unit"), choices=options(TIME_UNITS), validate_choice=False)
    time_from = SelectField(
        _l("Counted from"), choices=options([("", _l("Choose one")), *TIME_STARTS]), validate_choice=False
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
        for name in ("service", "cost_basis", "official_fee_kind", "time_from"):
            self[name].data = getattr(terms, name) or ""
        for name in AMOUNTS:
            minor = getattr(terms, name)
            self[name].data = "" if minor is None else format_amount(minor, terms.currency or "EUR", language)
        for name in ("time_min", "time_max"):
            self[name].data = "" if getattr(terms, name) is None else str(getattr(terms, name))
        self.currency.data = terms.currency or currencies[0][0]
        self.time_unit.data = terms.time_unit or "business_days"
        self.languages.data = list(terms.languages if terms.languages is not None else provider.languages)

    def read(self, provider: Provider, *, complete: bool) -> OfferTerms | None:
        """What was typed as terms, or None with every problem put beside its field. `complete`: a moderator gets it."""
        problems: dict[str, str] = {}
        terms = OfferTerms(
            service=clean_text((self.service.data or "").replace("\r\n", "\n")).strip(),
            cost_basis=self.cost_basis.data or "",
            official_fee_kind=self.official_fee_kind.data or "",
            languages=self._languages(provider),
            **self._amounts(problems),
            **self._times(problems),
        )
        if "fee_max" not in problems and terms.fee_max == terms.fee_min and terms.cost_basis == "fixed":
            terms = replace(terms, fee_max=None)  # the same amount twice says the same
        gaps = find_gaps(terms) if complete else {}
        self.show({**gaps, **find_problems(terms), **problems})
        return None if self.errors else terms

    def _languages(self, provider: Provider) -> tuple[str, ...] | None:
        ticked = tuple(dict.fromkeys(self.languages.data or ()))
        return None if not ticked or set(ticked) == set(provider.languages) else ticked

    def _amounts(self, problems: dict[str, str]) -> dict[str, Any]:
        currency = self.currency.data or None
        known = currency if currency is not None and known_currency(currency) else "EUR"
        values: dict[str, Any] = {}
        for name in AMOUNTS:
            values[name] = None
            if typed := (self[name].data or "").strip():
                try:
                    values[name] = parse_amount(typed, known, address_language())
                except AmountError as error:
                    problems[name] = AMOUNT_CODES.get(error.code, "amount_unreadable")
        stated = any((self[name].data or "").strip() for name in AMOUNTS)
        return {**values, "currency": currency if stated else None}

    def _times(self, problems: dict[str, str]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name in ("time_min", "time_max"):
            try:
                values[name] = whole_number(self[name].data or "")
            except ValueError:
                values[name] = None
                problems[name] = "time_whole"
        stated = bool(problems.keys() & values.keys()) or any(value is not None for value in values.values())
        values["time_unit"] = (self.time_unit.data or None) if stated else None
        values["time_from"] = (self.time_from.data or None) if stated else None
        return values

    def show(self, problems: dict[str, str]) -> None:
        """Put codes beside their fields, as sentences."""
        for field, code in problems.items():
            self.refuse(field, sentence(code))

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return sentence(problem.code)
