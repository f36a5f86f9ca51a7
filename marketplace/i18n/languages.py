"""Languages of addresses and of the interface.

English addresses have no prefix, any other language has `/<lang>`. `LanguagePrefix` takes the prefix off into
SCRIPT_NAME, so that `url_for` makes addresses in the language of the page; whether the language is known is asked later,
where the database can be reached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flask import g, has_app_context

from marketplace.core.config import data_folder

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

SOURCE_LANGUAGE = "en"
UNPREFIXED_ROOTS = frozenset(
    "static go api webhooks healthz readyz metrics sitemap.xml robots.txt favicon.ico".split()
)
PREFIXED_ROOTS = frozenset("guides compare providers search account invitation manage staff about".split())
LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?", re.ASCII)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi"})


@lru_cache
def interface_languages() -> tuple[str, ...]:
    """Languages the interface is translated into, English first."""
    catalogues = data_folder("translations").glob("*/LC_MESSAGES/messages.[pm]o")
    found = {path.parent.parent.name.replace("_", "-") for path in catalogues}
    return (SOURCE_LANGUAGE, *sorted(found - {SOURCE_LANGUAGE}))


def is_language_tag(text: str) -> bool:
    """Whether a folder's or address's segment has the form of a language tag that we serve."""
    return LANGUAGE_TAG.fullmatch(text) is not None


def address_language() -> str:
    """The language of the address being answered, or of the mail being written; English outside both."""
    if has_app_context():
        return str(g.get("language", SOURCE_LANGUAGE))
    return SOURCE_LANGUAGE


def interface_language(language: str | None = None) -> str:
    """The language that interface words appear in on a page of `language`: itself, or English where untranslated."""
    language = language or address_language()
    return language if language in interface_languages() else SOURCE_LANGUAGE


def text_direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def language_prefix(language: str) -> str:
    """What stands before a page's path: empty for English, `/es` for Spanish."""
    return "" if language == SOURCE_LANGUAGE else f"/{language}"


class LanguagePrefix:
    """WSGI wrapper: `/es/guides/…` becomes SCRIPT_NAME `/es` and PATH_INFO `/guides/…`; `/en/…` is redirected."""

    def __init__(self, app: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "") or "/"
        first, slash, rest = path[1:].partition("/")
        environ["marketplace.language"] = SOURCE_LANGUAGE
        if first in UNPREFIXED_ROOTS or first in PREFIXED_ROOTS or not is_language_tag(first):
            return self.app(environ, start_response)
        if first == SOURCE_LANGUAGE:
            return _redirect(environ, start_response, "/" + rest)
        if not slash:
            return _redirect(environ, start_response, f"/{first}/")
        if rest.partition("/")[0] in UNPREFIXED_ROOTS:
            environ["marketplace.unknown"] = True
        environ["marketplace.language"] = first
        environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + f"/{first}"
        environ["PATH_INFO"] = "/" + rest
        return self.app(environ, start_response)


def _redirect(environ: WSGIEnvironment, start_response: StartResponse, path: str) -> list[bytes]:
    # PATH_INFO is latin-1 text of the raw bytes (PEP 3333); collapse leading slashes: `//host` would leave the site.
    raw = ("/" + path.lstrip("/")).encode("latin-1", "replace")
    target = environ.get("SCRIPT_NAME", "") + quote(raw, safe="/!$&'()*+,;=:@~")
    if environ.get("QUERY_STRING"):
        target += "?" + quote(environ["QUERY_STRING"].encode("latin-1", "replace"), safe="%/?!$&'()*+,;=:@~")
    headers = [("Location", target), ("Content-Length", "0"), ("Cache-Control", "public, max-age=3600")]
    start_response("301 Moved Permanently", headers)
    return [b""]


def locale_for_babel() -> Any:
    """The locale whose catalogue `gettext` uses in this request."""
    return interface_language().replace("-", "_")
