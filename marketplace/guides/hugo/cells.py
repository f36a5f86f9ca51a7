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

from marketplace.text.clean import LINE_GAP, one_line

# ASCII punctuation: most of it has a meaning somewhere, `,-./%` only in some company (see `_written`).
_SPECIAL = re.compile(r"[!-/:-@\[-`{-~]")

# Hugo's own placeholders. It looks for them in the finished HTML, where no entity is left, and panics on a foreign one:
# a tag that shows nothing breaks them, whether Hugo keeps raw HTML or leaves it out (comments it drops without a trace).
_IN_PLACEHOLDER = re.compile(r"(?<=HA)(?=HAHUGO)|(?<=HU)(?=GOMORE42)|(?<=__)(?=hdeferred/|h_pp_l1)")
_NOTHING = "<wbr>"

# In a link's target: what Markdown could read, a stray `%`, what may be invisible, the same placeholders.
_IN_TARGET = re.compile(
    r"[!\"$'()*<>\[\\\]^_`{|}~]|%(?![0-9A-Fa-f]{2})|[^\x00-\x7f]|(?<=HA)H(?=AHUGO)|(?<=HU)G(?=OMORE42)"
)
_ENTITY_LIKE = re.compile(r"&(#[0-9]+|#[xX][0-9A-Fa-f]+|[0-9A-Za-z]+);")
_BARE_ADDRESS = re.compile(r"\bhttps?://[^\s<>|\"]+", re.IGNORECASE)
_TRAILING = ".,;:!?'*_~"


def text_cell(text: str) -> str:
    """Markdown source that shows `text` exactly, on one line and trimmed; '' for nothing."""
    return _NOTHING.join(_SPECIAL.sub(_written, piece) for piece in _IN_PLACEHOLDER.split(one_line(text)))


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


def _written(special: re.Match[str]) -> str:
    """A special character as itself in the readable everyday cases, and in no others; else as a numeric entity."""
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
    """`url` as a link target, and its host. An international host and what is encoded stay as typed."""
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
    """In lower case where that is ASCII: `İ` and its like stay one character."""
    return re.sub("[A-Z]+", lambda capitals: capitals[0].lower(), host)


def _is_host(host: str) -> bool:
    """Whether a name has no empty label, and only letters, digits, marks, symbols such as emoji, and hyphens.

    `__` could make a placeholder of Hugo's; no real host has it.
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
    """Text and address of a cell's first http(s) link: Markdown link, autolink or bare address; None without one.

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
    """Where the next bare http(s) address of a plain text begins, and the address: as GFM's and Hugo's autolinks do
    it, without the punctuation that belongs to the sentence around it."""
    for match in _BARE_ADDRESS.finditer(text, start):
        url = match[0]
        while url[-1] in _TRAILING or (url[-1] == ")" and url.count(")") > url.count("(")):
            url = url[:-1]
        if _BARE_ADDRESS.fullmatch(url):
            return match.start(), url
    return None
