"""Cells of a CSV line to terms and back. Amounts are decimals of the line's currency with a point; empty is not stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marketplace.core.errors import InvalidFields
from marketplace.i18n.currencies import known_currency
from marketplace.listings.models import STATUSES
from marketplace.listings.terms import OfferTerms, find_problems
from marketplace.text.clean import clean_text
from marketplace.values.amounts import AmountError, from_minor, to_minor

AMOUNT_CODES = {
    "negative": "amount_negative",
    "too_large": "amount_large",
    "too_many_decimals": "amount_decimals",
}
LONGEST_NUMBER = 9


def read_terms(cells: Mapping[str, str], base: OfferTerms) -> OfferTerms:
    """The terms of a line; columns that are missing keep what `base` says. Raises `InvalidFields`."""
    problems: dict[str, str] = {}
    values: dict[str, Any] = {}
    if "service" in cells:
        values["service"] = clean_text(cells["service"])
    if "cost_basis" in cells:
        values["cost_basis"] = cells["cost_basis"].strip()
    for name in ("time_unit", "time_from"):
        if name in cells:
            values[name] = cells[name].strip() or None
    if "languages" in cells:
        values["languages"] = tuple(dict.fromkeys(cells["languages"].split())) or None
    if "currency" in cells:
        values["currency"] = cells["currency"].strip().upper() or None
    values |= _amounts(cells, values.get("currency", base.currency), problems)
    values |= _times(cells, problems)
    terms = replace(base, **values)
    if problems := {**find_problems(terms), **problems}:
        raise InvalidFields(problems)
    return terms


def read_status(cells: Mapping[str, str], base: str) -> str:
    """The status of a line; empty keeps what `base` says. Raises `InvalidFields`."""
    status = cells.get("status", "").strip() or base
    if status not in STATUSES:
        raise InvalidFields({"status": "status_unknown"})
    return status


def _amounts(cells: Mapping[str, str], currency: str | None, problems: dict[str, str]) -> dict[str, Any]:
    # Without a known currency the line is refused for that; any other will do to see which amounts are there.
    known = currency if currency is not None and known_currency(currency) else "EUR"
    values: dict[str, Any] = {}
    for name in ("fee_min", "fee_max"):
        if name in cells:
            values[name] = _amount(name, cells[name], known, problems)
    if "official_fee" in cells:
        typed = cells["official_fee"].strip()
        kind = typed if typed == "included" else "extra" if typed else "unknown"
        values["official_fee_kind"] = kind
        values["official_fee"] = _amount("official_fee", typed, known, problems) if kind == "extra" else None
    return values


def _amount(name: str, text: str, currency: str, problems: dict[str, str]) -> int | None:
    if not text.strip():
        return None
    try:
        return to_minor(text, currency)
    except AmountError as error:
        problems[name] = AMOUNT_CODES.get(error.code, "amount_unreadable")
        return None


def _times(cells: Mapping[str, str], problems: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in ("time_min", "time_max"):
        if name not in cells:
            continue
        try:
            values[name] = whole_number(cells[name])
        except ValueError:
            problems[name] = "time_whole"
            values[name] = None
    return values


def whole_number(text: str) -> int | None:
    """The whole number that was typed, None for nothing. Raises ValueError."""
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise ValueError("no whole number")
    return int(typed) if len(typed.lstrip("0")) <= LONGEST_NUMBER else 10**LONGEST_NUMBER


def write_cells(terms: OfferTerms) -> dict[str, str]:
    """The cells of terms, by column. `languages` None is an empty cell."""
    amounts = {
        name: _written(getattr(terms, name), terms.currency)
        for name in ("fee_min", "fee_max", "official_fee")
    }
    if terms.official_fee_kind == "included":
        amounts["official_fee"] = "included"
    return {
        "service": terms.service,
        "cost_basis": terms.cost_basis,
        **amounts,
        "currency": terms.currency or "",
        "time_min": "" if terms.time_min is None else str(terms.time_min),
        "time_max": "" if terms.time_max is None else str(terms.time_max),
        "time_unit": terms.time_unit or "",
        "time_from": terms.time_from or "",
        "languages": " ".join(terms.languages or ()),
    }


def _written(minor: int | None, currency: str | None) -> str:
    return "" if minor is None or currency is None else from_minor(minor, currency)
