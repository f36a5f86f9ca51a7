"""Reading and splicing whole files: every byte outside the rows is kept, and what was filled can be emptied again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.guides.hugo.guide_file import (
    GuideRefused,
    build_region,
    link_cell,
    read_guide,
    rows_region,
    splice_rows,
    table_row,
    text_cell,
    without_shortcodes,
)
from tests.hostile import GUIDE, TEXTS, guide, guide_files

REAL_FILES = 1878
WEBSITE = "https://example.com/a_(b)?c=1&d={{< x >}}|"


def hostile_lines() -> list[bytes]:
    """Rows that hold every hostile text in every column."""
    lines = []
    for number, text in enumerate(TEXTS):
        cells = [
            text_cell(text),
            link_cell(text, WEBSITE.replace(" ", "%20")),
            *map(text_cell, TEXTS[number - 2 :][:2]),
        ]
        lines.append(table_row((cells + [""] * 4)[:4]))
    return lines


LINES = hostile_lines()


def assert_round_trip(data: bytes, lines: Sequence[bytes]) -> None:
    """Fill, refill, empty."""
    file = read_guide(data)
    table = file.table
    assert table is not None
    original = rows_region(data, table)
    assert build_region([row.raw for row in table.rows], file.newline) == original
    region = build_region(lines, file.newline)
    filled = splice_rows(data, region)
    assert filled[: table.rows_start] == data[: table.rows_start]
    assert filled[table.rows_start : table.rows_start + len(region)] == region
    assert filled[table.rows_start + len(region) :] == data[table.rows_end :]
    assert splice_rows(filled, region) == filled
    assert splice_rows(filled, original) == data


def variants(data: bytes) -> dict[str, bytes]:
    """The same file in the other shapes an editor may give it."""
    crlf = data.replace(b"\n", b"\r\n")
    table = read_guide(data).table
    assert table is not None
    return {
        "crlf": crlf,
        "bom": b"\xef\xbb\xbf" + data,
        "bom and crlf": b"\xef\xbb\xbf" + crlf,
        "no newline at the end": data.rstrip(b"\n"),
        "newlines at the end": data.rstrip(b"\n") + b"\n\n",
        "ends with the delimiter": data[: table.rows_start],
        "ends after the delimiter": data[: table.rows_start] + b"\n",
        "ends with a row": data[: table.rows_start] + b"\n| a | b | c | d |",
        "crlf, ends with a row": data[: table.rows_start].replace(b"\n", b"\r\n") + b"\r\n| a | b | c | d |",
        "heading right after": data[: table.rows_end] + b"\n## Next\n\ntext",
        "crlf, heading right after": data[: table.rows_end].replace(b"\n", b"\r\n") + b"\r\n## Next\r\n",
    }


def test_all_real_guides_are_read(guides_dir: Path) -> None:
    files = guide_files(guides_dir)
    assert files
    started = time.process_time()
    read = {path: read_guide(data) for path, data in files.items()}
    assert time.process_time() - started < 30
    tables = [file.table for file in read.values() if file.table]
    assert all(file.front.title and file.front.author and file.front.date_text for file in read.values())
    assert all(all(table.header) and table.heading for table in tables)
    if len(files) == REAL_FILES:
        assert len(tables) == REAL_FILES - 1
        assert sum(bool(table.rows) for table in tables) == 10
        assert sum(all(not any(row.cells) for row in table.rows) for table in tables if table.rows) == 2
        assert sum(file.front.translation_key is None for file in read.values()) == 7


def test_all_real_guides_are_filled_and_emptied_without_a_trace(guides_dir: Path) -> None:
    for number, data in enumerate(guide_files(guides_dir).values()):
        if read_guide(data).table:
            assert_round_trip(data, [LINES[(number + i) % len(LINES)] for i in range(5)])


@pytest.mark.slow
def test_files_of_other_editors_are_filled_and_emptied_without_a_trace(guides_dir: Path) -> None:
    files = [data for data in guide_files(guides_dir).values() if read_guide(data).table]
    for data in [*files[:: max(1, len(files) // 20)], GUIDE]:
        for variant in variants(data).values():
            assert_round_trip(variant, LINES)


@pytest.mark.parametrize("name", variants(GUIDE))
def test_rows_take_the_line_break_of_their_table(name: str) -> None:
    data = variants(GUIDE)[name]
    file = read_guide(data)
    assert file.newline == (b"\r\n" if "crlf" in name else b"\n")
    filled = splice_rows(data, build_region([b"| a |"], file.newline))
    assert b"| ---- |" + file.newline + b"| a |" in filled


def test_a_heading_follows_the_last_row_directly() -> None:
    data = guide("## P\n\n| P | W | T | C |\n|-|-|-|-|\n## Next\n")
    assert splice_rows(data, b"\n| a |").endswith(b"\n|-|-|-|-|\n| a |\n## Next\n")


def test_text_edited_outside_the_rows_is_kept() -> None:
    region = build_region(LINES, b"\n")
    edited = splice_rows(GUIDE, region).replace(b"More text.", b"Changed.\n\n## New\n\ntext\n")
    assert splice_rows(edited, b"") == GUIDE.replace(b"More text.", b"Changed.\n\n## New\n\ntext\n")


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=()), max_size=12), min_size=4, max_size=4),
        max_size=5,
    )
)
def test_any_rows_are_read_back_as_written(rows: list[list[str]]) -> None:
    lines = [table_row([text_cell(text) for text in row]) for row in rows]
    filled = splice_rows(GUIDE, build_region(lines, b"\n"))
    table = read_guide(filled).table
    assert table is not None
    assert [row.raw for row in table.rows] == lines
    assert splice_rows(filled, b"") == GUIDE


def test_a_row_with_a_line_break_builds_no_region() -> None:
    with pytest.raises(ValueError):
        build_region([b"| a |\n| b |"], b"\n")


def test_a_title_may_come_from_the_first_heading() -> None:
    assert read_guide(guide("text\n\n## The *first*\n\n# Other\n", "author: a")).front.title == "The first"
    assert read_guide(guide("text", "author: a")).front.title == ""
    assert read_guide(guide("## Heading", "title: Title")).front.title == "Title"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "front_matter_missing"),
        (b"\xff\xfe-\0-\0", "not_text"),
        (GUIDE.replace(b"Text.", b"Te\xffxt."), "not_utf8"),
        (GUIDE.replace(b"Text.", "Tëxt.".encode("latin-1")), "not_utf8"),
        (GUIDE.replace(b"Text.", b"\xed\xa0\x80"), "not_utf8"),
        (GUIDE.replace(b"Text.", b"Te\0xt."), "not_text"),
        (GUIDE.replace(b"Text.", b"x" * 300_000), "too_large"),
        (GUIDE.replace(b"title: A guide", b"title: !!python/name:os.system"), "front_matter_unsafe"),
        (GUIDE.replace(b"title: A guide", b"title: [a"), "front_matter_broken"),
    ],
)
def test_what_is_no_guide_is_refused_with_a_code(data: bytes, code: str) -> None:
    with pytest.raises(GuideRefused) as refusal:
        read_guide(data)
    assert refusal.value.code == code
    assert "\n" not in str(refusal.value)


def test_a_guide_without_a_table_has_no_rows_to_replace() -> None:
    data = guide("## Only\n\ntext\n")
    assert read_guide(data).table is None
    with pytest.raises(GuideRefused) as refusal:
        splice_rows(data, b"")
    assert refusal.value.code == "no_table"


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("|-: \n#_()`>*a\r<![]{}\t"), max_size=80))
def test_any_body_is_read_or_refused_and_filled_without_a_trace(body: str) -> None:
    data = GUIDE.replace(b"More text.", body.encode())
    with contextlib.suppress(GuideRefused):
        if read_guide(data).table:
            assert_round_trip(data, LINES[:3])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('a {{< image src="x.png" alt="A *b*" >}} c', "a A &#42;b&#42; c"),
        ("a {{% image alt=`raw` %}} c", "a raw c"),
        ("a {{< figure alt=word src=x >}} c", "a word c"),
        ('a {{< image src="x.png" >}} c', "a  c"),
        ("{{< note >}}inner{{< /note >}}", "inner"),
        ("{{</* image */>}}", "&#123;&#123;&#60; image &#62;&#125;&#125;"),
        ("{{< a\nb >}}c", "c"),
        ("{{< open", "{{< open"),
        ("{{% x >}} {{< y >}}", "{{% x >}} "),
        ("{{ plain }}", "{{ plain }}"),
    ],
)
def test_shortcodes_leave_their_description_only(text: str, shown: str) -> None:
    assert without_shortcodes(text) == shown
