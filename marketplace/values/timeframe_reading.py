"""Reads timeframes from free text found in files: `5 minutos`, `2-3 Wochen`, `12–18 días hábiles`. Pure.

The words of units are CLDR's patterns of the text's language and the table's catalogue, then English's long ones. What
is not read with certainty is not read at all.
"""

from __future__ import annotations

import re
from functools import lru_cache

from marketplace.i18n.locales import WORLD_ENGLISH, babel_locale, fold_text
from marketplace.i18n.table_words import business_days, reading_words
from marketplace.values.timeframe import LENGTHS, UNITS, unit_patterns

LONGEST = 200  # characters of a cell worth reading
DASHES = r"[-‐‑–—−]"

_PLURAL_SAMPLES = range(130)  # every plural form of every language has a number below
_HOLE = "\0"


def parse_timeframe(text: str, language: str) -> tuple[int, int, str] | None:
    """Least, most and unit (`minutes` … `months`, `business_days`) of a cell's plain text; None where in doubt."""
    if len(text) > LONGEST:
        return None
    match = _form(language).fullmatch(fold_text(text))
    if match is None:
        return None
    before, lo, hi, after = match.group("before", "lo", "hi", "after")
    unit = _unit_words(language).get((_word(before), _word(after)))
    least, most = int(lo), int(hi or lo)
    if unit is None or most < least or most == 0:
        return None
    return least, most, unit


def range_form(language: str) -> str:
    """A regular expression for what stands between the two ends of a range: a dash, or the language's word for "to"."""
    words = dict.fromkeys((*reading_words(language)["to"], *reading_words("en")["to"]))
    return f"(?:{DASHES}|" + "|".join(rf"\b{re.escape(fold_text(word))}\b" for word in words) + ")"


@lru_cache(maxsize=64)
def _form(language: str) -> re.Pattern[str]:
    upper = rf"(?:\s*{range_form(language)}\s*(?P<hi>\d{{1,4}}))?"
    return re.compile(rf"(?P<before>\D*?)(?P<lo>\d{{1,4}}){upper}(?P<after>\D*)")


@lru_cache(maxsize=64)
def _unit_words(language: str) -> dict[tuple[str, str], str]:
    """Units by the words before and after the number. A word that stands for two units stands for none."""
    words = _spelled(language, LENGTHS)
    return {**_spelled("en", LENGTHS[:1]), **words}


def _spelled(language: str, lengths: tuple[str, ...]) -> dict[tuple[str, str], str]:
    locale = WORLD_ENGLISH if language == "en" else babel_locale(language)
    found: dict[tuple[str, str], set[str]] = {}
    for unit, key in UNITS.items():
        for (length, _), pattern in unit_patterns(locale, key).items():
            if length in lengths and "{0}" in pattern:
                found.setdefault(_around(pattern.replace("{0}", _HOLE)), set()).add(unit)
    working = {business_days(count, _HOLE, language) for count in _PLURAL_SAMPLES}
    working.update(f"{_HOLE} {word}" for word in reading_words(language)["business_days"])
    for text in working:
        found.setdefault(_around(text), set()).add("business_days")
    return {words: units.pop() for words, units in found.items() if len(units) == 1}


def _around(pattern: str) -> tuple[str, str]:
    before, _, after = pattern.partition(_HOLE)
    return _word(fold_text(before)), _word(fold_text(after))


def _word(text: str) -> str:
    return text.strip().rstrip(".")
