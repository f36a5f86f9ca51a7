"""The provider table of a guide's body, found by its shape alone: no language, heading or header word is known here.

What is a table, a heading or a fence is asked of markdown-it-py. Where it and Hugo's goldmark part ways (which lines
after a table are rows) goldmark is followed, because Hugo publishes the files. Lines end with LF only, as for goldmark.
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
    4  # the provider table's H2 in all real files but one: it settles which of several tables it is
)

_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
# What goldmark also takes for a new block right after a table: a footnote's and a term's definition.
_DEFINITION = re.compile(r" {0,3}\[\^[^\]]+\]:|:[ \t]")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line below the delimiter: its bytes without line break, and the source text of its cells (always four)."""

    raw: bytes
    cells: tuple[str, str, str, str]

    @property
    def is_blank(self) -> bool:
        """Whether it is a placeholder: no cell holds anything."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class ProviderTable:
    """The provider table and the H2 above it.

    `data[rows_start:rows_end]` is the region of the rows: from the end of the delimiter row to the end of the last row,
    both without their line break, so it is empty or `line break + row` repeated. `heading`, `header` and `note` are plain
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
    """What a guide's body holds: the text of its first heading ('' without one) and its provider table, if any."""

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

    `direct`: nothing but blank lines and notes stands between H2 and header. The others only make a choice doubtful.
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
    """Block tokens of a body whose lines end with LF, inline content unread; level 0 is outside lists and quotes."""
    tokens: list[Token] = []
    reader = _block_reader()
    reader.block.parse(text, reader, {}, tokens)
    return tokens


@lru_cache
def _block_reader(*, tables: bool = True) -> MarkdownIt:
    reader = MarkdownIt("commonmark")
    return reader.enable("table") if tables else reader


def _lines(data: bytes, start: int) -> Iterator[_Line]:
    """Lines as goldmark splits them: at LF alone. A lone CR is a blank to it, but a line break to markdown-it."""
    while True:
        stop = data.find(b"\n", start)
        last = stop < 0
        end = len(data) if last else stop - 1 if data[start:stop].endswith(b"\r") else stop
        yield _Line(start, end, data[start:end].decode().replace("\r", " "))
        if last:
            return
        start = stop + 1


def _candidates(tokens: list[Token], lines: list[_Line]) -> Iterator[_Candidate]:
    """The tables of four columns at top level that stand right under their H2 or right under a note."""
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
    """The notes above a header line, and the first of the lines above it, from `floor` on, that are notes or blank."""
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
    """How many header cells the table at a token index has; a delimiter row of another width makes no table."""
    end = next(i for i in range(table, len(tokens)) if tokens[i].type == "thead_close")
    return sum(token.type == "th_open" for token in tokens[table:end])


def _note(text: str) -> str | None:
    """The text of a line that is one emphasised parenthesis, `_( … )_` or `*( … )*`; else None."""
    bare = text.strip(" \t")
    if bare[:2] not in ("_(", "*(") or text.expandtabs(4).startswith("    "):
        return None
    tokens = inline_tokens(bare)
    top = [token.type for token in tokens if token.level == 0]
    shown = tokens_text(tokens).strip()
    return shown if top == ["em_open", "em_close"] and shown.endswith(")") else None


def _choose(candidates: list[_Candidate]) -> _Candidate | None:
    """The provider table among tables of the right shape, or None where there is none. Raises GuideRefused."""
    direct = [candidate for candidate in candidates if candidate.direct]
    noted = [candidate for candidate in direct if candidate.note]
    usual = [candidate for candidate in direct if candidate.section == USUAL_SECTION]
    choice = next((group[0] for group in (direct, noted, usual) if len(group) == 1), None)
    if (
        choice and not choice.note
    ):  # a table put between the H2 and the note would otherwise pass for the provider table
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
    """Whether goldmark makes a row of a line after a table: unless it is blank or starts a block that may follow a
    paragraph's line directly. markdown-it is asked about the line below a paragraph, not below a table, where it also
    ends the rows at an indented line and at any list."""
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
    """The source of a row's cells, pipes unescaped, as GFM splits them: too few are filled up, too many dropped."""
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
