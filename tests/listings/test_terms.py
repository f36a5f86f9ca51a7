"""The rules of an offer's terms, all in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marketplace.core.errors import InvalidFields
from marketplace.listings.models import Listing
from marketplace.listings.rules import check_complete, check_terms, find_gaps, find_problems
from marketplace.listings.terms import AMOUNT_LIMIT, OfferTerms, terms_of, write_terms
from tests.listings.making import TERMS

FIXED = replace(
    TERMS, cost_basis="fixed", fee_min=420000, fee_max=None, time_min=12, time_max=18, languages=("en", "es")
)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cost_basis": "from"},
        {"cost_basis": "range", "fee_max": 420001},
        {"cost_basis": "hourly"},
        {"cost_basis": "hourly", "fee_max": 420000},
        {"cost_basis": "free", "fee_min": None, "currency": None},
        {"cost_basis": "on_request", "fee_min": None, "official_fee_kind": "extra", "official_fee": 0},
        {"official_fee_kind": "included"},
        {"time_min": 0, "time_max": 0},
        {"time_min": None, "time_max": None, "time_unit": None, "time_from": None},
        {"languages": None},
        {"service": "x" * 2000},
    ],
)
def test_sound_terms_are_accepted(changes: dict[str, object]) -> None:
    check_terms(replace(FIXED, **changes))


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"service": "x" * 2001}, "service", "service_long"),
        ({"cost_basis": "varies"}, "cost_basis", "cost_basis_unknown"),
        ({"fee_min": None}, "fee_min", "fee_missing"),
        ({"fee_min": -1}, "fee_min", "amount_negative"),
        ({"fee_min": AMOUNT_LIMIT}, "fee_min", "amount_large"),
        ({"fee_max": 430000}, "fee_max", "fee_max_unused"),
        ({"cost_basis": "range"}, "fee_max", "fee_max_missing"),
        ({"cost_basis": "range", "fee_max": 419999}, "fee_max", "fee_order"),
        ({"cost_basis": "range", "fee_max": 420000}, "fee_max", "fee_order"),
        ({"cost_basis": "hourly", "fee_max": 1}, "fee_max", "fee_order"),
        ({"cost_basis": "free"}, "fee_min", "fee_unused"),
        ({"cost_basis": "on_request"}, "fee_min", "fee_unused"),
        ({"currency": None}, "currency", "currency_missing"),
        ({"currency": "XXX"}, "currency", "currency_unknown"),
        ({"currency": "mxn"}, "currency", "currency_unknown"),
        ({"official_fee_kind": "maybe"}, "official_fee_kind", "official_fee_kind_unknown"),
        ({"official_fee_kind": "extra"}, "official_fee", "official_fee_missing"),
        ({"official_fee": 100}, "official_fee", "official_fee_unused"),
        ({"official_fee_kind": "extra", "official_fee": -1}, "official_fee", "amount_negative"),
        ({"time_min": None}, "time_min", "time_min_missing"),
        ({"time_max": None}, "time_max", "time_max_missing"),
        ({"time_unit": None}, "time_unit", "time_unit_missing"),
        ({"time_unit": "years"}, "time_unit", "time_unit_unknown"),
        ({"time_max": 11}, "time_max", "time_order"),
        ({"time_min": -1}, "time_min", "time_negative"),
        ({"time_max": 10_001}, "time_max", "time_large"),
        ({"time_from": "birth"}, "time_from", "time_from_unknown"),
        ({"languages": ("Spanish",)}, "languages", "language_unknown"),
        (
            {"languages": tuple(f"{a}{b}" for a in "abcdefg" for b in "abcdefg")},
            "languages",
            "languages_many",
        ),
    ],
)
def test_each_rule_is_named_with_its_field(changes: dict[str, object], field: str, code: str) -> None:
    assert find_problems(replace(FIXED, **changes)) == {field: code}


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(InvalidFields) as refusal:
        check_terms(OfferTerms(cost_basis="range", fee_min=5, fee_max=3, time_min=2, languages=("x",)))
    assert refusal.value.fields == {
        "fee_max": "fee_order",
        "currency": "currency_missing",
        "time_max": "time_max_missing",
        "time_unit": "time_unit_missing",
        "languages": "language_unknown",
    }


def test_a_draft_may_have_gaps_that_a_moderator_is_not_sent() -> None:
    thin = replace(FIXED, service=" \n", time_from=None)
    check_terms(thin)
    assert find_gaps(thin) == {"service": "service_missing", "time_from": "time_from_missing"}
    with pytest.raises(InvalidFields):
        check_complete(thin)
    check_complete(FIXED)


def test_terms_survive_a_listing() -> None:
    for terms in (FIXED, OfferTerms(), replace(FIXED, languages=())):
        listing = Listing()
        write_terms(listing, terms)
        assert terms_of(listing) == terms
