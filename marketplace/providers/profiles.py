"""A provider's profile as typed: the rules for name, website, description, languages and countries in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.core.errors import Invalid, InvalidFields
from marketplace.i18n.languages import is_language_tag
from marketplace.i18n.locales import fold_text
from marketplace.providers.models import DESCRIPTION_LENGTH, LANGUAGE_LIMIT, NAME_LENGTH, Provider
from marketplace.providers.traders import read_trader
from marketplace.providers.websites import Website, read_website
from marketplace.text.clean import clean_text
from marketplace.text.names import read_name


@dataclass(frozen=True, slots=True)
class Profile:
    """A checked profile. `languages` are tags, `countries` folder names of guides, `trader` the columns of `TraderMixin`
    (none where they were not asked), `lawful` whether the self-declaration was made."""

    name: str
    website: Website
    description: str
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    trader: Mapping[str, str]
    lawful: bool


def search_text(name: str, host: str) -> str:
    """What search compares of a provider: name and host, folded."""
    return fold_text(f"{name} {host}")


def new_provider(
    name: str, website: Website, *, slug: str, status: str, now: datetime, **profile: Any
) -> Provider:
    """A provider, not yet in the session. `profile` are other columns."""
    profile = {"languages": [], "countries": [], **profile}
    found = search_text(name, website.host)
    return Provider(
        slug=slug,
        name=name,
        website=website.url,
        host=website.host,
        search_text=found,
        status=status,
        version=1,
        created_at=now,
        **profile,
    )


def read_profile(
    *,
    name: str,
    website: str,
    description: str,
    languages: Iterable[str],
    countries: Iterable[str],
    known_countries: Sequence[str],
    trader: Mapping[str, Any] | None = None,
    lawful: bool | None = None,
) -> Profile:
    """The profile that was typed; `trader` and `lawful` are None where they were not asked. Raises `InvalidFields` with
    every field that breaks a rule."""
    problems: dict[str, str] = {}
    title, site = "", Website("", "")
    try:
        title = read_name(name, NAME_LENGTH)
    except Invalid as refusal:
        problems["name"] = refusal.code
    try:
        site = read_website(website)
    except Invalid as refusal:
        problems["website"] = refusal.code
    text = clean_text(description).strip()
    if len(text) > DESCRIPTION_LENGTH:
        problems["description"] = "description_long"
    spoken, served = tuple(dict.fromkeys(languages)), tuple(dict.fromkeys(countries))
    if not spoken:
        problems["languages"] = "languages_missing"
    elif len(spoken) > LANGUAGE_LIMIT or not all(is_language_tag(language) for language in spoken):
        problems["languages"] = "language_unknown"
    if not set(served) <= set(known_countries):
        problems["countries"] = "country_unknown"
    columns, wrong = ({}, {}) if trader is None else read_trader(trader)
    problems |= wrong
    if lawful is False:
        problems["lawful"] = "lawful_missing"
    if problems:
        raise InvalidFields(problems)
    return Profile(title, site, text, spoken, served, columns, bool(lawful))
