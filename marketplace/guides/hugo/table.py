"""Finds the provider table of a guide's body by its shape alone, independent of language, headings and header cells.

markdown-it-py determines tables, headings and fences. Where it differs from Hugo's goldmark (which lines after a table are
rows), this module follows goldmark, because Hugo publishes the files. Lines end with LF only, as in goldmark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from marketplace.guides.hugo.cells import inline_tokens, plain_text, tokens_text
from marketplace.guides.hugo.front_matter import GuideRefused

COLUMNS = 4
USUAL_SECTION = (
    4  # the number of the provider table's H2 in all real files but one; decides between several tables
)

_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
# In goldmark, definitions of footnotes and of terms also end a table.
_DEFINITION = re.compile(r" {0,3}\[\^[^\]]+\]:|:[ \t]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row: its bytes without line break, and the source text of its four cells."""

    raw: bytes
    cells: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class ProviderTable:
    """The provider table and the H2 above it.

    `data[rows_start:rows_end]` is the rows region: from the end of the delimiter row to the end of the last row, both
    without their line break, so it is empty or a repetition of `line break + row`. `heading`, `header` and `note` are plain
    text.
    """

    heading: str
    heading_start: int
    header: tuple[str, str, str, str]
    note: str | None
    table_start: int
    rows_start: int
    rows_end: int
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """The text of the first heading ('' without one) and the provider table, if any."""

    first_heading: str
    table: ProviderTable | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the body: byte offsets of its content in the file, and its text without line break."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A table of the right shape: token indexes of H2 and table, header line, number of the H2 in the body.

    `direct` means that only blank lines and notes are between H2 and header. Other candidates only make a choice ambiguous.
    """

    heading: int
    table: int
    line: int
    section: int
    note: str | None
    direct: bool


def read_body(data: bytes, start: int) -> Body:
    """Read the body that starts at a byte offset of a UTF-8 file. Raises GuideRefused('several_tables')."""
    lines = list(_lines(data, start))
    tokens = body_tokens("\n".join(line.text for line in lines))
    heading = next((i for i, token in enumerate(tokens) if token.type == "heading_open"), None)
    chosen = _choose(list(_candidates(tokens, lines)))
    return Body(
        first_heading="" if heading is None else plain_text(tokens[heading + 1].content),
        table=None if chosen is None else _table(data, lines, tokens, chosen),
    )


def body_tokens(text: str) -> list[Token]:
    """Block tokens of a body whose lines end with LF, without inline tokens. Level 0 is outside lists and quotes."""
    tokens: list[Token] = []
    reader = _block_reader()
    reader.block.parse(text, reader, {}, tokens)
    return tokens


@lru_cache
def _block_reader(*, tables: bool = True) -> MarkdownIt:
    reader = MarkdownIt("commonmark")
    return reader.enable("table") if tables else reader


def _lines(data: bytes, start: int) -> Iterator[_Line]:
    """Lines as goldmark splits them, at LF only. A lone CR is white space in goldmark but a line break in markdown-it."""
    while True:
        stop = data.find(b"\n", start)
        last = stop < 0
        end = len(data) if last else stop - 1 if data[start:stop].endswith(b"\r") else stop
        yield _Line(start, end, data[start:end].decode().replace("\r", " "))
        if last:
            return
        start = stop + 1


def _candidates(tokens: list[Token], lines: list[_Line]) -> Iterator[_Candidate]:
    """The top-level tables of four columns that directly follow their H2 or a note."""
    heading, section = -1, 0
    for index, token in enumerate(tokens):
        if token.level or token.map is None:
            continue
        if token.type == "heading_open" and token.tag in ("h1", "h2"):
            heading = index if token.tag == "h2" else -1
            section += token.tag == "h2"
        elif token.type == "table_open" and heading >= 0 and _columns(tokens, index) == COLUMNS:
            floor = (tokens[heading].map or [0, 0])[1]
            notes, top = _notes_above(lines, token.map[0], floor)
            if notes or top == floor:
                yield _Candidate(heading, index, token.map[0], section, notes or None, direct=top == floor)


def _notes_above(lines: list[_Line], header: int, floor: int) -> tuple[str, int]:
    """The notes above a header line, and the first of the note and blank lines above it, from `floor` on."""
    notes: list[str] = []
    top = header
    while top > floor:
        text = lines[top - 1].text
        note = _note(text)
        if text.strip(" \t") and note is None:
            break
        notes[:0] = [note] if note else []
        top -= 1
    return " ".join(notes), top


def _columns(tokens: list[Token], table: int) -> int:
    """The number of header cells of the table at a token index. A delimiter row of another width would make no table."""
    end = next(i for i in range(table, len(tokens)) if tokens[i].type == "thead_close")
    return sum(token.type == "th_open" for token in tokens[table:end])


def _note(text: str) -> str | None:
    """The text of a note, a line that is one emphasized parenthesis, `_( … )_` or `*( … )*`; None for another line."""
    bare = text.strip(" \t")
    if bare[:2] not in ("_(", "*(") or text.expandtabs(4).startswith("    "):
        return None
    tokens = inline_tokens(bare)
    top = [token.type for token in tokens if token.level == 0]
    shown = tokens_text(tokens).strip()
    return shown if top == ["em_open", "em_close"] and shown.endswith(")") else None


def _choose(candidates: list[_Candidate]) -> _Candidate | None:
    """The provider table among the candidates, or None. Raises GuideRefused if it is ambiguous."""
    direct = [candidate for candidate in candidates if candidate.direct]
    noted = [candidate for candidate in direct if candidate.note]
    usual = [candidate for candidate in direct if candidate.section == USUAL_SECTION]
    choice = next((group[0] for group in (direct, noted, usual) if len(group) == 1), None)
    if (
        choice and not choice.note
    ):  # it may have been inserted between the H2 and the note of the provider table
        rivals = [other for other in candidates if other.section == choice.section and other.note]
        choice = None if rivals else choice
    if direct and not choice:
        raise GuideRefused("several_tables", f"{len(candidates)} tables could be the provider table.")
    return choice


def _table(data: bytes, lines: list[_Line], tokens: list[Token], chosen: _Candidate) -> ProviderTable:
    heading_map = tokens[chosen.heading].map or [0, 0]
    cells = [tokens[i + 1].content for i in range(chosen.table, len(tokens)) if tokens[i].type == "th_open"]
    delimiter = chosen.line + 1
    last = delimiter
    while last + 1 < len(lines) and _is_row(lines[last + 1].text):
        last += 1
    return ProviderTable(
        heading=plain_text(tokens[chosen.heading + 1].content),
        heading_start=lines[heading_map[0]].start,
        header=_four([plain_text(cell) for cell in cells]),
        note=chosen.note,
        table_start=lines[chosen.line].start,
        rows_start=lines[delimiter].end,
        rows_end=lines[last].end,
        rows=tuple(
            TableRow(raw=data[line.start : line.end], cells=_cells(line.text))
            for line in lines[delimiter + 1 : last + 1]
        ),
    )


def _is_row(text: str) -> bool:
    """Whether goldmark takes a line after a table as a row: it is not blank and starts no block that can interrupt a
    paragraph. markdown-it gets the line below a paragraph and not below a table, where it would also end the rows at an
    indented line and at any list."""
    bare = text.strip(" \t")
    if not bare or _DEFINITION.match(text):
        return False
    if bare.startswith("|"):
        return True
    reader = _block_reader(tables=False)
    tokens: list[Token] = []
    reader.block.parse(f"x\n{text}", reader, {}, tokens)
    return [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]


def _cells(text: str) -> tuple[str, str, str, str]:
    """The source of a row's cells with pipes unescaped. As in GFM, missing cells are empty and extra ones are dropped."""
    bare = text.strip(" \t")
    pieces = _UNESCAPED_PIPE.split(bare)
    if pieces[0] == "":
        del pieces[0]
    if pieces and pieces[-1] == "":
        del pieces[-1]
    return _four([piece.strip(" \t").replace("\\|", "|") for piece in pieces])


def _four(cells: list[str]) -> tuple[str, str, str, str]:
    first, second, third, fourth = (cells + [""] * COLUMNS)[:COLUMNS]
    return first, second, third, fourth
