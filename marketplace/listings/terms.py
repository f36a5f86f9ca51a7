"""The terms of an offer: service, cost and time as typed values, and the one place where their rules are checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from marketplace.core.errors import InvalidFields
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.models import (
    AMOUNT_LIMIT,
    COST_BASES,
    OFFICIAL_FEES,
    SERVICE_LENGTH,
    TIME_STARTS,
    TIME_UNITS,
    Listing,
    ListingEdit,
)
from marketplace.providers.models import LANGUAGE_LIMIT

TIME_LIMIT = 10_000
BASES_WITHOUT_FEE = ("free", "on_request")
BASES_WITH_HIGHEST = ("range", "hourly")
Problem = tuple[str, str]


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """What is offered. Fees are integer minor units of `currency`, times whole numbers of `time_unit`; None is not stated.

    `languages` None means the provider's.
    """

    service: str = ""
    cost_basis: str = "on_request"
    fee_min: int | None = None
    fee_max: int | None = None
    currency: str | None = None
    official_fee_kind: str = "unknown"
    official_fee: int | None = None
    time_min: int | None = None
    time_max: int | None = None
    time_unit: str | None = None
    time_from: str | None = None
    languages: tuple[str, ...] | None = None


NAMES = tuple(field.name for field in fields(OfferTerms))


def terms_of(row: Listing | ListingEdit) -> OfferTerms:
    """The terms that a listing or an edit holds."""
    values = {name: getattr(row, name) for name in NAMES}
    if row.languages is not None:
        values["languages"] = tuple(row.languages)
    return OfferTerms(**values)


def write_terms(row: Listing | ListingEdit, terms: OfferTerms) -> None:
    """Put terms into a listing or an edit."""
    for name in NAMES:
        value = getattr(terms, name)
        setattr(row, name, list(value) if name == "languages" and value is not None else value)


def check_terms(terms: OfferTerms) -> None:
    """Raises `InvalidFields` with every field whose value breaks a rule."""
    if problems := find_problems(terms):
        raise InvalidFields(problems)


def find_problems(terms: OfferTerms) -> dict[str, str]:
    """Every field whose value breaks a rule, with the first rule that it breaks."""
    found: dict[str, str] = {}
    for check in (_service, _fees, _currency, _official_fee, _time, _languages):
        for field, code in check(terms):
            found.setdefault(field, code)
    return found


def find_gaps(terms: OfferTerms) -> dict[str, str]:
    """Every field that may be empty in a draft, but not in what is sent to a moderator."""
    found = {}
    if not terms.service.strip():
        found["service"] = "service_missing"
    if terms.time_unit is not None and terms.time_from is None:
        found["time_from"] = "time_from_missing"
    return found


def check_complete(terms: OfferTerms) -> None:
    """Raises `InvalidFields` with every rule that is broken and every gap: what a moderator should not be sent."""
    if problems := {**find_gaps(terms), **find_problems(terms)}:
        raise InvalidFields(problems)


def _service(terms: OfferTerms) -> Iterator[Problem]:
    if len(terms.service) > SERVICE_LENGTH:
        yield "service", "service_long"


def _fees(terms: OfferTerms) -> Iterator[Problem]:
    basis, low, high = terms.cost_basis, terms.fee_min, terms.fee_max
    yield from _amount("fee_min", low)
    yield from _amount("fee_max", high)
    if basis not in COST_BASES:
        yield "cost_basis", "cost_basis_unknown"
        return
    if basis in BASES_WITHOUT_FEE:
        for field, value in (("fee_min", low), ("fee_max", high)):
            if value is not None:
                yield field, "fee_unused"
        return
    if low is None:
        yield "fee_min", "fee_missing"
    if high is not None and basis not in BASES_WITH_HIGHEST:
        yield "fee_max", "fee_max_unused"
    elif high is None and basis == "range":
        yield "fee_max", "fee_max_missing"
    elif low is not None and high is not None and (high < low or (basis == "range" and high == low)):
        yield "fee_max", "fee_order"


def _amount(field: str, value: int | None) -> Iterator[Problem]:
    if value is not None and value < 0:
        yield field, "amount_negative"
    elif value is not None and value >= AMOUNT_LIMIT:
        yield field, "amount_large"


def _currency(terms: OfferTerms) -> Iterator[Problem]:
    if terms.currency is not None and not known_currency(terms.currency):
        yield "currency", "currency_unknown"
    amounts = (terms.fee_min, terms.fee_max, terms.official_fee)
    if terms.currency is None and any(amount is not None for amount in amounts):
        yield "currency", "currency_missing"


def _official_fee(terms: OfferTerms) -> Iterator[Problem]:
    yield from _amount("official_fee", terms.official_fee)
    if terms.official_fee_kind not in OFFICIAL_FEES:
        yield "official_fee_kind", "official_fee_unknown"
    elif terms.official_fee_kind == "extra" and terms.official_fee is None:
        yield "official_fee", "official_fee_missing"
    elif terms.official_fee_kind != "extra" and terms.official_fee is not None:
        yield "official_fee", "official_fee_unused"


def _time(terms: OfferTerms) -> Iterator[Problem]:
    parts: dict[str, int | str | None] = {
        "time_min": terms.time_min,
        "time_max": terms.time_max,
        "time_unit": terms.time_unit,
    }
    for field, value in (("time_min", terms.time_min), ("time_max", terms.time_max)):
        if value is not None and value < 0:
            yield field, "time_negative"
        elif value is not None and value > TIME_LIMIT:
            yield field, "time_large"
    if terms.time_unit is not None and terms.time_unit not in TIME_UNITS:
        yield "time_unit", "time_unit_unknown"
    if any(value is not None for value in parts.values()):
        for field, part in parts.items():
            if part is None:
                yield field, f"{field}_missing"
    if terms.time_min is not None and terms.time_max is not None and terms.time_max < terms.time_min:
        yield "time_max", "time_order"
    if terms.time_from is not None and terms.time_from not in TIME_STARTS:
        yield "time_from", "time_from_unknown"


def _languages(terms: OfferTerms) -> Iterator[Problem]:
    languages = terms.languages or ()
    if len(languages) > LANGUAGE_LIMIT:
        yield "languages", "languages_many"
    if not all(is_language_tag(language) for language in languages):
        yield "languages", "language_unknown"
