"""The provider table is found by shape: decoys never take its place, a doubtful file is refused by name."""

from __future__ import annotations

import pytest

from marketplace.guides.hugo.guide_file import GuideRefused, ProviderTable, read_guide
from tests.hostile import guide

HEADER = "| P | W | T | C |"
DELIMITER = "| - | - | - | - |"
TABLE = f"{HEADER}\n{DELIMITER}"
DECOY = "| A | B | C | D |\n|---|---|---|---|\n| 1 | 2 | 3 | 4 |"
NOTE = "_(We are looking for providers)_"
PROVIDERS = f"## Providers\n\n{NOTE}\n\n{TABLE}\n"
SECTIONS = "## One\n\ntext\n\n## Two\n\ntext\n\n## Three\n\ntext\n\n"


def table_of(body: str) -> ProviderTable | None:
    return read_guide(guide(body)).table


def refusal_of(body: str) -> str:
    with pytest.raises(GuideRefused) as refusal:
        table_of(body)
    return refusal.value.code


def found(body: str) -> bool:
    table = table_of(body)
    assert table is None or table.header == ("P", "W", "T", "C")
    return table is not None


def test_offsets_are_bytes_of_the_file() -> None:
    data = guide(f"## Más\n\n{NOTE}\n\n{TABLE}\n| ñ | b | c | d |\n\nEnd")
    table = read_guide(data).table
    assert table is not None
    assert data[table.heading_start :].startswith("## Más".encode())
    assert data[table.table_start :].startswith(b"| P | W")
    assert data[: table.rows_start].endswith(b"| - |")
    assert data[table.rows_start : table.rows_end] == "\n| ñ | b | c | d |".encode()


def test_heading_header_and_note_are_plain_text() -> None:
    table = table_of(
        f"## The **best** [providers](x) &amp; `co`\n*( Write *us* )*\n{TABLE.replace('P', '**P**')}\n"
    )
    assert table is not None
    assert table.heading == "The best providers & co"
    assert table.header == ("P", "W", "T", "C")
    assert table.note == "( Write us )"


@pytest.mark.parametrize(
    "above",
    [
        "## H\n",
        "## H\n\n\n \t\n",
        "##\tH ##\n",
        "   ## H\n",
        "H\n---\n",
        "Two\nlines\n-\n",
        f"## H\n{NOTE}\n",
        f"## H\n\n{NOTE}\n\n",
        "## H\n*(Write [us](https://example.com))*  \n\n  _(And **soon**)_\n",
        "# Title\n## H\n",
        "text\n## H\n",
        "- list\n\n## H\n",
        "```\n## in a fence\n```\n## H\n",
    ],
)
def test_only_blank_lines_and_notes_may_be_between_heading_and_table(above: str) -> None:
    assert found(f"{above}{TABLE}\n")


@pytest.mark.parametrize(
    "above",
    [
        "",
        "text\n\n",
        "# H\n\n",
        "### H\n\n",
        "## H\n\n### Sub\n\n",
        "## H\n# Title\n",
        "## H\n\ntext\n\n",
        "## H\n\n(not emphasised)\n\n",
        "## H\n\n_(two)_ _(notes)_\n\n",
        "## H\n\n_(open_\n\n",
        "## H\n\n_no parenthesis_\n\n",
        "## H\n\n**(strong)**\n\n",
        "## H\n\n_(note)_ and more\n\n",
        "## H\n\n    _(code)_\n\n",
        "## H\n\n<!-- comment -->\n\n",
        "## H\n\n---\n\n",
        "## H\n\n[a]: https://example.com\n\n",
        "## H\n\n{{< image >}}\n\n",
        "> ## H\n>\n",
        "    ## H\n\n",
    ],
)
def test_a_table_elsewhere_is_not_the_provider_table(above: str) -> None:
    assert table_of(f"{above}{TABLE}\n") is None


@pytest.mark.parametrize(
    "body",
    [
        f"## H\n\n```\n{TABLE}\n```\n",
        f"## H\n\n~~~ text\n{TABLE}\n",
        "## H\n\n" + "\n".join("    " + line for line in TABLE.split("\n")),
        f"## H\n\n<!--\n{TABLE}\n-->\n",
        f"## H\n\n<div>\n{TABLE}\n</div>\n",
        "## H\n\n" + "\n".join("> " + line for line in TABLE.split("\n")),
        "- ## H\n\n" + "\n".join("  " + line for line in TABLE.split("\n")),
        f"## H\n\n{HEADER}\n",
        f"## H\n\n{HEADER}\n\n{DELIMITER}\n",
        f"## H\n\n{HEADER}\n| - | - | - |\n",
        f"## H\n\n{HEADER}\n| - | - | - | - | - |\n",
        f"## H\n\n{HEADER}\n| - | = | - | - |\n",
        f"## H\n\n{HEADER}\n|   | - | - | - |\n",
        "## H\n\n| P | W | T |\n|---|---|---|\n",
        "## H\n\n| P | W | T | C | E |\n|---|---|---|---|---|\n",
        "",
        "text",
    ],
)
def test_what_only_looks_like_the_table_is_passed_over(body: str) -> None:
    assert table_of(body) is None


@pytest.mark.parametrize(
    "delimiter",
    [
        DELIMITER,
        "|-|-|-|-|",
        "-|-|-|-",
        "| :-------------: | :-------------: |  :-------------: | :-------------: |",
        "|:-|-:|:-:|---|   ",
        "  | - | - | - | - |",
        "|\t-\t|\t-\t|\t-\t|\t-\t|",
        "| --------------- | --------------- | :-------------: | :-------------:  |",
    ],
)
def test_any_spelling_of_the_delimiter_row_counts(delimiter: str) -> None:
    assert found(f"## H\n\n{HEADER}\n{delimiter}\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"## Decoy\n\n{DECOY}\n\n", ""),
        ("", f"\n## Decoy\n\n{DECOY}\n"),
        ("", f"\n{DECOY}\n"),
        ("", f"\n{NOTE}\n\n{DECOY}\n"),
        (f"## Decoy\n\ntext\n\n{DECOY}\n\n", f"\n## Decoy\n\n### Sub\n\n{DECOY}\n"),
        (f"{DECOY}\n\n", ""),
        (f"## Fence\n\n```\n{DECOY}\n```\n\n", f"\n## Fence\n\n```\n{DECOY}\n```\n"),
        (f"## Fence\n\n```\n## Inner\n\n{NOTE}\n\n{DECOY}\n```\n", ""),
        (
            "## Three\n\n| A | B | C |\n|---|---|---|\n\n",
            "\n## Five\n\n| A | B | C | D | E |\n|---|---|---|---|---|\n",
        ),
        (f"> ## Quote\n> {DECOY}\n\n", f"\n<!--\n## Comment\n{DECOY}\n-->\n"),
    ],
)
def test_a_decoy_is_never_taken_for_the_table(before: str, after: str) -> None:
    assert found(before + PROVIDERS + after)
    assert found(SECTIONS + before + PROVIDERS + after)


def test_without_a_note_the_fourth_section_decides() -> None:
    assert found(
        f"## A\n\n{DECOY}\n\n## B\n\n{DECOY}\n\n## C\n\n{DECOY}\n\n## D\n\n{TABLE}\n\n## E\n\n{DECOY}\n"
    )


def test_with_several_notes_the_fourth_section_decides() -> None:
    assert found(f"{SECTIONS}{PROVIDERS}\n## Decoy\n\n{NOTE}\n\n{DECOY}\n")


@pytest.mark.parametrize(
    "body",
    [
        f"## A\n\n{DECOY}\n\n## B\n\n{TABLE}\n",
        f"{PROVIDERS}\n## Decoy\n\n{NOTE}\n\n{DECOY}\n",
        f"## A\n\n{DECOY}\n\n{NOTE}\n\n{TABLE}\n",
        f"{SECTIONS}## A\n\n{DECOY}\n\n{NOTE}\n\n{TABLE}\n",
    ],
)
def test_ambiguous_tables_are_refused(body: str) -> None:
    assert refusal_of(body) == "several_tables"


@pytest.mark.parametrize(
    ("after", "rows"),
    [
        ("", 0),
        ("\n| a | b | c | d |", 1),
        ("\n| a | b | c | d |\n", 1),
        ("\n| a | b | c | d |\n \t \n| e | f | g | h |\n", 1),
        ("\n|  |  |  |  |\n| a |\n", 2),
        ("\n| a | b | c | d |\nplain text\n    indented\n2. number\n<b>inline</b>\n[a]: b\n", 6),
        ("\n## Next", 0),
        ("\n| a | b | c | d |\n## Next\n| not | a | row |", 1),
        ("\n| a | b | c | d |\n###### Next\n", 1),
        ("\n| a | b | c | d |\n- list\n", 1),
        ("\n| a | b | c | d |\n1. list\n", 1),
        ("\n| a | b | c | d |\n> quote\n", 1),
        ("\n| a | b | c | d |\n```\n", 1),
        ("\n| a | b | c | d |\n---\n", 1),
        ("\n| a | b | c | d |\n===\n", 1),
        ("\n| a | b | c | d |\n<div>\n", 1),
        ("\n| a | b | c | d |\n<!-- x -->\n", 1),
        ("\n| a | b | c | d |\n[^1]: note\n", 1),
        ("\n| a | b | c | d |\n: definition\n", 1),
        ("\n\n| a | b | c | d |\n", 0),
    ],
)
def test_rows_run_to_a_blank_line_a_new_block_or_the_end(after: str, rows: int) -> None:
    table = table_of(f"{PROVIDERS.rstrip()}{after}")
    assert table is not None
    assert len(table.rows) == rows


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| a | b | c | d |", ("a", "b", "c", "d")),
        ("a|b|c|d", ("a", "b", "c", "d")),
        ("| a \\| b | `c\\|d` | e | f |  ", ("a | b", "`c|d`", "e", "f")),
        ("| a |", ("a", "", "", "")),
        ("| a | b | c | d | e | f |", ("a", "b", "c", "d")),
        ("| | b || d |", ("", "b", "", "d")),
        ("plain", ("plain", "", "", "")),
        ("|", ("", "", "", "")),
        ("|  |  |  |  |", ("", "", "", "")),
        ("| \u00a0 | **b** | [c](d) | &amp; |", ("\u00a0", "**b**", "[c](d)", "&amp;")),
    ],
)
def test_cells_are_split_as_gfm_does(row: str, cells: tuple[str, ...]) -> None:
    table = table_of(f"{PROVIDERS}{row}\n")
    assert table is not None
    assert table.rows[0].cells == cells
    assert table.rows[0].raw == row.encode()


def test_a_lone_carriage_return_breaks_no_line() -> None:
    table = table_of(f"{PROVIDERS}| a\rb | c |\n")
    assert table is not None
    assert table.rows[0].raw == b"| a\rb | c |"
