"""Names of countries and languages. Pure.

A country is a folder's name in English (`czech-republic`, `united_states`); countries are found by exact names only,
never by likeness.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pycountry
from babel import Locale

from marketplace.i18n.locales import WORLD_ENGLISH, babel_locale, fold_text, known_locale

_NO_LETTERS = re.compile(r"[\W_]+")
# English names in use that neither ISO 3166 nor CLDR lists: short, former, and of parts of a country.
_OTHER_NAMES = {
    "AE": "uae; emirates",
    "BA": "bosnia",
    "BN": "brunei darussalam",
    "CD": "democratic republic of congo; dr congo; drc; congo kinshasa; zaire",
    "CG": "republic of congo; congo republic; congo brazzaville",
    "CI": "ivory coast",
    "CV": "cape verde",
    "CZ": "czech rep",
    "FM": "micronesia",
    "GB": "uk; britain; great britain; england; scotland; wales; northern ireland",
    "HK": "hong kong",
    "IE": "republic of ireland; eire",
    "KP": "north korea",
    "KR": "korea; south korea",
    "KG": "kirghizia",
    "LA": "laos",
    "MD": "moldova",
    "MK": "macedonia; fyrom",
    "MM": "burma",
    "MO": "macau; macao",
    "NL": "holland",
    "PS": "palestine",
    "RU": "russia",
    "SY": "syria",
    "SZ": "swaziland",
    "TL": "east timor",
    "TR": "turkey",
    "TW": "taiwan",
    "TZ": "tanzania",
    "US": "usa; america; united states of america",
    "VA": "vatican",
    "VN": "vietnam",
    "XK": "kosovo; republic of kosovo",
}


def country_code(folder: str) -> str | None:
    """The ISO 3166 code of a country's folder, or None where the name is no country's."""
    return _countries().get(_key(folder))


@lru_cache(maxsize=4096)
def language_name(tag: str, language: str) -> str:
    """The name of the language `tag` in another language, as in running text: `Spanish`, `español`."""
    shown_in = babel_locale(language)
    locale = known_locale(tag)
    if locale is not None:
        name = locale.get_display_name(shown_in) or locale.get_display_name(WORLD_ENGLISH)
        if name:
            return str(name)
    code = tag.replace("_", "-").split("-")[0].lower()
    return str(shown_in.languages.get(code) or WORLD_ENGLISH.languages.get(code) or tag)


@lru_cache(maxsize=512)
def language_autonym(tag: str) -> str:
    """A language's name in itself, as in a menu: `Español`."""
    name = language_name(tag, tag)
    return name[:1].title() + name[1:]


@lru_cache(maxsize=4096)
def country_name(folder: str, language: str) -> str:
    """A country's name in a language; a folder that is no country's is shown with blanks and capitals."""
    code = country_code(folder)
    if code is not None:
        name = babel_locale(language).territories.get(code) or WORLD_ENGLISH.territories.get(code)
        if name:
            return str(name)
    return " ".join(word[:1].upper() + word[1:] for word in _NO_LETTERS.sub(" ", folder).split()) or folder


@cache
def _countries() -> dict[str, str]:
    """Codes by every English name known: ISO's short, common and official names and codes, CLDR's, and others in use."""
    found: dict[str, str] = {}
    for country in pycountry.countries:
        for field in ("name", "common_name", "official_name", "alpha_2", "alpha_3"):
            name = getattr(country, field, None)
            if name:
                found.setdefault(_key(name), country.alpha_2)
    for locale in (Locale.parse("en"), WORLD_ENGLISH):
        for code, name in locale.territories.items():
            if len(code) == 2 and (code in _OTHER_NAMES or pycountry.countries.get(alpha_2=code)):
                found.setdefault(_key(name), code)
    for code, names in _OTHER_NAMES.items():
        found.update({_key(name): code for name in names.split(";")})
    return found


def _key(name: str) -> str:
    words = _NO_LETTERS.sub(" ", fold_text(name)).split()
    spelled = ["saint" if word == "st" else word for word in words if word not in ("and", "the")]
    return " ".join(spelled or words)  # AND is Andorra
