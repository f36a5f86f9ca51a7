from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.approvals import apply_listing_edit, publish_listing
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.csv_terms import write_cells
from marketplace.listings.importing.services import import_records
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing, submit_listing
from marketplace.listings.terms import terms_of, write_terms
from marketplace.listings.terms_history import keep_terms
from marketplace.reviews.ratings.rules import report_sums
from marketplace.reviews.ratings.services import RatingSums, rating_sums, recompute_next, recompute_ratings
from marketplace.values.exchange import save_rates
from marketplace.values.rates import Rate
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.reviews.summing import at_par, published_of, reports_of


@dataclass(frozen=True)
class Told:
    rating: int = 5
    level: str = "documented"
    published_at: datetime | None = datetime(2026, 1, 1, tzinfo=UTC)
    real_cost: int | None = None
    real_currency: str | None = None
    real_time: int | None = None
    real_time_unit: str | None = None
    experience_on: date = date(2025, 12, 1)


@dataclass(frozen=True)
class Terms:
    cost_basis: str = "fixed"
    fee_min: int | None = 420000
    fee_max: int | None = None
    currency: str | None = "MXN"
    time_max: int | None = 18
    time_unit: str | None = "days"


def sums_of(told: list[Told]) -> RatingSums:
    return rating_sums(published_of(told), lambda day: Terms(), at_par)


def test_a_listing_without_reviews_has_empty_sums() -> None:
    assert sums_of([]) == RatingSums()


def test_unverified_reviews_are_shown_but_enter_nothing() -> None:
    told = [Told(rating=4), Told(rating=1, level="unverified", real_cost=1, real_currency="MXN")]
    sums = sums_of(told)
    assert (sums.review_count, sums.uncounted_count, sums.rating_sum) == (1, 1, 4)
    assert (sums.rating_weight, sums.rating_weighted) == (1.0, 4.0)


told_strategy = st.builds(
    Told,
    rating=st.integers(1, 5),
    level=st.sampled_from(["unverified", "confirmed", "invited", "documented"]),
    published_at=st.integers(0, 7000).map(
        lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days)
    ),
    real_cost=st.integers(0, 10**13),
    real_currency=st.sampled_from(["MXN", "EUR"]),
    real_time=st.integers(1, 1000),
    real_time_unit=st.sampled_from(["days", "weeks", "business_days"]),
)


@given(st.lists(told_strategy, max_size=12), st.randoms(use_true_random=False))
def test_sums_do_not_depend_on_the_order_of_rows(told: list[Told], random: object) -> None:
    shuffled = list(told)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert sums_of(told) == sums_of(shuffled)


@given(st.lists(told_strategy, max_size=12))
def test_sums_equal_the_formula_written_out(told: list[Told]) -> None:
    sums = sums_of(told)
    counted = [one for one in told if one.level != "unverified"]
    ages = [(one.published_at.date() - date(2026, 1, 1)).days for one in counted if one.published_at]
    assert sums.review_count + sums.uncounted_count == len(told)
    assert sums.rating_sum == sum(one.rating for one in counted)
    assert sums.rating_weight == pytest.approx(sum(2 ** (age / 540) for age in ages))
    assert sums.rating_weighted == pytest.approx(
        sum(one.rating * 2 ** (age / 540) for age, one in zip(ages, counted, strict=True))
    )
    reported = report_sums(reports_of(counted), lambda day: Terms(), at_par)
    assert {name: getattr(sums, name) for name in reported.__slots__} == asdict(reported)


def test_the_sums_are_written_to_the_listing(app: Flask) -> None:
    listing = make_listing(make_topic())
    for cost, unit in ((400000, "business_days"), (410000, "business_days"), (500000, "business_days")):
        make_review(listing, rating=4, real_cost=cost, real_currency="MXN", real_time=15, real_time_unit=unit)
    make_review(listing, level="unverified")
    make_review(listing, status="pending")
    make_review(listing, status="hidden")
    sums = recompute_ratings(listing.id)
    db.session.commit()
    kept = db.session.get_one(Listing, listing.id)
    assert (kept.review_count, kept.uncounted_count, kept.rating_sum) == (3, 1, 12)
    assert (kept.reported_count, kept.reported_cost, kept.reported_time) == (3, 410000, 15)
    assert (kept.priced_count, kept.within_quote, kept.timed_count, kept.on_time) == (3, 2, 3, 3)
    assert (kept.reported_currency, kept.cost_reports) == ("MXN", 3)
    assert (kept.reported_time_unit, kept.time_reports) == ("business_days", 3)
    assert kept.reported_times == [[15, "business_days", 3, 0]]
    assert kept.report_values == {
        "cost": [[400000, 1], [410000, 1], [500000, 1]],
        "time": [[15, 3]],
        "on_time": 1.0,
        "within_quote": pytest.approx(2 / 3),
    }
    assert (kept.rating_weight, kept.rating_weighted) == (sums.rating_weight, sums.rating_weighted)


def test_sums_of_another_listing_stay(app: Flask) -> None:
    topic = make_topic()
    listing, other = make_listing(topic), make_listing(topic)
    make_review(listing)
    make_review(other)
    recompute_ratings(listing.id)
    db.session.commit()
    assert db.session.get_one(Listing, other.id).review_count == 0


@pytest.fixture
def promised(app: Flask) -> Listing:
    """A listing whose provider promised 4,200 MXN in 18 business days, with reports of later and dearer."""
    listing = make_listing(make_topic(), make_provider(make_user()))
    for cost, days in ((400000, 10), (430000, 19), (450000, 30)):
        make_review(
            listing, real_cost=cost, real_currency="MXN", real_time=days, real_time_unit="business_days"
        )
    recompute_ratings(listing.id)
    return listing


def figures(listing: Listing) -> tuple[object, ...]:
    recompute_ratings(listing.id)
    db.session.refresh(listing)
    names = ("reported_cost", "reported_currency", "reported_time", "reported_time_unit", "report_values")
    counts = ("cost_reports", "time_reports", "priced_count", "within_quote", "timed_count", "on_time")
    return tuple(getattr(listing, name) for name in (*names, *counts))


CHANGES: list[dict[str, Any]] = [
    {"time_unit": "weeks", "time_min": 1, "time_max": 9},
    {"currency": "USD", "fee_min": 99900},
    {"cost_basis": "from", "fee_min": 1},
    {"time_unit": None, "time_min": None, "time_max": None, "time_from": None},
    {"cost_basis": "on_request", "fee_min": None, "currency": None},
    {"fee_min": 900000, "time_max": 99},
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("way", ["edit", "withdrawn", "import"])
def test_no_change_of_a_listing_makes_a_bad_report_vanish(
    promised: Listing, way: str, change: dict[str, Any]
) -> None:
    before = figures(promised)
    owner = db.session.scalars(select(User).order_by(User.id)).first()
    assert owner is not None
    assert (promised.within_quote, promised.on_time) == (1, 1)
    terms = replace(terms_of(promised), **change)
    if way == "import":
        provider = promised.provider
        named = {"topic": promised.topic.key, "provider": provider.name, "website": provider.website}
        report = import_records([Record(2, {**write_cells(terms), **named})], now=NOON)
        assert (report.updated, report.refused) == (1, [])
    else:
        promised.status = "published" if way == "edit" else "withdrawn"
        edit_listing(actor=owner, listing=promised, terms=terms, now=NOON)
        if way == "edit":
            assert promised.edit is not None
            apply_listing_edit(promised.edit, now=NOON)
        else:
            submit_listing(actor=owner, listing=promised, now=NOON)
            publish_listing(promised, now=NOON)
    db.session.expire_all()
    assert terms_of(promised) == terms
    assert figures(promised) == before


def test_what_is_ordered_after_a_change_is_held_against_the_new_terms(promised: Listing) -> None:
    before = terms_of(promised)
    write_terms(promised, replace(before, fee_min=440000))
    keep_terms(promised, before, now=NOON)
    for days, cost in ((0, 435000), (1, 435000), (2, 445000)):
        on = NOON.date() + timedelta(days=days)
        make_review(promised, real_cost=cost, real_currency="MXN", experience_on=on)
    figures(promised)
    assert (promised.priced_count, promised.within_quote) == (6, 2), "of the day itself the old terms hold"


def test_the_worker_reckons_anew_what_a_rate_or_a_release_changed(promised: Listing) -> None:
    for _ in range(2):
        make_review(promised, real_cost=100000, real_currency="CLP", experience_on=date(2026, 10, 1))
    recompute_ratings(promised.id)
    assert promised.report_values["unrated"] == {"CLP": 2}
    revision = promised.topic.revision
    recompute_next({})
    db.session.refresh(promised.topic)
    assert promised.topic.revision == revision, "nothing changed"
    save_rates([Rate("CLP", date(2026, 9, 30), Decimal(1000), "Banco")])
    recompute_next({})
    db.session.expire_all()
    assert "unrated" not in promised.report_values
    assert (promised.cost_reports, promised.report_values["converted"]) == (5, {"CLP": 2})
    assert promised.topic.revision == revision + 1
