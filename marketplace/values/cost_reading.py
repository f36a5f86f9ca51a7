"""Reads costs from free text found in files: `from 35€`, `1.200 € – 1.500 €`, `35 €/h`, `gratis`. Pure.

A cell has to say nothing else: `€35 plus VAT` is not read. An amount counts only if our reading of it (by the language and
the currency's decimals) and price-parser's agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from price_parser import Price

from marketplace.i18n.locales import fold_text
from marketplace.i18n.table_words import reading_words, table_words
from marketplace.values.amounts import AmountError, from_minor, parse_amount
from marketplace.values.currency_marks import marked_currency
from marketplace.values.timeframe_reading import DASHES, range_form

LONGEST = 200  # characters of a cell worth reading

# Digits and what groups them; "35,-" is a way to write a whole amount.
_NUMBER = re.compile(r"(\d(?:[\d.,'’\s]*\d)?)(?:[.,][-–—]{1,2}(?!\s*\d))?")
_HOLE = "%(price)s"


@dataclass(frozen=True, slots=True)
class ReadCost:
    """A cost as typed columns: `cost_basis`, fees in minor units of `currency`; `fee_max` only where there is a range."""

    cost_basis: str
    fee_min: int | None = None
    fee_max: int | None = None
    currency: str | None = None


def parse_cost(text: str, language: str, default_currency: str | None) -> ReadCost | None:
    """The cost that a cell's plain text says; None where in doubt.

    `default_currency` is the country's: what its own sign (`$`, `kr`) means in a file about that country.
    """
    if len(text) > LONGEST:
        return None
    if (basis := _amountless(language).get(fold_text(text))) is not None:
        return ReadCost(basis)
    numbers = list(_NUMBER.finditer(text))
    if not 1 <= len(numbers) <= 2:
        return None
    before, after = fold_text(text[: numbers[0].start()]), fold_text(text[numbers[-1].end() :]).rstrip(".")
    before, after, hourly = _without(before, after, _phrases(language, "price_per_hour"))
    before, after, starts = _without(before, after, _phrases(language, "from_price"))
    marks = [before, after]
    if len(numbers) == 2:
        between = _between(language).fullmatch(fold_text(text[numbers[0].end() : numbers[1].start()]))
        # "from 35 to 60" is a range, "from 35–60" could mean anything.
        if between is None or (starts and re.fullmatch(DASHES, between["sign"])):
            return None
        marks += between.group("left", "right")
    currency = marked_currency([mark for mark in marks if mark], text, language, default_currency)
    if currency is None:
        return None
    fees = [_amount(number[1], currency, language) for number in numbers]
    return _typed(fees, currency, starts=starts, hourly=hourly)


def _typed(fees: list[int | None], currency: str, *, starts: bool, hourly: bool) -> ReadCost | None:
    lo, hi = fees[0], fees[-1]
    if lo is None or hi is None or hi < lo or (starts and hourly):
        return None
    if hi == 0:
        return None if starts or hourly else ReadCost("free")
    upper = hi if hi > lo else None
    if hourly:
        return ReadCost("hourly", lo, upper, currency)
    if upper is not None:
        return ReadCost("range", lo, upper, currency)
    return ReadCost("from" if starts and len(fees) == 1 else "fixed", lo, None, currency)


def _amount(number: str, currency: str, language: str) -> int | None:
    try:
        minor = parse_amount(number, currency, language)
    except AmountError:
        return None
    other_reading = Price.fromstring(number.replace("’", "'")).amount
    return minor if other_reading == Decimal(from_minor(minor, currency)) else None


@lru_cache(maxsize=64)
def _amountless(language: str) -> dict[str, str]:
    """The bases that stand without an amount, by the words for them."""
    found: dict[str, str] = {}
    for tongue in (language, "en"):
        words = table_words(tongue)
        found.setdefault(fold_text(words.on_request), "on_request")
        for word in (words.free, *reading_words(tongue)["free"]):
            found.setdefault(fold_text(word), "free")
    return found


@lru_cache(maxsize=128)
def _phrases(language: str, key: str) -> list[tuple[str, str]]:
    """What may stand before and after a price, the longest first: `("from", "")`, `("", "per hour")`."""
    phrases = set()
    for tongue in (language, "en"):
        for phrase in (str(getattr(table_words(tongue), key)), *reading_words(tongue)[key]):
            before, _, after = phrase.partition(_HOLE)
            phrases.add((fold_text(before), fold_text(after).rstrip(".")))
    return sorted(phrases - {("", "")}, key=lambda phrase: (-len("".join(phrase)), phrase))


def _without(before: str, after: str, phrases: list[tuple[str, str]]) -> tuple[str, str, bool]:
    """The texts around a price without the first phrase found there, and whether one was."""
    for opening, closing in phrases:
        if before.startswith(opening) and after.endswith(closing):
            return before[len(opening) :].strip(), after[: len(after) - len(closing)].strip(), True
    return before, after, False


@lru_cache(maxsize=64)
def _between(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<left>.*?)\s*(?P<sign>{range_form(language)})\s*(?P<right>.*)")
