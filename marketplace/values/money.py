"""Money and numbers in any language: `€35`, `35 €`, `MX$3,000–4,800`, `from €35`, `official fees included`. Pure.

Amounts are integer minor units; whole amounts are written without decimals. Blanks inside an amount are no-break, as
Babel gives them, on pages and in Markdown alike. Written texts are kept in memory: the same few hundred recur.
"""

from __future__ import annotations

import copy
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from babel import Locale
from babel.numbers import NumberPattern, format_decimal, get_currency_symbol, get_minus_sign_symbol
from babel.numbers import format_percent as babel_percent

from marketplace.i18n.currencies import currency_digits
from marketplace.i18n.locales import babel_locale
from marketplace.i18n.table_words import table_words

NO_BREAK = "\u00a0"


class CostBasis(StrEnum):
    """How a service is charged."""

    FIXED = "fixed"
    FROM = "from"
    RANGE = "range"
    HOURLY = "hourly"
    FREE = "free"
    ON_REQUEST = "on_request"


class OfficialFee(StrEnum):
    """What is known about official fees: not known, part of the service fee, or an amount apart."""

    UNKNOWN = "unknown"
    INCLUDED = "included"
    EXTRA = "extra"


class Priced(Protocol):
    """What a cost is written from: the basis (`CostBasis`), the fee or both ends of a range in minor units, and their
    currency (ISO code)."""

    @property
    def cost_basis(self) -> str: ...
    @property
    def fee_min(self) -> int | None: ...
    @property
    def fee_max(self) -> int | None: ...
    @property
    def currency(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _Style:
    """How a language writes a currency: what stands before and after the number (positive, negative)."""

    locale: Locale
    digits: int
    whole: NumberPattern
    exact: NumberPattern
    before: tuple[str, ...]
    after: tuple[str, ...]

    def number(self, minor: int, *, whole: bool) -> str:
        value = Decimal(abs(minor)).scaleb(-self.digits)
        return str((self.whole if whole else self.exact).apply(value, self.locale))

    def is_whole(self, minor: int) -> bool:
        return minor % int(10**self.digits) == 0


@lru_cache(maxsize=8192)
def format_money(minor: int, currency: str, language: str) -> str:
    """An amount in a language: `MX$4,200` in English, `4.200 MXN` in Spanish."""
    style = _style(currency, language)
    number = style.number(minor, whole=style.is_whole(minor))
    sign = int(minor < 0)
    return style.before[sign] + number + style.after[sign]


@lru_cache(maxsize=4096)
def format_money_range(lo: int, hi: int, currency: str, language: str) -> str:
    """Two amounts, neither negative, with the currency once: `MX$3,000–4,800`; one amount where they are equal."""
    if lo == hi:
        return format_money(lo, currency, language)
    style = _style(currency, language)
    whole = style.is_whole(lo) and style.is_whole(hi)
    numbers = f"{style.number(lo, whole=whole)}–{style.number(hi, whole=whole)}"
    return style.before[0] + numbers + style.after[0]


def format_cost(terms: Priced, language: str) -> str:
    """A service's cost: `€35`, `from €35`, `€35–60`, `€35 per hour`, `free`, `on request` (also without a fee)."""
    return _cost(terms.cost_basis, terms.fee_min, terms.fee_max, terms.currency, language)


@lru_cache(maxsize=8192)
def format_official_fee(kind: str, minor: int | None, currency: str | None, language: str) -> str:
    """What is said of official fees. `kind` is one of `OfficialFee`; an extra fee may lack its amount."""
    words = table_words(language)
    if kind == OfficialFee.INCLUDED:
        return words.fees_included
    if kind != OfficialFee.EXTRA:
        return words.fees_unknown
    if minor is None or currency is None:
        return words.fees_extra
    return words.fees_extra_price % {"price": format_money(minor, currency, language)}


@lru_cache(maxsize=2048)
def format_number(value: float | Decimal, language: str) -> str:
    """A number with the language's marks and at most three decimals: `1,878`, `1.878`."""
    return str(format_decimal(value, locale=babel_locale(language)))


@lru_cache(maxsize=2048)
def format_rating(value: float | Decimal, language: str) -> str:
    """A rating with one decimal: `4.6`, `4,6`."""
    return str(format_decimal(value, format="0.0", locale=babel_locale(language)))


@lru_cache(maxsize=2048)
def format_percent(share: float | Decimal, language: str) -> str:
    """A share of 1 in percent: 0.78 is `78%`, `78 %`."""
    return str(babel_percent(share, locale=babel_locale(language)))


@lru_cache(maxsize=8192)
def _cost(basis: str, lo: int | None, hi: int | None, currency: str | None, language: str) -> str:
    words = table_words(language)
    if basis == CostBasis.FREE:
        return words.free
    if lo is None or currency is None:
        return words.on_request
    if basis == CostBasis.FROM:
        return words.from_price % {"price": format_money(lo, currency, language)}
    upper = lo if hi is None or basis == CostBasis.FIXED else hi
    price = format_money_range(lo, upper, currency, language)
    return words.price_per_hour % {"price": price} if basis == CostBasis.HOURLY else price


@lru_cache(maxsize=1024)
def _style(currency: str, language: str) -> _Style:
    locale = babel_locale(language)
    pattern = locale.currency_formats["standard"]
    symbol = get_currency_symbol(currency, locale)
    minus = get_minus_sign_symbol(locale)
    digits = currency_digits(currency)
    before = tuple(_before(text.replace("-", minus), symbol) for text in pattern.prefix)
    after = tuple(_after(text.replace("-", minus), symbol) for text in pattern.suffix)
    return _Style(locale, digits, _bare_pattern(pattern, 0), _bare_pattern(pattern, digits), before, after)


def _bare_pattern(pattern: NumberPattern, decimals: int) -> NumberPattern:
    """The number of a currency's pattern alone, with a fixed number of decimals."""
    number = copy.copy(pattern)
    number.prefix = number.suffix = ("", "")
    number.frac_prec = (decimals, decimals)
    return number


def _before(text: str, symbol: str) -> str:
    """What stands before a number, with the currency's symbol put in.

    CLDR wants a blank between a digit and a symbol that has a letter there (`CHF 35`); Babel leaves it out.
    """
    spaced = text.endswith("¤") and unicodedata.category(symbol[-1])[0] not in "SZ"
    return text.replace("¤", symbol) + (NO_BREAK if spaced else "")


def _after(text: str, symbol: str) -> str:
    """What stands after a number: see `_before`."""
    spaced = text.startswith("¤") and unicodedata.category(symbol[0])[0] not in "SZ"
    return (NO_BREAK if spaced else "") + text.replace("¤", symbol)
