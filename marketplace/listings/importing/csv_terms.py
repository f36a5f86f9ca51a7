"""Cells of a CSV line to terms and back. Amounts are decimals of the line's currency with a point; empty is not stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from marketplace.core.errors import Invalid, InvalidFields
from marketplace.i18n.currencies import known_currency
from marketplace.listings.models import ListingStatus
from marketplace.listings.rules import find_problems
from marketplace.listings.terms import TERMS, Kind, OfferTerms
from marketplace.text.clean import clean_text
from marketplace.values.amounts import AmountError, from_minor, to_minor
from marketplace.values.money import OfficialFee

# The cell `official_fee` holds an amount or the word `included`: both terms in one column.
TERM_COLUMNS = tuple(name for name in TERMS if name != "official_fee_kind")
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
    currency = _read_cell(Kind.CURRENCY, cells["currency"], "") if "currency" in cells else base.currency
    if "official_fee" in cells:
        typed = cells["official_fee"].strip()
        values["official_fee_kind"] = _official_fee_kind(typed)
        cells = {**cells, "official_fee": "" if typed == OfficialFee.INCLUDED else typed}
    for name in TERM_COLUMNS:
        if name not in cells:
            continue
        try:
            values[name] = _read_cell(TERMS[name], cells[name], currency)
        except Invalid as refusal:
            problems[name], values[name] = refusal.code, None
    terms = replace(base, **values)
    if problems := {**find_problems(terms), **problems}:
        raise InvalidFields(problems)
    return terms


def _official_fee_kind(typed: str) -> OfficialFee:
    if typed == OfficialFee.INCLUDED:
        return OfficialFee.INCLUDED
    return OfficialFee.EXTRA if typed else OfficialFee.UNKNOWN


def _read_cell(kind: Kind, cell: str, currency: str | None) -> Any:
    """The value of a cell. Raises `Invalid`."""
    typed = cell.strip()
    match kind:
        case Kind.TEXT:
            return clean_text(cell)
        case Kind.CHOICE:
            return typed
        case Kind.OPTION:
            return typed or None
        case Kind.CURRENCY:
            return typed.upper() or None
        case Kind.LANGUAGES:
            return tuple(dict.fromkeys(cell.split())) or None
        case Kind.NUMBER:
            return read_number(cell)
        case Kind.AMOUNT:
            return _read_amount(cell, currency) if typed else None


def _read_amount(cell: str, currency: str | None) -> int:
    # Without a known currency the line is refused for that; any other will do to see which amounts are there.
    known = currency if currency is not None and known_currency(currency) else "EUR"
    try:
        return to_minor(cell, known)
    except AmountError as error:
        raise Invalid(AMOUNT_CODES.get(error.code, "amount_unreadable")) from None


def read_number(text: str) -> int | None:
    """The whole number that was typed, None for nothing. Raises `Invalid`."""
    typed = text.strip()
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise Invalid("time_whole")
    return int(typed) if len(typed.lstrip("0")) <= LONGEST_NUMBER else 10**LONGEST_NUMBER


def read_status(cells: Mapping[str, str], base: str) -> str:
    """The status of a line; empty keeps what `base` says. Raises `InvalidFields`."""
    status = cells.get("status", "").strip() or base
    if status not in list(ListingStatus):
        raise InvalidFields({"status": "status_unknown"})
    return status


def write_cells(terms: OfferTerms) -> dict[str, str]:
    """The cells of terms, by column. `languages` None is an empty cell."""
    cells = {name: _write_cell(TERMS[name], getattr(terms, name), terms.currency) for name in TERM_COLUMNS}
    if terms.official_fee_kind == OfficialFee.INCLUDED:
        cells["official_fee"] = OfficialFee.INCLUDED
    return cells


def _write_cell(kind: Kind, value: Any, currency: str | None) -> str:
    if value is None:
        return ""
    if kind is Kind.AMOUNT:
        return from_minor(value, currency) if currency else ""
    return " ".join(value) if kind is Kind.LANGUAGES else str(value)
