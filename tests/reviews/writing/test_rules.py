from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marketplace.core.errors import InvalidFields
from marketplace.reviews.writing.rules import ReviewDraft, oldest_experience, place_in_form, problems_of

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOON.date()
GOOD = ReviewDraft.of(
    rating=4,
    text="They answered every question and came with me to the office.",
    language="en",
    experience_on=date(2026, 10, 3),
    real_cost=420000,
    real_currency="MXN",
    real_time=14,
    real_time_unit="business_days",
    outcome="Card received",
)


def codes(draft: ReviewDraft) -> dict[str | None, str]:
    return {field: problem.code for field, problem in problems_of(draft, NOON).items()}


def test_a_good_draft_has_no_problems() -> None:
    assert problems_of(GOOD, NOON) == {}


def test_cost_and_time_may_be_left_out_and_their_units_fall_away() -> None:
    bare = ReviewDraft.of(
        rating=1,
        text=GOOD.text,
        language="es",
        experience_on=TODAY,
        real_cost=None,
        real_currency="MXN",
        real_time=None,
        real_time_unit="days",
        outcome="",
    )
    assert problems_of(bare, NOON) == {}
    assert (bare.real_currency, bare.real_time_unit) == (None, None)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"rating": None}, "rating", "rating_range"),
        ({"rating": 6}, "rating", "rating_range"),
        ({"text": "x" * 29}, "text", "text_short"),
        ({"text": "x" * 4001}, "text", "text_long"),
        ({"text": GOOD.text + " Write to ana@example.com"}, "text", "contact_details"),
        ({"language": "not a tag"}, "language", "language_unknown"),
        ({"experience_on": None}, "experience_on", "experience_missing"),
        ({"experience_on": date(2026, 11, 25)}, "experience_on", "experience_future"),
        ({"experience_on": date(2023, 10, 31)}, "experience_on", "experience_old"),
        ({"real_cost": -1}, "real_cost", "cost_range"),
        ({"real_cost": 10**14}, "real_cost", "cost_range"),
        ({"real_currency": None}, "real_currency", "currency_missing"),
        ({"real_currency": "XYZ"}, "real_currency", "currency_unknown"),
        ({"real_time": 0}, "real_time", "time_range"),
        ({"real_time": 100_001}, "real_time", "time_range"),
        ({"real_time_unit": None}, "real_time_unit", "time_unit_missing"),
        ({"real_time_unit": "fortnights"}, "real_time_unit", "time_unit_missing"),
        ({"outcome": "x" * 121}, "outcome", "outcome_long"),
        ({"outcome": "see example.com"}, "outcome", "contact_details"),
    ],
)
def test_a_broken_rule_is_named_with_its_field(change: dict[str, object], field: str, code: str) -> None:
    assert codes(replace(GOOD, **change)) == {field: code}  # type: ignore[arg-type]


def test_lengths_at_the_bounds_are_taken() -> None:
    assert codes(replace(GOOD, text="x" * 30)) == {}
    assert codes(replace(GOOD, text="x" * 4000)) == {}


def test_length_is_counted_after_trimming() -> None:
    draft = ReviewDraft.of(
        **{name: getattr(GOOD, name) for name in GOOD.__slots__} | {"text": "x" * 29 + " " * 9}
    )
    assert codes(draft) == {"text": "text_short"}


def test_every_problem_is_found_at_once_in_the_order_of_the_form() -> None:
    found = codes(replace(GOOD, rating=0, text="short", experience_on=None, real_currency=None, real_time=0))
    assert list(found) == ["rating", "text", "experience_on", "real_currency", "real_time"]


def test_an_experience_counts_from_the_first_of_the_month_three_years_ago() -> None:
    assert oldest_experience(date(2024, 2, 29)) == date(2021, 2, 1)
    assert codes(replace(GOOD, experience_on=date(2023, 11, 1))) == {}


def test_a_refusal_carries_fields_and_details() -> None:
    problems = list(problems_of(replace(GOOD, text="short", rating=9), NOON).values())
    refusal = InvalidFields(problems)
    assert refusal.status == 422
    assert refusal.fields == {"rating": "rating_range", "text": "text_short"}
    assert refusal.problems[1].details == {"least": 30, "length": 5}
    assert sorted(problems, key=place_in_form) == problems


@pytest.mark.parametrize(
    ("hour", "day", "is_taken"), [(9, 24, False), (10, 24, True), (23, 24, True), (23, 25, False)]
)
def test_today_in_the_easternmost_zone_is_not_the_future(hour: int, day: int, is_taken: bool) -> None:
    draft = replace(GOOD, experience_on=date(2026, 11, day))
    problems = problems_of(draft, NOON.replace(hour=hour))
    assert {field: problem.code for field, problem in problems.items()} == (
        {} if is_taken else {"experience_on": "experience_future"}
    )
