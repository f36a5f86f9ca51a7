"""Which currency a sign or word beside an amount means: `€`, `MX$`, `Kč`, `pesos mexicanos`, `CLP`. Pure.

Signs and names come from CLDR: the text's language, then English. `$` alone is the sign of thirty currencies and means
only the one of the country that the text is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from babel.numbers import get_currency_name, get_currency_symbol, get_territory_currencies

from marketplace.i18n.currencies import EXPONENTS, currency_territories, known_currency
from marketplace.i18n.locales import WORLD_ENGLISH, babel_locale, fold_text

_MANY = "$"
_COUNTS = (1, 2, 5)  # together they show every plural form of a currency's name


def marked_currency(
    marks: Iterable[str], text: str, language: str, default_currency: str | None
) -> str | None:
    """The one currency that all marks (texts as `fold_text` leaves them) name; None without marks or where in doubt.

    `text` is what the marks were found in: codes count in capitals only, because `all` and `try` are words too.
    """
    marks = [mark.rstrip(".") for mark in marks]
    codes = {mark.upper() for mark in marks if _is_code(mark, text, default_currency)}
    if codes:
        code = codes.pop()
        signs = {mark for mark in marks if mark.upper() != code}
        fits = signs <= home_marks(code) | {mark for mark, named in _marks(language).items() if named == code}
        return code if fits and not codes else None
    home: frozenset[str] = frozenset()
    if default_currency:
        home = home_marks(default_currency) | _home_words(default_currency, language)
    named = {default_currency if mark in home else _marks(language).get(mark) for mark in marks}
    return named.pop() if len(named) == 1 else None


@lru_cache(maxsize=256)
def home_marks(currency: str) -> frozenset[str]:
    """The signs of a currency where it is paid with: `$` for MXN and USD, `S/` for PEN."""
    home = [place for place in currency_territories() if currency in get_territory_currencies(place)]
    tongues = {(tongue, place) for place in home for tongue in get_official_languages(place, de_facto=True)}
    tongues |= {("und", place) for place in home}  # `und_MX` is the language most people speak there
    marks = set()
    for tongue, place in tongues:
        with suppress(UnknownLocaleError, ValueError):
            marks.add(_mark(get_currency_symbol(currency, Locale.parse(f"{tongue}_{place}"))))
    return frozenset(marks)


@lru_cache(maxsize=256)
def _home_words(currency: str, language: str) -> frozenset[str]:
    """The words of a currency's name, as people say them where it is paid with: `pesos`, `lei`."""
    names = {name for locale in (babel_locale(language), WORLD_ENGLISH) for name in _names(currency, locale)}
    return frozenset(word for name in names for word in _mark(name).split() if len(word) > 2)


def _is_code(mark: str, text: str, default_currency: str | None) -> bool:
    code = mark.upper()
    return known_currency(code) and (code in text or code == default_currency)


@lru_cache(maxsize=64)
def _marks(language: str) -> dict[str, str]:
    """Currencies by sign or name. What means two currencies in one language means none there."""
    found: dict[str, str] = {}
    for spelled in (_symbols, _names):
        for locale in (babel_locale(language), WORLD_ENGLISH):
            for mark, currencies in _by_mark(spelled, locale).items():
                if len(currencies) == 1 and mark != _MANY:
                    found.setdefault(mark, next(iter(currencies)))
    return found


def _by_mark(spelled: Callable[[str, Locale], Iterable[str]], locale: Locale) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for currency in EXPONENTS:
        for mark in spelled(currency, locale):
            found.setdefault(_mark(mark), set()).add(currency)
    return found


def _symbols(currency: str, locale: Locale) -> Iterable[str]:
    symbol = str(get_currency_symbol(currency, locale))
    return () if symbol == currency else (symbol,)


def _names(currency: str, locale: Locale) -> Iterable[str]:
    return {str(get_currency_name(currency, count, locale)) for count in _COUNTS} - {currency}


def _mark(text: str) -> str:
    return fold_text(text).rstrip(".")
