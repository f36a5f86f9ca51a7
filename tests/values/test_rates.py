from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.values.csv import decode
from marketplace.values.rates import Converted, Rate, RefusedLine, convert, ecb_rates, read_rates

DAY, LATER = date(2026, 10, 30), date(2026, 11, 20)
RATES = {
    "EUR": Rate("EUR", LATER, Decimal(1), "ECB"),
    "MXN": Rate("MXN", LATER, Decimal("21.38"), "ECB"),
    "JPY": Rate("JPY", LATER, Decimal("175.68"), "ECB"),
    "CLP": Rate("CLP", DAY, Decimal("1010.5"), "Banco Central"),
    "BHD": Rate("BHD", LATER, Decimal("0.4212"), "Somebody"),
}
HEADER = "currency,date,rate,source"


@pytest.mark.parametrize(
    ("minor", "source", "target", "converted"),
    [
        (420000, "MXN", "EUR", Converted(19645, "EUR", LATER, "ECB")),
        (10000, "EUR", "MXN", Converted(213800, "MXN", LATER, "ECB")),
        (10000, "EUR", "JPY", Converted(17568, "JPY", LATER, "ECB")),
        (17568, "JPY", "EUR", Converted(10000, "EUR", LATER, "ECB")),
        (1000, "EUR", "BHD", Converted(4212, "BHD", LATER, "Somebody")),
        (101050, "CLP", "MXN", Converted(213800, "MXN", DAY, "Banco Central, ECB")),
        (101050, "CLP", "EUR", Converted(10000, "EUR", DAY, "Banco Central")),
        (0, "MXN", "EUR", Converted(0, "EUR", LATER, "ECB")),
        (4200, "CLP", "CLP", Converted(4200, "CLP", None, "")),
        (4200, "PEN", "PEN", Converted(4200, "PEN", None, "")),
    ],
)
def test_an_amount_is_converted_by_way_of_the_euro(
    minor: int, source: str, target: str, converted: Converted
) -> None:
    assert convert(minor, source, target, RATES) == converted


def test_half_a_unit_is_rounded_up() -> None:
    rates = {"USD": Rate("USD", DAY, Decimal("1.5"), "x")}
    assert convert(1, "EUR", "USD", rates) == Converted(2, "USD", DAY, "x")
    assert convert(3, "EUR", "USD", rates) == Converted(5, "USD", DAY, "x")


def test_without_a_rate_nothing_is_converted() -> None:
    assert convert(4200, "PEN", "EUR", RATES) is None
    assert convert(4200, "MXN", "PEN", RATES) is None
    assert convert(4200, "EUR", "MXN", {}) is None


@given(st.integers(0, 10**14), st.sampled_from(sorted(RATES)), st.sampled_from(sorted(RATES)))
def test_a_conversion_is_exact_to_half_a_unit(minor: int, source: str, target: str) -> None:
    found = convert(minor, source, target, RATES)
    assert found is not None
    digits = {"JPY": 0, "CLP": 0, "BHD": 3}
    scale = Decimal(10) ** (digits.get(target, 2) - digits.get(source, 2))
    exact = Decimal(minor) * scale * RATES[target].per_euro / RATES[source].per_euro
    assert abs(exact - found.minor) <= Decimal("0.5000000001")


def test_the_ecbs_rates_ship_with_their_days() -> None:
    rates = ecb_rates()
    newest = rates["EUR"].date
    assert rates["EUR"].per_euro == 1
    assert rates["USD"].date == newest
    assert Decimal("0.5") < rates["USD"].per_euro < 2
    assert rates["MXN"].source == "ECB"
    assert {rate.currency for rate in rates.values()} == set(rates)
    assert ecb_rates() is rates


def test_the_ecb_lacks_seven_of_the_countries_currencies_and_what_it_quotes_no_more() -> None:
    assert not {"ARS", "BOB", "CLP", "COP", "PEN", "PYG", "VES", "RUB", "HRK", "LTL"} & set(ecb_rates())


def read(lines: list[str], **options: Any) -> tuple[list[Rate], list[RefusedLine]]:
    """What a file of these lines gives."""
    text = "".join(line if line.endswith("\n") else line + "\n" for line in lines)
    return read_rates(decode(text.encode()), **options)


def test_a_file_of_rates_is_read() -> None:
    lines = [
        "\ufeffCurrency, Date, Rate, Source\n",
        "CLP,2026-11-20,1010.5,Banco Central\n",
        "\n",
        '"PEN","2026-11-20","4.01","BCRP"\n',
    ]
    assert read(lines) == (
        [
            Rate("CLP", date(2026, 11, 20), Decimal("1010.5"), "Banco Central"),
            Rate("PEN", date(2026, 11, 20), Decimal("4.01"), "BCRP"),
        ],
        [],
    )


def test_columns_may_stand_in_any_order() -> None:
    rates, refused = read(["rate,note,source,date,currency", "4.01,x,BCRP,2026-11-20,PEN"])
    assert (rates, refused) == ([Rate("PEN", LATER, Decimal("4.01"), "BCRP")], [])


def test_more_decimals_than_are_stored_are_rounded() -> None:
    rates, _ = read([HEADER, "PEN,2026-11-20,4.012345678901,BCRP"])
    assert rates[0].per_euro == Decimal("4.01234568")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("XXX,2026-11-20,4,x", "currency"),
        ("EUR,2026-11-20,1,x", "currency"),
        ("pen,2026-11-20,4,x", "currency"),
        ("PEN,20.11.2026,4,x", "date"),
        ("PEN,20261120,4,x", "date"),
        ("PEN,,4,x", "date"),
        ("PEN,2026-11-24,4,x", "future"),
        ("PEN,2026-11-20,0,x", "rate"),
        ("PEN,2026-11-20,-4,x", "rate"),
        ('PEN,2026-11-20,"4,01",x', "rate"),
        ("PEN,2026-11-20,NaN,x", "rate"),
        ("PEN,2026-11-20,1e3,x", "rate"),
        ("PEN,2026-11-20,1_0,x", "rate"),
        ("PEN,2026-11-20,0.000000001,x", "rate"),
        ("PEN,2026-11-20,1000000000000,x", "rate"),
        ("PEN,2026-11-20,4,", "source"),
        (f"PEN,2026-11-20,4,{'x' * 121}", "source"),
        ("PEN", "date"),
        ("PEN,2026-11-19,5,x", "another rate"),
    ],
)
def test_a_wrong_line_is_refused_with_its_number_and_the_others_are_read(line: str, reason: str) -> None:
    lines = [HEADER, "PEN,2026-11-19,4,x", line, "CLP,2026-11-20,1010,x"]
    rates, refused = read(lines, today=date(2026, 11, 23))
    assert [rate.currency for rate in rates] == ["PEN", "CLP"]
    assert [found.line for found in refused] == [3]
    assert reason in refused[0].reason


def test_the_same_line_twice_is_one_rate() -> None:
    rates, refused = read([HEADER, "PEN,2026-11-19,4,x", "PEN,2026-11-19,4,x"])
    assert (len(rates), refused) == (1, [])


@pytest.mark.parametrize("lines", [[], ["currency,date,rate"], ["nonsense"], [""], ["x" * 200_000]])
def test_a_file_without_the_columns_is_refused_at_its_first_line(lines: list[str]) -> None:
    rates, refused = read(lines)
    assert rates == []
    assert [found.line for found in refused] == [1]
    assert "source" in refused[0].reason


def test_a_line_too_long_for_csv_does_not_stop_the_reading() -> None:
    rates, refused = read([HEADER, "x" * 200_000, "PEN,2026-11-19,4,x"])
    assert len(rates) == 1
    assert [found.line for found in refused] == [2]
