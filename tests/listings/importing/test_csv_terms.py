"""Cells to terms and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core.errors import InvalidFields
from marketplace.listings.importing.csv_terms import read_status, read_terms, write_cells
from marketplace.listings.rules import find_problems
from marketplace.listings.terms import OfferTerms
from marketplace.values.money import CostBasis
from marketplace.values.timeframe import TimeStart, TimeUnit
from tests.listings.making import TERMS

LINE = {
    "service": "We do it.",
    "cost_basis": "range",
    "fee_min": "1400.50",
    "fee_max": "1900",
    "currency": "mxn",
    "official_fee": "included",
    "time_min": "2",
    "time_max": "3",
    "time_unit": "weeks",
    "time_from": "order",
    "languages": "en es en",
}


def problems(**cells: str) -> dict[str, str]:
    with pytest.raises(InvalidFields) as refusal:
        read_terms({**LINE, **cells}, OfferTerms())
    return refusal.value.fields


def test_a_line_is_read_into_types() -> None:
    read = replace(TERMS, fee_min=140050, official_fee_kind="included", languages=("en", "es"))
    assert read_terms(LINE, OfferTerms()) == replace(read, time_min=2, time_max=3, time_unit="weeks")


def test_missing_columns_keep_what_the_listing_says() -> None:
    base = read_terms(LINE, OfferTerms())
    assert read_terms({"fee_max": "2000"}, base).fee_max == 200000
    assert read_terms({}, base) == base


def test_amounts_have_the_decimals_of_their_currency() -> None:
    assert read_terms({**LINE, "currency": "CLP", "fee_min": "1400"}, OfferTerms()).fee_min == 1400
    assert problems(currency="CLP")["fee_min"] == "amount_decimals"


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("fee_max", "1000", {"fee_max": "fee_order"}),
        ("fee_max", "", {"fee_max": "fee_max_missing"}),
        ("fee_min", "about 10", {"fee_min": "amount_unreadable"}),
        ("fee_min", "-1", {"fee_min": "amount_negative"}),
        ("fee_min", "1,400", {"fee_min": "amount_unreadable"}),
        ("fee_min", "9" * 30, {"fee_min": "amount_large"}),
        ("currency", "", {"currency": "currency_missing"}),
        ("currency", "pesos", {"currency": "currency_unknown"}),
        ("cost_basis", "", {"cost_basis": "cost_basis_unknown"}),
        ("official_fee", "yes", {"official_fee": "amount_unreadable"}),
        ("time_min", "ten", {"time_min": "time_whole"}),
        ("time_min", "4", {"time_max": "time_order"}),
        ("time_max", "1.5", {"time_max": "time_whole"}),
        ("time_max", "9" * 40, {"time_max": "time_large"}),
        ("time_unit", "fortnights", {"time_unit": "time_unit_unknown"}),
        ("time_from", "soon", {"time_from": "time_from_unknown"}),
        ("languages", "English", {"languages": "language_unknown"}),
        ("service", "x" * 2001, {"service": "service_long"}),
    ],
)
def test_a_wrong_cell_is_named_by_its_column(column: str, cell: str, expected: dict[str, str]) -> None:
    found = problems(**{column: cell})
    assert expected.items() <= found.items()


def test_a_status_is_one_of_ours_and_empty_keeps_the_old_one() -> None:
    assert read_status({"status": " paused "}, "draft") == "paused"
    assert read_status({"status": ""}, "draft") == read_status({}, "draft") == "draft"
    with pytest.raises(InvalidFields):
        read_status({"status": "live"}, "draft")


amounts = st.none() | st.integers(0, 10**14 - 1)
times = st.none() | st.integers(0, 10_000)


@given(
    st.builds(
        OfferTerms,
        service=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=50),
        cost_basis=st.sampled_from(list(CostBasis)),
        fee_min=amounts,
        fee_max=amounts,
        currency=st.sampled_from([None, "EUR", "CLP", "MXN", "BHD"]),
        official_fee_kind=st.sampled_from(["unknown", "included", "extra"]),
        official_fee=amounts,
        time_min=times,
        time_max=times,
        time_unit=st.sampled_from([None, *TimeUnit]),
        time_from=st.sampled_from([None, *TimeStart]),
        languages=st.none()
        | st.lists(st.sampled_from(["en", "es", "pt-BR"]), unique=True, min_size=1).map(tuple),
    )
)
def test_whatever_terms_are_sound_come_back_from_their_cells(terms: OfferTerms) -> None:
    if not find_problems(terms):
        assert read_terms(write_cells(terms), OfferTerms()) == terms
