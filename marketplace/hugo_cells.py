"""Cells of the provider table: Markdown source to text and back.

Written cells cannot break out and say exactly what was typed: every character with a meaning to Markdown, HTML or Hugo
stands as a numeric entity. That holds for CommonMark and for what Hugo adds to it: tables, strikethrough, footnotes,
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

# What cannot stand in a line of text: control characters, line and paragraph separators, lone surrogates, noncharacters.
_UNFIT = "\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
_GAP = re.compile(rf"[\s{_UNFIT}]+")
_IS_UNFIT = re.compile(rf"[{_UNFIT}]")

# ASCII characters with a meaning wherever they stand. `,-./%` have one only in some company: see `_keeps`.
_ALWAYS = frozenset("!\"#$&'()*+:;<=>?@[\\]^_`{|}~")
_SOMETIMES = frozenset(",-./%")
_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")

_IN_TARGET = re.compile(r"[!\"$'()*<>\[\\\]^_`{|}~]|%(?![0-9A-Fa-f]{2})")
_ENTITY_LIKE = re.compile(r"&(#[0-9]+|#[xX][0-9A-Fa-f]+|[0-9A-Za-z]+);")
_BARE_ADDRESS = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~"


def one_line(text: str) -> str:
    """Text fit for one line: line breaks, control characters and what UTF-8 or HTML cannot hold become one blank."""
    return _GAP.sub(lambda gap: " " if _IS_UNFIT.search(gap[0]) else gap[0], text).strip()


def text_cell(text: str) -> str:
    """Markdown source that shows `text` exactly, on one line and trimmed; '' for nothing."""
    line = one_line(text)
    return _SPECIAL.sub(lambda match: match[0] if _keeps(line, match.start()) else f"&#{ord(match[0])};", line)


def link_cell(text: str, url: str) -> str:
    """Markdown source of a link that shows `text` (where empty: the host). ValueError if `url` is no http(s) address."""
    target, host = _target(url)
    return f"[{text_cell(text) or text_cell(host)}]({target})"


def table_row(cells: Sequence[str]) -> bytes:
    """One line of the table from cells already in Markdown source, without a line break."""
    line = "| " + " | ".join(cells) + " |"
    if "\n" in line or "\r" in line:
        raise ValueError("A cell holds a line break.")
    return line.encode()


def _keeps(line: str, at: int) -> bool:
    """Whether the special character at `at` can stand as itself: the readable everyday cases, and no others."""
    character = line[at]
    if character not in _SOMETIMES:
        return False
    before, after = line[at - 1 : at], line[at + 1 : at + 2]
    if character == ".":  # `1.50`, the end of a word; never `a.com`, `...`, `1. `
        return (before.isdigit() and after.isdigit()) or (before.isalpha() and after in ("", " "))
    if character in "-/":
        return before.isalnum() and after.isalnum()
    return (before.isalnum() or before == " ") and (after == "" or after == " " or after.isalnum())


def _target(url: str) -> tuple[str, str]:
    """`url` as a link target, and its host. Host and what is percent-encoded already stay as typed."""
    if _GAP.search(url) or not url.isprintable():
        raise ValueError("A link target holds blanks or invisible characters.")
    parts = urlsplit(url)  # raises ValueError for brackets and for look-alikes of `/?#@:` in the host
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https"):
        raise ValueError("A link target must start with http:// or https://.")
    if "@" in parts.netloc or parts.netloc.endswith(":") or not _is_host(host):
        raise ValueError("A link target needs a plain host name.")
    port = "" if parts.port is None else f":{parts.port}"  # .port raises ValueError where it is no port
    rest = url[url.index("//") + 2 + len(parts.netloc) :]
    rest = _IN_TARGET.sub(lambda match: f"%{ord(match[0][0]):02X}", rest)
    page, mark, fragment = rest.partition("#")
    rest = page + mark + fragment.replace("#", "%23")
    rest = _ENTITY_LIKE.sub(lambda match: f"&{match[1]}%3B", rest)
    return f"{parts.scheme}://{parts.netloc[: len(host)]}{port}{rest}", host


def _is_host(host: str) -> bool:
    """Whether a name is made of letters, digits, marks, symbols such as emoji, hyphens and dots, no label empty."""
    labels = host.removesuffix(".").split(".")
    return all(labels) and all(
        character in "-_." if character.isascii() and not character.isalnum() else unicodedata.category(character)[0] in "LMNS"
        for character in host
    )


@lru_cache
def _inline_reader() -> MarkdownIt:
    """Inline Markdown as the guides use it, link targets left as written and judged by the caller."""
    reader = MarkdownIt("commonmark").enable("strikethrough")
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    return reader


def inline_tokens(source: str) -> list[Token]:
    """The inline tokens of one piece of Markdown."""
    return _inline_reader().parseInline(source)[0].children or []


def tokens_text(tokens: Sequence[Token]) -> str:
    """What inline tokens show, without markup; an image shows its description, raw HTML nothing."""
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
    """The text a piece of inline Markdown shows, trimmed."""
    return tokens_text(inline_tokens(cell)).strip()


def read_link(cell: str) -> tuple[str, str] | None:
    """Text and address of the first http(s) link of a cell: Markdown link, autolink or bare address; None without one.

    The address is as written, with entities and escapes resolved.
    """
    tokens = inline_tokens(cell)
    for index, token in enumerate(tokens):
        if token.type == "link_open":
            url = str(token.attrGet("href") or "")
            end = next(i for i in range(index, len(tokens)) if tokens[i].type == "link_close")
            if url.lower().startswith(("http://", "https://")):
                return tokens_text(tokens[index:end]).strip() or url, url
        elif token.type == "text" and (match := _BARE_ADDRESS.search(token.content)):
            url = _without_trailing_marks(match[0])
            return url, url
    return None


def _without_trailing_marks(url: str) -> str:
    """A bare address without the punctuation that ends the sentence around it, as GFM's autolinks do it."""
    while url:
        if url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        else:
            break
    return url
