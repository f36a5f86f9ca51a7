"""Babel's locale of any language tag, and text as it is compared. Pure.

A tag that Babel does not know loses its last subtags until one is known; in the end stands the world's English, which is
also what plain `en` means: days before months, `US$` rather than `$`.
"""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from marketplace.i18n.folding import fold, without_marks

WORLD_ENGLISH = Locale.parse("en_001")
_NO_LANGUAGE = frozenset({"", "und", "root", "mul", "zxx"})


def fallbacks(language: str) -> tuple[str, ...]:
    """The names to look a tag up by, the most precise first: `zh-Hant-TW` gives `zh_Hant_TW`, `zh_Hant`, `zh`."""
    parts = language.replace("-", "_").split("_")
    return tuple("_".join(parts[:length]) for length in range(len(parts), 0, -1))


@lru_cache(maxsize=512)
def known_locale(language: str) -> Locale | None:
    """Babel's locale of a tag or of its beginning; None where Babel does not know the language."""
    names = fallbacks(language)
    if names[-1].lower() in _NO_LANGUAGE:
        return None
    for name in names:
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return None


@lru_cache(maxsize=512)
def babel_locale(language: str) -> Locale:
    """The locale that numbers, dates and names of a language are written in; English where it is unknown."""
    found = known_locale(language)
    return WORLD_ENGLISH if found is None or found == Locale("en") else found


def fold_text(text: str) -> str:
    """Text as it is searched and compared: as `folding.fold` leaves it, and without accents."""
    return without_marks(fold(text))
