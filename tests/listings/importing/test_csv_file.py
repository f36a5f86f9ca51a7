"""Records of a listings file, and the lines they stand on."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from marketplace.listings.importing.csv_file import COLUMNS, HeaderRefused, Record, read_records
from marketplace.values.csv import BrokenRow, decode, write_record

HEADER = "topic,provider,website\n"


def read(text: str) -> list[Record | BrokenRow]:
    return list(read_records(text))


def test_records_are_numbered_by_the_line_they_start_on() -> None:
    found = read(HEADER + 'a,b,c\n"two\nlines",b,c\n\nd,e,f\n')
    assert [(record.line, record.cells["topic"]) for record in found if isinstance(record, Record)] == [
        (2, "a"),
        (3, "two\nlines"),
        (6, "d"),
    ]


def test_the_columns_are_the_contract() -> None:
    assert ",".join(COLUMNS) == (
        "topic,provider,website,service,cost_basis,fee_min,fee_max,currency,official_fee,"
        "time_min,time_max,time_unit,time_from,languages,status"
    )


def test_columns_may_stand_in_any_order_and_optional_ones_be_missing() -> None:
    [record] = read("website, status ,topic,provider\nw,draft,t,p\n")
    assert record == Record(2, {"website": "w", "status": "draft", "topic": "t", "provider": "p"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("topic|provider|website\n", "name the columns"),
        ("topic,provider\n", "missing: website"),
        ("topic,provider,website,price\n", "'price'"),
        ("topic,provider,website,topic\n", "twice"),
        ('"topic"x,provider,website\n', "cannot be read"),
    ],
)
def test_a_header_that_we_do_not_know_is_refused(text: str, words: str) -> None:
    with pytest.raises(HeaderRefused, match=words):
        read(text)


def test_a_short_line_is_filled_up_and_a_long_one_is_named() -> None:
    found = read(HEADER + "a,b\na,b,c,d\ne,f,g,, \n")
    assert found == [
        Record(2, {"topic": "a", "provider": "b", "website": ""}),
        BrokenRow(3, "The line has 4 cells, the header has 3."),
        Record(4, {"topic": "e", "provider": "f", "website": "g"}),
    ]


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_a_spreadsheets_file_is_read_with_its_empty_rows_and_columns(separator: str) -> None:
    lines = [",,,,", "topic,provider,website,,", "t,p,w,,", ",,,,", "", "u,q,v,,"]
    found = read("\r\n".join(lines).replace(",", separator))
    assert [(record.line, list(record.cells.values())) for record in found if isinstance(record, Record)] == [
        (3, ["t", "p", "w"]),
        (6, ["u", "q", "v"]),
    ]
    assert len(found) == 2


def test_a_record_with_broken_quotes_costs_only_its_first_line() -> None:
    found = read(HEADER + '"x"y,b,c\na,b,c\n"open,b,c\nd,e,f\ng,h,i\n')
    assert [(record.line, isinstance(record, Record)) for record in found] == [
        (2, False),
        (3, True),
        (4, False),
        (5, True),
        (6, True),
    ]


def test_a_line_that_is_not_utf8_is_named() -> None:
    found = read(decode((HEADER + "ä,b,c\n").encode() + b"d,\xff,f\n"))
    assert [isinstance(record, Record) for record in found] == [True, False]


@given(st.lists(st.text(), min_size=3, max_size=3).filter(lambda cells: any(cell.strip() for cell in cells)))
@example(["\r", '"', "a,b"])
@example(["=1+1", "-2", "@x"])
def test_any_text_comes_back_as_it_was_written(cells: list[str]) -> None:
    [record] = read(HEADER + write_record(cells))
    assert isinstance(record, Record)
    assert list(record.cells.values()) == cells
