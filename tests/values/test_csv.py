"""Files for spreadsheets: text stays text, numbers stay numbers."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from marketplace.values.csv import csv_text


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_rows_stand_below_the_header_each_cell_quoted() -> None:
    text = csv_text(("a", "b"), [("x", "y"), ('say "hi"', "1;2")])
    assert text == '"a","b"\r\n"x","y"\r\n"say ""hi""","1;2"\r\n'


def test_text_that_would_be_calculated_begins_with_an_apostrophe() -> None:
    assert read(csv_text(("a",), [("=1+1",), ("-1",), (" @SUM(1)",)]))[1:] == [
        ["'=1+1"],
        ["'-1"],
        ["' @SUM(1)"],
    ]


def test_numbers_stay_numbers_also_below_zero() -> None:
    assert read(csv_text(("a", "b"), [(-3, Decimal("-49.50"))]))[1] == ["-3", "-49.50"]
