"""More signs never make a review look safer; every score is within bounds and has its reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.risk.rules import (
    BURST,
    EXTREME_FROM,
    FLOOD,
    HIGH,
    LIMIT,
    NETWORK_BURST,
    RAISED,
    WEIGHTS,
    Duplicate,
    Signals,
    is_rush,
    judge,
    risk_band,
)
from marketplace.text.contact_hints import HINTS
from marketplace.text.near_duplicates import COPIED

counts = st.integers(0, 600)
duplicates = st.lists(st.builds(Duplicate, st.integers(1, 999), st.integers(0, 100)), max_size=5).map(tuple)
signals = st.builds(
    Signals,
    account_age=st.none() | st.timedeltas(timedelta(), timedelta(days=900)),
    provider_hour=counts,
    provider_day=counts,
    usual_day=st.floats(0, 50),
    network_hour=counts,
    network_day=counts,
    network_same_provider=counts,
    network_members=counts,
    duplicates=duplicates,
    extreme=st.sampled_from([None, 1, 5]),
    extreme_count=st.integers(0, 10),
    hints=st.sets(st.sampled_from(HINTS)).map(lambda found: tuple(sorted(found))),
    said=st.just("en"),
    written_in=st.sampled_from([None, "es"]),
)


def codes(known: Signals) -> list[str]:
    return [reason["code"] for reason in judge(known).reasons]


@given(signals)
def test_a_score_is_the_sum_of_its_reasons_within_bounds(known: Signals) -> None:
    risk = judge(known)
    assert risk == judge(known)
    assert 0 <= risk.score <= LIMIT
    points = [WEIGHTS[reason["code"]] for reason in risk.reasons]
    assert risk.score == min(LIMIT, sum(points))
    assert points == sorted(points, reverse=True)
    assert len({reason["code"] for reason in risk.reasons}) == len(points)


@given(signals, signals, st.integers(0, 3))
def test_more_signs_never_lower_the_score(one: Signals, other: Signals, more: int) -> None:
    ages = [age for age in (one.account_age, other.account_age) if age is not None]
    worse = replace(
        one,
        account_age=min(ages, default=None),
        provider_hour=one.provider_hour + other.provider_hour,
        provider_day=one.provider_day + other.provider_day,
        usual_day=min(one.usual_day, other.usual_day),
        network_hour=one.network_hour + other.network_hour,
        network_day=one.network_day + other.network_day,
        network_same_provider=one.network_same_provider + other.network_same_provider,
        network_members=one.network_members + other.network_members,
        duplicates=one.duplicates + other.duplicates,
        extreme=one.extreme or other.extreme,
        extreme_count=one.extreme_count + more,
        hints=tuple(sorted({*one.hints, *other.hints})),
        written_in=one.written_in or other.written_in,
    )
    assert judge(worse).score >= judge(one).score


def test_nothing_known_is_no_risk() -> None:
    risk = judge(Signals())
    assert (risk.score, risk.reasons) == (0, ())


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (Signals(provider_hour=BURST.hour - 1, provider_day=BURST.day - 1), []),
        (Signals(provider_hour=BURST.hour), ["burst"]),
        (Signals(provider_day=BURST.day), ["burst"]),
        (Signals(provider_hour=FLOOD.hour), ["flood"]),
        (Signals(provider_hour=FLOOD.hour, usual_day=1.0), ["burst"]),
        (Signals(provider_hour=BURST.hour, provider_day=BURST.day, usual_day=2.0), []),
        (Signals(network_hour=NETWORK_BURST.hour), ["network_burst"]),
        (Signals(network_same_provider=1), ["shared_network"]),
        (Signals(network_members=1), ["member_network"]),
        (Signals(duplicates=(Duplicate(1, COPIED),)), ["copied_text"]),
        (Signals(duplicates=(Duplicate(1, COPIED - 1),)), ["similar_text"]),
        (Signals(account_age=timedelta(hours=23)), ["new_account"]),
        (Signals(account_age=timedelta(days=1)), ["young_account"]),
        (Signals(account_age=timedelta(days=7)), []),
        (Signals(extreme=1, extreme_count=EXTREME_FROM), ["all_extreme"]),
        (Signals(extreme=5, extreme_count=EXTREME_FROM - 1), []),
        (Signals(hints=("messenger",)), ["messenger"]),
        (Signals(hints=("mail_service", "messenger", "spelled_number")), ["hidden_contact", "messenger"]),
        (Signals(said="en", written_in="es"), ["other_language"]),
    ],
)
def test_each_sign_has_its_reason_and_its_threshold(known: Signals, found: list[str]) -> None:
    assert codes(known) == found


def test_reasons_carry_their_figures() -> None:
    known = Signals(
        provider_hour=4, provider_day=5, usual_day=0.04, duplicates=(Duplicate(7, 92), Duplicate(9, 60))
    )
    assert judge(known).reasons == (
        {"code": "copied_text", "reviews": [[7, 92], [9, 60]]},
        {"code": "burst", "hour": 4, "day": 5, "usual": 0.0},
    )


def test_an_account_from_the_future_is_new() -> None:
    assert judge(Signals(account_age=-timedelta(hours=1))).reasons == ({"code": "new_account", "hours": 0},)


def test_bands_begin_where_they_say() -> None:
    assert [risk_band(score) for score in (0, RAISED - 1, RAISED, HIGH - 1, HIGH, LIMIT)] == [
        "low",
        "low",
        "raised",
        "raised",
        "high",
        "high",
    ]


def test_one_sign_alone_is_never_high_but_a_flood() -> None:
    assert [code for code, points in WEIGHTS.items() if points >= HIGH] == ["flood"]
    assert all(0 < points <= LIMIT for points in WEIGHTS.values())


@given(counts, counts, st.floats(0, 50))
def test_who_gets_many_reviews_has_room_for_more(hour: int, day: int, usual: float) -> None:
    if is_rush(BURST, hour, day, usual + 1):
        assert is_rush(BURST, hour, day, usual)
