"""Links of a rendered guide that lead to the public site of the guides, pointed at the same path on this one.

Both functions take HTML that `markdown.py` has rendered and cleaned: attributes stand in double quotes, escaped.
"""

from __future__ import annotations

import html as markup
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import SplitResult, quote, unquote, urlsplit

_LINK = re.compile(r'<a((?:\s+[\w-]+="[^"]*")*)\s*>')
_HREF = re.compile(r'\shref="([^"]*)"')
_PORTS = {"http": 80, "https": 443}


def rewrite_links(html: str, origin: str, exists: Callable[[str], bool]) -> str:
    """Links to `origin` (with or without `www.`, http or https) whose path exists here become that path.

    `exists` is asked with the path decoded, in NFC, with its leading slash. Query and fragment stay. A link within this
    site carries no `rel`.
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
    """The decoded paths of all links to `origin`: what `rewrite_links` will ask for."""
    targets = (_to_origin(link[1], origin) for link in _LINK.finditer(html))
    return {path for parts in targets if parts is not None and (path := _path(parts)) is not None}


def _to_origin(attributes: str, origin: str) -> SplitResult | None:
    """A link's address in parts if it leads to `origin`; None for any other, and for one that cannot be read."""
    href = _HREF.search(attributes)
    if href is None:
        return None
    try:
        parts = urlsplit(markup.unescape(href[1]))
        return parts if _site(parts) is not None and _site(parts) == _site(urlsplit(origin)) else None
    except ValueError:
        return None


def _site(parts: SplitResult) -> tuple[str, int | None] | None:
    """Host without `www.` and port (None for the usual one); None where it is no plain web address."""
    if parts.scheme not in _PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.hostname.removeprefix("www."), None if parts.port == _PORTS[parts.scheme] else parts.port


def _path(parts: SplitResult) -> str | None:
    """The path decoded, NFC; None where it is not UTF-8, holds control characters or would read as another host."""
    try:
        path = unicodedata.normalize("NFC", unquote(parts.path, errors="strict")) or "/"
    except UnicodeDecodeError:
        return None
    if not path.isprintable() or "\\" in path or path.startswith("//") or not path.startswith("/"):
        return None
    return path
