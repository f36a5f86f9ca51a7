"""Renders a guide's body as safe HTML, split at the provider table.

The text is not trusted. Raw HTML in it loses all attributes (Hugo by default drops raw HTML). The result passes an allow
list of tags and attributes: no inline styles, no images (our pages load none from other sites), no classes except those
set here. `links.py` rewrites the links in the result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from marketplace.guides.hugo.cells import find_address, tokens_text
from marketplace.guides.hugo.guide_file import GuideFile, plain_text, without_shortcodes

Part = Literal["before", "table", "after"]

EXTERNAL = "nofollow noopener"  # rel of a link that leaves this site

_WORDS = {"b", "br", "code", "em", "i", "s", "strong", "sub", "sup"}
_BLOCKS = {"blockquote", "li", "ol", "p", "pre", "ul"}
_TABLES = {"div", "table", "tbody", "td", "th", "thead", "tr"}
_TAGS = _WORDS | _BLOCKS | _TABLES | {"a", "h2", "h3", "h4", "h5", "h6", "hr"}
_ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}} | {f"h{level}": {"id"} for level in range(2, 7)}
_ALIGNMENTS = {"left": "text-start", "center": "text-center", "right": "text-end"}
_CELL_CLASSES = set(_ALIGNMENTS.values())
_CLASSES = {"div": {"table-responsive"}, "table": {"table"}, "td": _CELL_CLASSES, "th": _CELL_CLASSES}
_SCHEMES = {"http", "https", "mailto", "tel"}
_DEAD_LINK = re.compile(r'<a(?: rel="[^"]*")?>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class TocEntry:
    """An H2 of the page: its id, its plain text, and the part of the page it is in."""

    id: str
    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class RenderedGuide:
    """Sanitized HTML of the body before the provider table's H2 and after the table, and all H2s.

    The table's H2, note and rows are in neither part: the page renders them, with the id in `toc`.
    """

    html_before: str
    html_after: str
    toc: tuple[TocEntry, ...]


def render_guide(data: bytes, file: GuideFile, *, reserved: Collection[str] = ()) -> RenderedGuide:
    """Render a guide's body. `reserved` are ids that headings must not use."""
    table = file.table
    body = data[file.body_start :]
    env: dict[str, Any] = {}
    _markdown().block.parse(
        _text(body), _markdown(), env, []
    )  # link definitions on either side apply to both
    ids = dict.fromkeys(reserved, 1)
    before, toc = _part(body[: table.heading_start - file.body_start] if table else body, "before", ids, env)
    after = ""
    if table:
        toc.append(TocEntry(id=_slug(table.heading, ids), text=table.heading, part="table"))
        after, rest = _part(data[table.rows_end :], "after", ids, env)
        toc += rest
    return RenderedGuide(html_before=before, html_after=after, toc=tuple(toc))


@lru_cache
def _markdown() -> MarkdownIt:
    renderer = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    renderer.validateLink = lambda url: True  # type: ignore[method-assign]  # `_safe` decides: an unsafe link leaves its text
    return renderer


def _text(body: bytes) -> str:
    """A part of the body with LF line breaks and without shortcodes."""
    return without_shortcodes(body.decode().replace("\r\n", "\n"))


def _part(body: bytes, part: Part, ids: dict[str, int], env: dict[str, Any]) -> tuple[str, list[TocEntry]]:
    """The HTML of a part and its H2s. `ids` are the ids in use, each with the next suffix to try."""
    renderer = _markdown()
    tokens = renderer.parse(_text(body), env)
    toc: list[TocEntry] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            text = plain_text(tokens[index + 1].content)
            if token.tag == "h1":  # the page's title is its h1
                token.tag = tokens[index + 2].tag = "h2"
            token.attrs = {"id": _slug(text, ids)}
            if token.tag == "h2":
                toc.append(TocEntry(id=str(token.attrs["id"]), text=text, part=part))
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs = {"class": _ALIGNMENTS[str(token.attrs["style"]).partition(":")[2]]}
        elif token.type == "inline":
            token.children = list(_inline(token.children or []))
        elif token.type == "html_block":
            token.content = nh3.clean(token.content, tags=_WORDS | _BLOCKS, attributes={}, link_rel=None)
    html = renderer.renderer.render(tokens, renderer.options, env)
    html = html.replace("<table>", '<div class="table-responsive"><table class="table">')
    html = html.replace("</table>", "</table></div>")
    return _clean(html), toc


def _clean(html: str) -> str:
    """Sanitize HTML to the allowed tags, attributes and addresses. A link without an address becomes its text."""
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes=_SCHEMES,
        link_rel=None,
    )
    return _DEAD_LINK.sub(r"\1", cleaned)


def _inline(tokens: list[Token]) -> Iterable[Token]:
    """Inline tokens without images, raw HTML (except line breaks) and unsafe links. Bare addresses become links."""
    linked: list[bool] = []  # for each open link: whether it is kept
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrs.get("href", ""))
            linked.append(_safe(href))
            if linked[-1]:
                yield _link(href)
        elif token.type == "link_close":
            if linked.pop():
                yield token
        elif token.type == "image":
            yield from _image(token, inside_link=bool(linked))
        elif token.type == "html_inline":
            if re.fullmatch(r"<br\s*/?>", token.content, re.IGNORECASE):
                yield token
        elif token.type == "text" and not linked:
            yield from _with_links(token.content)
        else:
            yield token


def _image(token: Token, *, inside_link: bool) -> Iterable[Token]:
    """Replace an image by its description, or else its file name, linked to its source."""
    source = str(token.attrs.get("src", ""))
    text = tokens_text(token.children or []).strip() or unquote(source.rstrip("/").rpartition("/")[2])
    if inside_link or not _safe(source):
        yield Token("text", "", 0, content=text)
    else:
        yield from _linked(source, text)


def _with_links(text: str) -> Iterable[Token]:
    done = 0
    while found := find_address(text, done):
        start, url = found
        yield Token("text", "", 0, content=text[done:start])
        yield from _linked(_markdown().normalizeLink(url), url)
        done = start + len(url)
    yield Token("text", "", 0, content=text[done:])


def _linked(href: str, text: str) -> Iterable[Token]:
    yield _link(href)
    yield Token("text", "", 0, content=text)
    yield Token("link_close", "a", -1)


def _link(href: str) -> Token:
    external = href.lower().startswith(("http:", "https:"))
    return Token("link_open", "a", 1, attrs={"href": href, **({"rel": EXTERNAL} if external else {})})


def _safe(href: str) -> bool:
    """Whether a link may be kept: to the web, mail, telephone, or within the site, but never `//host` or a variant of it."""
    try:
        parts = urlsplit(href)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(host)
    if parts.scheme:
        return parts.scheme in _SCHEMES
    return href != "" and not parts.netloc and not href.startswith(("//", "/\\", "\\"))


def _slug(text: str, ids: dict[str, int]) -> str:
    """The id of a heading as Hugo builds it: letters of any script, digits and hyphens, with a number if it is in use."""
    kept = (c for c in unicodedata.normalize("NFC", text).lower() if c.isalnum() or c in " -_")
    slug = unique = "-".join("".join(kept).split()) or "section"
    while unique in ids:
        unique = f"{slug}-{ids[slug]}"
        ids[slug] += 1
    ids[unique] = 1
    return unique
