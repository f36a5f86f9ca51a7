"""The rules that the terms of an offer must keep."""

from __future__ import annotations

from collections.abc import Iterator

from marketplace.core.errors import InvalidFields
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import is_language_tag
from marketplace.listings.terms import (
    AMOUNT_LIMIT,
    ANSWERS,
    SERVICE_LENGTH,
    TERMS,
    TIME_LIMIT,
    WITH_HIGHEST_FEE,
    WITHOUT_FEE,
    Kind,
    OfferTerms,
)
from marketplace.providers.models import LANGUAGE_LIMIT
from marketplace.values.money import CostBasis, OfficialFee

Problem = tuple[str, str]


def check_terms(terms: OfferTerms) -> None:
    """Raises `InvalidFields` with every field whose value breaks a rule."""
    if problems := find_problems(terms):
        raise InvalidFields(problems)


def find_problems(terms: OfferTerms) -> dict[str, str]:
    """Every field whose value breaks a rule, with the first rule that it breaks."""
    found: dict[str, str] = {}
    for check in (_answers, _service, _fees, _currency, _official_fee, _time, _languages):
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


def _answers(terms: OfferTerms) -> Iterator[Problem]:
    for name, answers in ANSWERS.items():
        value = getattr(terms, name)
        if value not in set(answers) and not (value is None and TERMS[name] is Kind.OPTION):
            yield name, f"{name}_unknown"


def _service(terms: OfferTerms) -> Iterator[Problem]:
    if len(terms.service) > SERVICE_LENGTH:
        yield "service", "service_long"


def _fees(terms: OfferTerms) -> Iterator[Problem]:
    basis, low, high = terms.cost_basis, terms.fee_min, terms.fee_max
    yield from _amount("fee_min", low)
    yield from _amount("fee_max", high)
    if basis not in set(CostBasis):
        return
    if basis in WITHOUT_FEE:
        for field, value in (("fee_min", low), ("fee_max", high)):
            if value is not None:
                yield field, "fee_unused"
        return
    if low is None:
        yield "fee_min", "fee_missing"
    if high is not None and basis not in WITH_HIGHEST_FEE:
        yield "fee_max", "fee_max_unused"
    elif high is None and basis == CostBasis.RANGE:
        yield "fee_max", "fee_max_missing"
    elif low is not None and high is not None and (high < low or (basis == CostBasis.RANGE and high == low)):
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
    if terms.official_fee_kind == OfficialFee.EXTRA:
        if terms.official_fee is None:
            yield "official_fee", "official_fee_missing"
    elif terms.official_fee_kind in set(OfficialFee) and terms.official_fee is not None:
        yield "official_fee", "official_fee_unused"


def _time(terms: OfferTerms) -> Iterator[Problem]:
    numbers = {"time_min": terms.time_min, "time_max": terms.time_max}
    for field, value in numbers.items():
        if value is not None and value < 0:
            yield field, "time_negative"
        elif value is not None and value > TIME_LIMIT:
            yield field, "time_large"
    parts = {**numbers, "time_unit": terms.time_unit}
    missing = [field for field, part in parts.items() if part is None]
    if len(missing) < len(parts):
        for field in missing:
            yield field, f"{field}_missing"
    if terms.time_min is not None and terms.time_max is not None and terms.time_max < terms.time_min:
        yield "time_max", "time_order"


def _languages(terms: OfferTerms) -> Iterator[Problem]:
    languages = terms.languages or ()
    if len(languages) > LANGUAGE_LIMIT:
        yield "languages", "languages_many"
    if not all(is_language_tag(language) for language in languages):
        yield "languages", "language_unknown"
