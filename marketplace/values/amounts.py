"""Amounts between text and integer minor units: strict decimals of CSV files, and what people type in forms. Pure.

to_minor("1234.5", "EUR") == 123450        parse_amount("1.234,50", "EUR", "es") == 123450
from_minor(123450, "EUR") == "1234.50"     format_amount(123450, "EUR", "es") == "1234,50"
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from marketplace.core.errors import Invalid
from marketplace.i18n.currencies import currency_digits, known_currency
from marketplace.i18n.locales import babel_locale

LARGEST = 10**14 - 1  # minor units: twelve digits before the decimals of most currencies
LONGEST = 64  # characters of a text worth reading

_PLAIN = re.compile(r"(?:0|[1-9][0-9]*)(?:\.([0-9]+))?")
_BLANKS = re.compile(r"\s+")
_APOSTROPHES = str.maketrans("’ʼ＇", "'''")
# Group and decimal marks used somewhere in the world; the third is the width of the groups before the last one.
_CONVENTIONS = ((",", ".", 3), (".", ",", 3), (" ", ",", 3), (" ", ".", 3), ("'", ".", 3), ("'", ",", 3))


class AmountError(Invalid):
    """A text is no amount of that currency.

    `code` is one of `empty`, `not_a_number`, `negative`, `too_many_decimals`, `too_large`, `ambiguous` (it could be read
    in two ways) and `unknown_currency`.
    """


def to_minor(value: str | int, currency: str) -> int:
    """Minor units of a decimal as CSV files write it: digits, a point, digits; no grouping. Raises AmountError."""
    digits = _digits(currency)
    text = str(value).strip()
    _refuse_unreadable(text)
    match = _PLAIN.fullmatch(text)
    if match is None:
        raise AmountError("not_a_number")
    if len(match[1] or "") > digits:
        raise AmountError("too_many_decimals")
    return _bounded(text, digits)


def from_minor(minor: int, currency: str) -> str:
    """The canonical decimal: no decimals for whole amounts (`1234`), else all of the currency's (`1234.50`)."""
    digits = currency_digits(currency)
    whole, part = divmod(abs(minor), 10**digits)
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole}.{part:0{digits}d}" if part else f"{sign}{whole}"


def format_amount(minor: int, currency: str, language: str) -> str:
    """An amount as a form's field holds it: the language's decimal mark, no grouping, no currency."""
    return from_minor(minor, currency).replace(".", get_decimal_symbol(babel_locale(language)))


def parse_amount(text: str, currency: str, language: str) -> int:
    """Minor units of what a person typed in a form in their language. Raises AmountError.

    The language's own format and the plain decimal come first; what is neither may follow another convention if only one
    reading of it fits the currency (`1.400,50` in English). Two readings are refused: `1.400` dinars of Bahrain in
    Spanish. The currency's code or sign may stand beside the number.
    """
    digits = _digits(currency)
    typed = _without_currency(_BLANKS.sub(" ", text).strip().translate(_APOSTROPHES), currency, language)
    _refuse_unreadable(typed)
    own = (_own_convention(language), ("", ".", 3))
    for conventions in (own, _CONVENTIONS):
        readings = {_reading(typed, convention, digits) for convention in conventions} - {None}
        if len(readings) > 1:
            raise AmountError("ambiguous")
        for reading in readings:
            if reading is not None:
                return _bounded(reading, digits)
    if any(_reading(typed, convention, LONGEST) for convention in (*own, *_CONVENTIONS)):
        raise AmountError("too_many_decimals")
    raise AmountError("not_a_number")


def _digits(currency: str) -> int:
    if not known_currency(currency):
        raise AmountError("unknown_currency")
    return currency_digits(currency)


def _refuse_unreadable(text: str) -> None:
    if not text:
        raise AmountError("empty")
    if text[0] in "-−–" and text[1:2].isdigit():
        raise AmountError("negative")
    if len(text) > LONGEST:
        raise AmountError("too_large" if text.isdigit() else "not_a_number")


def _bounded(plain: str, digits: int) -> int:
    minor = int(Decimal(plain).scaleb(digits))
    if minor > LARGEST:
        raise AmountError("too_large")
    return minor


@lru_cache(maxsize=512)
def _own_convention(language: str) -> tuple[str, str, int]:
    locale = babel_locale(language)
    group = get_group_symbol(locale).translate(_APOSTROPHES)
    return (
        " " if group.isspace() else group,
        get_decimal_symbol(locale),
        min(locale.decimal_formats[None].grouping[1], 3),  # 2 in India; patterns without groups say 1000
    )


@lru_cache(maxsize=512)
def _convention_form(group: str, decimal: str, width: int) -> re.Pattern[str]:
    mark = re.escape(group)
    grouped = rf"[1-9][0-9]{{0,{width - 1}}}(?:{mark}[0-9]{{{width}}})*{mark}[0-9]{{3}}|" if group else ""
    return re.compile(rf"({grouped}0|[1-9][0-9]*)(?:{re.escape(decimal)}([0-9]+))?")


def _reading(text: str, convention: tuple[str, str, int], digits: int) -> str | None:
    """The plain decimal that a text says in a convention, or None where it does not follow it."""
    match = _convention_form(*convention).fullmatch(text)
    if match is None or len(match[2] or "") > digits:
        return None
    whole = match[1].replace(convention[0], "") if convention[0] else match[1]
    # Padded, so that two conventions that mean the same amount are one reading.
    return f"{whole}.{(match[2] or '').ljust(digits, '0')}" if digits else whole


def _without_currency(text: str, currency: str, language: str) -> str:
    for mark in (currency, get_currency_symbol(currency, babel_locale(language))):
        if text.startswith(mark):
            return text[len(mark) :].lstrip()
        if text.endswith(mark):
            return text[: -len(mark)].rstrip()
    return text
