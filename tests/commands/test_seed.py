"""`marketplace seed`: a site of any size, the same each time, as the services and the import would have left it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.commands import seed_guides
from marketplace.commands.guides import import_folder
from marketplace.commands.seed import _sources
from marketplace.commands.seed_plan import LISTINGS_EACH, REVIEWS_EACH, Plan
from marketplace.commands.seeding import PASSWORD
from marketplace.core.extensions import db
from marketplace.core.revisions import OFFERS, REVIEWS, SITE, revision_of
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing
from marketplace.listings.rules import check_complete
from marketplace.listings.terms import terms_of
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import RatingSums, recompute_ratings
from marketplace.reviews.votes.models import ReviewVote
from tests.clients import Client, Runner
from tests.clock import START
from tests.conftest import Stage
from tests.factories import make_listing, make_review, make_topic, make_user
from tests.production import PRODUCTION
from tests.public.comparing import compare_everything
from tests.public.recomputing import Truth

SMALL = ["seed", "--topics", "8", "--listings", "60", "--reviews", "240"]
PLAN = Plan(8, 60, 240)


@pytest.fixture
def seeded(runner: Runner) -> None:
    """A small site."""
    result = runner.invoke(args=SMALL)
    assert result.exit_code == 0, result.stderr
    assert "8 topics, 12 providers, 60 listings, 240 reviews." in result.stdout


@given(st.integers(1, 40), st.integers(2, 300), st.integers(0, 900))
def test_every_row_has_its_place_and_nobody_the_same_one_twice(
    topics: int, listings: int, reviews: int
) -> None:
    plan = Plan(topics, listings, reviews)
    offered = [(plan.provider_of(number), plan.topic_of(number)) for number in range(listings)]
    assert len(set(offered)) == listings
    assert {topic for _, topic in offered} <= set(range(topics))
    assert [number for provider in range(plan.providers) for number in plan.listings_of(provider)] == [
        *range(listings)
    ]
    assert all(len(plan.listings_of(provider)) <= LISTINGS_EACH for provider in range(plan.providers))
    written = [(plan.listing_of(number), plan.author_of(number)) for number in range(reviews)]
    assert len(set(written)) == reviews
    assert max((len(own) for own in _by_author(written).values()), default=0) <= REVIEWS_EACH
    for listing in range(listings):
        assert sorted(plan.reviews_of(listing)) == [n for n, pair in enumerate(written) if pair[0] == listing]


def _by_author(written: list[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for listing, author in written:
        found.setdefault(author, []).append(listing)
    return found


def test_the_same_numbers_are_the_same_site(app: Flask) -> None:
    # All but the password's hash, which has its salt.
    once, again = ([list(rows) for _, _, rows in islice(_sources(PLAN, START), 1, None)] for _ in range(2))
    assert once == again


def test_what_is_stored_of_reviews_is_what_a_count_anew_comes_to(app: Flask, seeded: None) -> None:
    names = tuple(RatingSums.__dataclass_fields__)
    rows = select(Listing.id, *(getattr(Listing, name) for name in names)).order_by(Listing.id)
    before = db.session.execute(rows).all()
    for listing_id in db.session.scalars(select(Listing.id)).all():
        recompute_ratings(listing_id)
    assert db.session.execute(rows).all() == before
    votes = select(func.count()).where(ReviewVote.review_id == Review.id).scalar_subquery()
    assert db.session.scalars(select(Review.id).where(Review.helpful_count != votes)).all() == []
    assert max(row.review_count for row in before) == 20


@pytest.mark.slow
def test_every_page_shows_what_the_rows_come_to(app: Flask, client: Client, seeded: None) -> None:
    assert compare_everything(client, Truth(START.date())) > 300


def test_the_import_finds_every_guide_unchanged(app: Flask, seeded: None, tmp_path: Path) -> None:
    for name, text in seed_guides.guide_files(PLAN):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = import_folder(tmp_path)
    assert (report.files, report.unchanged, report.imported, report.refused) == (16, 16, 0, [])


def test_what_is_offered_keeps_the_rules(app: Flask, seeded: None) -> None:
    for listing in db.session.scalars(select(Listing)):
        check_complete(terms_of(listing))
    assert all(revision_of(name) > 0 for name in (SITE, OFFERS, REVIEWS, "country:mexico"))


def test_the_site_goes_on_after_it(app: Flask, seeded: None) -> None:
    owner = db.session.scalars(select(User).where(User.email == "office@seed1.example")).one()
    assert owner.verify_and_update_password(PASSWORD)
    assert is_member(owner.id, 1)
    review = make_review(make_listing(make_topic()), make_user())
    assert (review.id, review.listing_id) == (241, 61)
    db.session.commit()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["seed", "--topics", "0"], "At least one topic"),
        (["seed", "--listings", "1", "--reviews", "3"], "at least two listings"),
    ],
)
def test_numbers_that_fit_no_site_are_refused(runner: Runner, arguments: list[str], reason: str) -> None:
    result = runner.invoke(args=arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert reason in result.stderr
    assert db.session.scalar(select(func.count(Topic.id))) == 0


def test_a_database_in_use_and_production_are_left_alone(
    app: Flask, runner: Runner, make_app: Callable[..., Flask], stage: Stage
) -> None:
    make_topic()
    db.session.commit()
    result = runner.invoke(args=SMALL)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "holds a topic already" in result.stderr
    refused = make_app(**PRODUCTION).test_cli_runner().invoke(args=SMALL)
    assert (refused.exit_code, "MARKETPLACE_ENV" in refused.stderr) == (1, True)
    assert db.session.scalar(select(func.count(Provider.id))) == 0
