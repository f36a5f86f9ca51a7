"""Files for spreadsheets: text stays text, numbers stay numbers; and files as spreadsheets write them."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from marketplace.values.csv import BrokenRow, NotText, Row, csv_text, decode, fit, header_names, read_rows


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_rows_stand_below_the_header_each_cell_quoted() -> None:
    text = csv_text(("a", "b"), [("x", "y"), ('say "hi"', "1;2")])
    assert text == '\ufeff"a","b"\r\n"x","y"\r\n"say ""hi""","1;2"\r\n'


def test_text_that_would_be_calculated_begins_with_an_apostrophe() -> None:
    assert read(csv_text(("a",), [("=1+1",), ("-1",), (" @SUM(1)",)]))[1:] == [
        ["'=1+1"],
        ["'-1"],
        ["' @SUM(1)"],
    ]


def test_numbers_stay_numbers_also_below_zero() -> None:
    assert read(csv_text(("a", "b"), [(-3, Decimal("-49.50"))]))[1] == ["-3", "-49.50"]


TEXT = "nombre;país\r\nJosé Núñez – “Ñandú”;España\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
        TEXT.replace("Ñandú”", "x”").replace("“x”", "“Ñandú”").encode("cp1252"),
        "\ufeff".encode() + TEXT.encode(),
    ],
)
def test_a_file_is_read_in_the_encodings_of_spreadsheets(data: bytes) -> None:
    assert [row.cells for row in read_rows(decode(data)) if isinstance(row, Row)] == [
        ["nombre", "país"],
        ["José Núñez – “Ñandú”", "España"],
    ]


def test_utf_16_without_its_mark_is_known_by_its_zeros() -> None:
    assert (
        decode("a;b\n1;2\n".encode("utf-16-le")) == decode("a;b\n1;2\n".encode("utf-16-be")) == "a;b\n1;2\n"
    )


@pytest.mark.parametrize("data", [b"a\0b,c\n", "a,b".encode("utf-16") + b"x", b"\x89PNG\r\n\x1a\n\0\0"])
def test_what_is_no_text_is_told_in_a_sentence(data: bytes) -> None:
    with pytest.raises(NotText, match="Save the table as CSV in UTF-8"):
        decode(data)


@pytest.mark.parametrize(
    "line",
    [
        "Łódź,1".encode("cp1250"),  # the same bytes are other letters in Windows-1252
        "Αθήνα,1".encode("iso8859-7"),
        "José,".encode() + "Núñez".encode("cp1252"),
    ],
)
def test_a_line_in_an_encoding_that_is_not_certain_is_named(line: bytes) -> None:
    found = list(read_rows(decode(b"name,n\nAna,1\n" + line + b"\n")))
    assert [type(row) for row in found] == [Row, Row, BrokenRow]
    assert found[2].line == 3
    assert isinstance(found[2], BrokenRow)
    assert "UTF-8" in found[2].reason


def test_rows_of_separators_are_no_records_and_lines_keep_their_numbers() -> None:
    rows = list(read_rows(';;;\na;b;;\n\n ; ;;\n1;"2\n3";;\n4;5;;\n'))
    assert rows == [Row(2, ["a", "b", "", ""]), Row(5, ["1", "2\n3", "", ""]), Row(7, ["4", "5", "", ""])]


def test_the_separator_is_what_the_header_has_most_of_outside_quotes() -> None:
    assert [row.cells for row in read_rows('"a,b,c";d\n1;2\n') if isinstance(row, Row)] == [
        ["a,b,c", "d"],
        ["1", "2"],
    ]
    assert [row.cells for row in read_rows("a\tb\n1,5\t2\n") if isinstance(row, Row)] == [
        ["a", "b"],
        ["1,5", "2"],
    ]


def test_a_record_is_fitted_under_its_header() -> None:
    assert header_names([" a", "b ", "", " "]) == ["a", "b"]
    assert fit(["1"], 2) == ["1", ""]
    assert fit(["1", "2", "", " "], 2) == ["1", "2"]
    assert fit(["1", "2", "", "3"], 2) is None


def test_a_file_for_people_begins_with_the_mark_that_spreadsheets_need() -> None:
    assert csv_text(("ñ",), []).encode().startswith(b"\xef\xbb\xbf")
    assert csv_text(("ñ",), [], with_mark=False) == '"ñ"\r\n'
