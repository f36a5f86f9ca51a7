"""Cells of the provider table: Markdown source to text and back.

Cells that we write show exactly the given text and cannot break out: each character with a meaning to Markdown, HTML or
Hugo is written as a numeric entity. This covers CommonMark and Hugo's extensions: tables, strikethrough, footnotes,
typographic quotes and dashes, bare addresses that become links, emoji names, formulas, attributes and shortcodes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from marketplace.text.clean import LINE_GAP, one_line

# ASCII punctuation. Most of it has a meaning somewhere, `,-./%` only in some contexts (see `_escaped`).
_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")

# Hugo's own placeholders. Hugo searches for them in the final HTML, after entities are resolved, and panics on one that it
# did not write. An empty tag splits them, whether or not Hugo keeps raw HTML (it drops comments without a trace).
_IN_PLACEHOLDER = re.compile(r"(?<=HA)(?=HAHUGO)|(?<=HU)(?=GOMORE42)|(?<=__)(?=hdeferred/|h_pp_l1)")
_NOTHING = "<wbr>"

# In a link target: Markdown syntax, a stray `%`, characters that may be invisible, and the same placeholders.
_IN_TARGET = re.compile(
    r"[!\"$'()*<>\[\\\]^_`{|}~]|%(?![0-9A-Fa-f]{2})|[^\x00-\x7f]|(?<=HA)H(?=AHUGO)|(?<=HU)G(?=OMORE42)"
)
_ENTITY_LIKE = re.compile(r"&(#[0-9]+|#[xX][0-9A-Fa-f]+|[0-9A-Za-z]+);")
_BARE_ADDRESS = re.compile(r"\bhttps?://[^\s<>|\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~"


def text_cell(text: str) -> str:
    """Markdown source that shows exactly `text`, on one line and trimmed."""
    return _NOTHING.join(_SPECIAL.sub(_escaped, piece) for piece in _IN_PLACEHOLDER.split(one_line(text)))


def link_cell(text: str, url: str) -> str:
    """Markdown source of a link that shows `text`, or the host if empty. Raises ValueError if `url` is not http(s)."""
    target, host = _target(url)
    return f"[{text_cell(text) or text_cell(host)}]({target})"


def table_row(cells: Sequence[str]) -> bytes:
    """A row of the table from cells in Markdown source, without a line break."""
    line = "| " + " | ".join(cells) + " |"
    if "\n" in line or "\r" in line:
        raise ValueError("A cell holds a line break.")
    return line.encode()


def _escaped(special: re.Match[str]) -> str:
    """A special character as itself where it is harmless and common, else as a numeric entity."""
    character, line, at = special[0], special.string, special.start()
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if character == ".":  # `1.50`, the end of a word; never `a.com`, `...`, `1. `, `www.`
        ends_word = before.isalpha() and after in ("", " ") and line[:at][-3:].lower() != "www"
        keeps = (before.isdigit() and after.isdigit()) or ends_word
    elif character in "-/":
        keeps = before.isalnum() and after.isalnum()
    elif character in ",%":
        keeps = (before.isalnum() or before == " ") and (after in ("", " ") or after.isalnum())
    else:
        keeps = False
    return character if keeps else f"&#{ord(character)};"


def _target(url: str) -> tuple[str, str]:
    """`url` as a link target, and its host. An internationalized host and encoded characters stay as they are."""
    if LINE_GAP.search(url):
        raise ValueError("A link target holds blanks or control characters.")
    parts = urlsplit(url)  # raises ValueError for brackets and for look-alikes of `/?#@:` in the host
    host, colon, port = parts.netloc.partition(":")
    if parts.scheme not in ("http", "https"):
        raise ValueError("A link target must start with http:// or https://.")
    if not _is_host(host) or (
        colon and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536)
    ):
        raise ValueError("A link target needs a plain host name.")
    rest = _IN_TARGET.sub(_percent_encoded, url[url.index("//") + 2 + len(parts.netloc) :])
    page, mark, fragment = rest.partition("#")
    rest = _ENTITY_LIKE.sub(r"&\1%3B", page + mark + fragment.replace("#", "%23"))
    return f"{parts.scheme}://{_lower(parts.netloc)}{rest}", host


def _percent_encoded(special: re.Match[str]) -> str:
    character = special[0]
    if not character.isascii() and character.isprintable():
        return character
    return "".join(f"%{byte:02X}" for byte in character.encode())


def _lower(host: str) -> str:
    """Lower-case ASCII letters only, so that characters such as `İ` stay one character."""
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), host)


def _is_host(host: str) -> bool:
    """Whether a name has no empty label, and only letters, digits, marks, symbols such as emoji, and hyphens.

    `__` is not allowed because it could form one of Hugo's placeholders; no real host has it.
    """
    return (
        "__" not in host
        and all(host.removesuffix(".").split("."))
        and all(
            c in "-_." or c.isalnum() or (not c.isascii() and unicodedata.category(c)[0] in "MNS")
            for c in host
        )
    )


@lru_cache
def _inline_reader() -> MarkdownIt:
    """A parser of the guides' inline Markdown. Link targets stay as written; the caller checks them."""
    reader = MarkdownIt("commonmark").enable("strikethrough")
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    return reader


def inline_tokens(source: str) -> list[Token]:
    """The inline tokens of one piece of Markdown."""
    return _inline_reader().parseInline(source)[0].children or []


def tokens_text(tokens: Sequence[Token]) -> str:
    """The text of inline tokens: an image gives its description, raw HTML nothing."""
    pieces = []
    for token in tokens:
        if token.type == "image":
            pieces.append(tokens_text(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type in ("text", "code_inline", "text_special"):
            pieces.append(token.content)
    return "".join(pieces)


def plain_text(cell: str) -> str:
    """The text of inline Markdown, trimmed."""
    return tokens_text(inline_tokens(cell)).strip()


def read_link(cell: str) -> tuple[str, str] | None:
    """Text and address of a cell's first http(s) link (Markdown link, autolink or bare address), or None.

    The address is as written, with entities and escapes resolved.
    """
    tokens = inline_tokens(cell)
    for index, token in enumerate(tokens):
        if token.type == "link_open":
            url = str(token.attrGet("href") or "")
            end = next(i for i in range(index, len(tokens)) if tokens[i].type == "link_close")
            if url.lower().startswith(("http://", "https://")):
                return tokens_text(tokens[index:end]).strip() or url, url
        elif token.type == "text" and (found := find_address(token.content)):
            return found[1], found[1]
    return None


def find_address(text: str, start: int = 0) -> tuple[int, str] | None:
    """The position and text of the next bare http(s) address, delimited as in the autolinks of GFM and Hugo: without the
    punctuation of the surrounding sentence."""
    for match in _BARE_ADDRESS.finditer(text, start):
        url = match[0]
        while url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        if _BARE_ADDRESS.fullmatch(url):
            return match.start(), url
    return None
