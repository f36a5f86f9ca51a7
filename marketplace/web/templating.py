"""What templates may call: words, numbers and dates in the reader's language, and the page's other languages."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, request
from markupsafe import Markup

from marketplace.core.extensions import current_settings, now
from marketplace.i18n import dates, names
from marketplace.i18n.languages import (
    address_language,
    interface_language,
    interface_languages,
    language_prefix,
    text_direction,
)
from marketplace.text.language import other_language
from marketplace.values import money

LEAST_TEXT = 40  # characters: a wrong `lang` would be read out in a wrong voice


def init_presentation(app: Flask) -> None:
    """Bind filters and globals to the templates."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.policies["ext.i18n.trimmed"] = (
        True  # as the strings are gathered: see tool.babel in pyproject.toml
    )
    app.jinja_env.filters.update(
        date=lambda value, style="long": dates.format_date(value, address_language(), style),
        month=lambda value: dates.format_month(value, address_language()),
        number=lambda value: money.format_number(value, address_language()),
        percent=lambda share: money.format_percent(share, address_language()),
        rating=lambda value: money.format_rating(value, address_language()),
        money=lambda minor, currency: money.format_money(minor, currency, address_language()),
        country=lambda folder: names.country_name(folder, address_language()),
        language_name=lambda tag: names.language_name(tag, address_language()),
        autonym=names.language_autonym,
    )
    app.jinja_env.globals.update(
        text_direction=text_direction,
        other_languages=other_languages,
        lang_attr=lang_attr,
        text_lang_attr=text_lang_attr,
    )
    app.context_processor(_page_words)


def _page_words() -> dict[str, Any]:
    language = address_language()
    spoken = interface_language(language)
    settings = current_settings()
    return {
        "language": language,
        "interface_language": spoken,
        "site_name": settings.site_name,
        "site_url": settings.site_url,
        "guides_origin": settings.guides_origin,
        "settings": settings,
        "today": now().date(),
    }


def lang_attr(language: str | None = None) -> Markup:
    """` lang="…"` for words in another language than the page's: the interface's, or `language`; else nothing."""
    spoken = language or interface_language()
    return Markup(' lang="{}"').format(spoken) if spoken != address_language() else Markup("")


def text_lang_attr(text: str) -> Markup:
    """` lang="…"` for what somebody wrote, where it clearly is in another language than the page: nobody was asked which."""
    return lang_attr(_written_in(text, address_language()))


@lru_cache(maxsize=4096)
def _written_in(text: str, language: str) -> str:
    return other_language(text, language, LEAST_TEXT) or language


def other_languages() -> list[tuple[str, str]]:
    """(tag, address) of this page in the interface's other languages; empty on error pages."""
    if request.endpoint is None or g.get("no_alternates"):
        return []
    current = address_language()
    return [(tag, this_page(tag)) for tag in interface_languages() if tag != current]


def this_page(language: str, **changed: object) -> str:
    """The address being answered in another language, or with other values in its query (None: left out)."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name not in changed]
    query = urlencode([*kept, *((name, value) for name, value in changed.items() if value is not None)])
    path = language_prefix(language) + quote(request.path, safe="/!$&'()*+,;=:@~")
    return f"{path}?{query}" if query else path
