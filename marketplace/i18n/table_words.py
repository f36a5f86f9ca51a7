"""The provider table's few words in every language that has a `table` catalogue; English for all others.

The catalogues stand apart from the interface's, because the table is written in fifteen languages and the interface in
two. A compiled catalogue is used where it is as new as its text; else the text is compiled in memory, so that nothing has
to be built before the program runs. English is the source: it has no catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from marketplace.core.config import data_folder
from marketplace.i18n.locales import fallbacks

DOMAIN = "table"
BUSINESS_DAYS = ("%(count)s business day", "%(count)s business days")


@dataclass(frozen=True, slots=True)
class TableWords:
    """What a table says besides names and numbers. The defaults are the English source and the catalogues' keys.

    Words that stand in running text are lower case; labels, heads and the heading begin with a capital.
    """

    from_price: str = "from %(price)s"
    price_per_hour: str = "%(price)s per hour"
    free: str = "free"
    on_request: str = "on request"
    not_stated: str = "not stated"
    fees_included: str = "official fees included"
    fees_extra: str = "official fees extra"
    fees_extra_price: str = "official fees extra: %(price)s"
    fees_unknown: str = "official fees not known"
    documents_complete: str = "once your papers are complete"
    order: str = "from the order"
    appointment: str = "from the appointment"
    sponsored: str = "Sponsored"
    unclaimed: str = "Unclaimed"
    referral: str = "Referral link"
    provider: str = "Provider"
    website: str = "Website"
    timelines: str = "Timelines"
    cost: str = "Cost"
    heading: str = "Providers that can do it for you"


@dataclass(frozen=True, slots=True)
class ReadingWords:
    """Other ways to write the same, divided by `|`: only read in tables found in files, never shown."""

    free: str = "free of charge|no charge|at no cost"
    from_price: str = "starting at %(price)s|starting from %(price)s"
    price_per_hour: str = "%(price)s/h|%(price)s/hr|%(price)s/hour|%(price)s an hour"
    to: str = "to"
    business_days: str = "working day|working days|workday|workdays"


@lru_cache(maxsize=512)
def table_words(language: str) -> TableWords:
    """The words in a language (a BCP 47 tag), or in English where they are not translated."""
    catalogue = _catalogue(language)
    return TableWords(*(catalogue.gettext(str(field.default)) for field in fields(TableWords)))


def word(language: str, key: str) -> str:
    """One of the words, by its name in `TableWords`."""
    return str(getattr(table_words(language), key))


def business_days(count: int, shown: str, language: str) -> str:
    """`shown` business days, in the plural form that belongs to `count`: `12–18 business days`."""
    return _catalogue(language).ngettext(*BUSINESS_DAYS, count) % {"count": shown}


@lru_cache(maxsize=64)
def reading_words(language: str) -> dict[str, tuple[str, ...]]:
    """The other ways to write a word, by their names in `ReadingWords`."""
    catalogue = _catalogue(language)
    words = fields(ReadingWords)
    return {field.name: tuple(catalogue.gettext(str(field.default)).split("|")) for field in words}


@lru_cache(maxsize=512)
def _catalogue(language: str) -> NullTranslations:
    folders = _folders()
    for name in fallbacks(language):
        if name.lower() in folders:
            return load_catalogue(folders[name.lower()])
        if name == "en":
            break
    return NullTranslations()


@lru_cache
def _folders() -> dict[str, Path]:
    """Where the catalogues stand, by language in lower case."""
    root = data_folder("translations")
    found = root.glob(f"*/LC_MESSAGES/{DOMAIN}.[pm]o")
    return {path.parent.parent.name.lower(): path.parent for path in found}


def load_catalogue(folder: Path) -> NullTranslations:
    """The catalogue in a folder: compiled, or from its text where that is newer or alone."""
    source, compiled = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    fresh = compiled.is_file() and (
        not source.is_file() or compiled.stat().st_mtime_ns >= source.stat().st_mtime_ns
    )
    if fresh:
        with compiled.open("rb") as stream:
            return GNUTranslations(stream)
    binary = BytesIO()
    with source.open("rb") as text:
        write_mo(binary, read_po(text))
    binary.seek(0)
    return GNUTranslations(binary)
