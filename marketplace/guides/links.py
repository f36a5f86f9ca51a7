"""Rewrites links of rendered guides from the public site of the guides to the same page on this site. Pure.

The functions take HTML that `rendering.py` has rendered and sanitized: attributes are in double quotes, escaped.
"""

from __future__ import annotations

import html as markup
import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, quote, unquote, urlsplit

from marketplace.i18n.languages import language_prefix

_LINK = re.compile(r'<a((?:\s+[\w-]+="[^"]*")*)\s*>')
_HREF = re.compile(r'\shref="([^"]*)"')
_PORTS = {"http": 80, "https": 443}


def guide_path(language: str, country: str, stem: str) -> str:
    """The decoded path of a guide's page."""
    return f"{language_prefix(language)}/guides/{country}/{stem}/"


class SitePaths:
    """The paths that exist because of guides (language, country, stem): of each guide, country and language."""

    def __init__(self, guides: Iterable[tuple[str, str, str]]) -> None:
        self._paths = {"/", "/guides/"}
        for language, country, stem in guides:
            prefix = language_prefix(language)
            self._paths |= {f"{prefix}/", f"{prefix}/guides/", f"{prefix}/guides/{country}/"}
            self._paths.add(guide_path(language, country, stem))

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and (path if path.endswith("/") else path + "/") in self._paths


def rewrite_links(html: str, origin: str, exists: Callable[[str], bool]) -> str:
    """Replace links to `origin` (with or without `www.`, http or https) by the path, if that path exists here.

    `exists` gets the decoded path in NFC with its leading slash. Query and fragment stay. A rewritten link has no `rel`.
    """

    def rewritten(link: re.Match[str]) -> str:
        parts = _to_origin(link[1], origin)
        path = None if parts is None else _path(parts)
        if parts is None or path is None or not exists(path):
            return link[0]
        href = quote(path, safe="/~!$'()*,;=:@") + (parts.query and "?" + parts.query)
        href += parts.fragment and "#" + parts.fragment
        return f'<a href="{markup.escape(href)}">'

    return _LINK.sub(rewritten, html)


def origin_links(html: str, origin: str) -> set[str]:
    """The decoded paths of all links to `origin`: those that `rewrite_links` passes to `exists`."""
    targets = (_to_origin(link[1], origin) for link in _LINK.finditer(html))
    return {path for parts in targets if parts is not None and (path := _path(parts)) is not None}


def _to_origin(attributes: str, origin: str) -> SplitResult | None:
    """The parsed address of a link to `origin`; None for any other link and for an invalid address."""
    href = _HREF.search(attributes)
    if href is None:
        return None
    try:
        parts = urlsplit(markup.unescape(href[1]))
        return parts if _site(parts) is not None and _site(parts) == _site(urlsplit(origin)) else None
    except ValueError:
        return None


def _site(parts: SplitResult) -> tuple[str, int | None] | None:
    """Host without `www.` and port (None for the default port); None if it is not a plain web address."""
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.hostname.removeprefix("www."), None if parts.port == _PORTS[parts.scheme] else parts.port


def _path(parts: SplitResult) -> str | None:
    """The decoded path in NFC; None if it is not UTF-8, has control characters or could be read as another host."""
    try:
        path = unicodedata.normalize("NFC", unquote(parts.path, errors="strict")) or "/"
    except UnicodeDecodeError:
        return None
    if not path.isprintable() or "\\" in path or path.startswith("//") or not path.startswith("/"):
        return None
    return path
