"""Exchange rates to the euro: the European Central Bank's that ship with a package, files of others, and conversion. Pure.

A rate is units of a currency per euro, with its day and source. Amounts are integer minor units.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from types import MappingProxyType

from currency_converter import CURRENCY_FILE

from marketplace.i18n.currencies import currency_digits, known_currency
from marketplace.values.csv import BrokenRow, Row, header_names, read_rows

COLUMNS = ("currency", "date", "rate", "source")
ECB = "ECB"
STALE = datetime.timedelta(days=366)  # a currency not quoted for so long has no rate
SOURCE_LENGTH = 120
DECIMALS = 8  # of a rate; more are rounded, since no more are stored
LARGEST = 10**12
_MISSING = frozenset({"", "N/A"})
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_SMALLEST = Decimal(1).scaleb(-DECIMALS)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many units of a currency one euro bought on a day, and who says so."""

    currency: str
    date: datetime.date
    per_euro: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, with the older day of the rates used and their sources.

    `date` is None where nothing had to be converted.
    """

    minor: int
    currency: str
    date: datetime.date | None
    source: str


@dataclass(frozen=True, slots=True)
class RefusedLine:
    """A line of a file that was not taken, and why."""

    line: int
    reason: str


@cache
def ecb_rates() -> Mapping[str, Rate]:
    """The newest rate of each currency that the ECB quoted in the year before its newest day; EUR is 1."""
    found: dict[str, Rate] = {}
    newest: datetime.date | None = None
    for date, rates in _ecb_days():
        newest = newest or date
        if newest - date > STALE:
            break
        found.setdefault("EUR", Rate("EUR", date, Decimal(1), ECB))
        for currency, rate in rates.items():
            if currency not in found:
                found[currency] = Rate(currency, date, Decimal(rate), ECB)
    return MappingProxyType(found)


@cache
def ecb_history(currency: str) -> tuple[Rate, ...]:
    """Every rate of a currency that the ECB quoted, oldest first."""
    days = ((date, rates[currency]) for date, rates in _ecb_days() if currency in rates)
    return tuple(Rate(currency, date, Decimal(rate), ECB) for date, rate in days)[::-1]


def _ecb_days() -> Iterator[tuple[datetime.date, dict[str, str]]]:
    """The days of the ECB's file with what was quoted, the newest first."""
    with zipfile.ZipFile(CURRENCY_FILE) as archive, archive.open(archive.namelist()[0]) as stream:
        rows = csv.reader(io.TextIOWrapper(stream, "utf-8", newline=""))
        currencies = next(rows)[1:]
        for day, *rates in rows:
            quoted = zip(currencies, rates, strict=False)
            yield datetime.date.fromisoformat(day), {code: r for code, r in quoted if r not in _MISSING}


def convert(minor: int, from_currency: str, to_currency: str, rates: Mapping[str, Rate]) -> Converted | None:
    """An amount in another currency by way of the euro, half a unit rounded up; None where a rate is missing."""
    if from_currency == to_currency:
        return Converted(minor, to_currency, None, "")
    used = [rates.get(currency) for currency in (from_currency, to_currency) if currency != "EUR"]
    known = [rate for rate in used if rate is not None]
    if len(known) < len(used):
        return None
    per_euro = {rate.currency: rate.per_euro for rate in known}
    major = Decimal(minor).scaleb(-currency_digits(from_currency), _EXACT)
    euros = _EXACT.divide(major, per_euro.get(from_currency, Decimal(1)))
    amount = _EXACT.multiply(euros, per_euro.get(to_currency, Decimal(1)))
    converted = amount.scaleb(currency_digits(to_currency), _EXACT).quantize(Decimal(1), context=_EXACT)
    return Converted(
        minor=int(converted),
        currency=to_currency,
        date=min(rate.date for rate in known),
        source=", ".join(dict.fromkeys(rate.source for rate in known)),
    )


def read_rates(text: str, *, today: datetime.date | None = None) -> tuple[list[Rate], list[RefusedLine]]:
    """Rates of a CSV file with the columns `currency, date, rate, source`, and the lines that were refused.

    A rate's decimals beyond the eighth are rounded. With `today`, a later day is refused.
    """
    rows = read_rows(text)
    first = next(rows, None)
    header = [name.lower() for name in header_names(first.cells)] if isinstance(first, Row) else []
    if missing := [column for column in COLUMNS if column not in header]:
        return [], [RefusedLine(1, f"The header lacks: {', '.join(missing)}.")]
    rates: dict[tuple[str, datetime.date], Rate] = {}
    refused: list[RefusedLine] = []
    for row in rows:
        if isinstance(row, BrokenRow):
            refused.append(RefusedLine(row.line, row.reason))
            continue
        try:
            rate = _read_rate(dict(zip(header, (cell.strip() for cell in row.cells), strict=False)), today)
            if rates.setdefault((rate.currency, rate.date), rate) != rate:
                raise ValueError("The file gives another rate for this currency and day.")
        except ValueError as error:
            refused.append(RefusedLine(row.line, str(error)))
    return list(rates.values()), refused


def _read_rate(row: Mapping[str, str], today: datetime.date | None) -> Rate:
    """A row's rate. Raises ValueError with the reason."""
    currency, source = row.get("currency", ""), row.get("source", "")
    if not known_currency(currency) or currency == "EUR":
        raise ValueError("The currency is not a code such as CLP.")
    try:
        date = datetime.datetime.strptime(row.get("date", ""), "%Y-%m-%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        raise ValueError("The date is not a day such as 2026-10-30.") from None
    if today is not None and date > today:
        raise ValueError("The date is in the future.")
    if not _PLAIN.fullmatch(row.get("rate", "")):
        raise ValueError("The rate is not a number such as 1012.5.")
    per_euro = Decimal(row["rate"])
    decimals = len(row["rate"].partition(".")[2])
    if not _SMALLEST <= per_euro < LARGEST:
        raise ValueError("The rate is zero, or a million million or more.")
    if decimals > DECIMALS:
        per_euro = per_euro.quantize(_SMALLEST, rounding=ROUND_HALF_UP)
    if not source or len(source) > SOURCE_LENGTH or not source.isprintable():
        raise ValueError(f"The source is empty or longer than {SOURCE_LENGTH} characters.")
    return Rate(currency, date, per_euro, source)
