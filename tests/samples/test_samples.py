"""The demo data agree with each other, with the sample guides and with the rules of the product."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from marketplace.listings.models import ListingStatus
from marketplace.listings.terms import SERVICE_LENGTH
from marketplace.providers.models import DESCRIPTION_LENGTH, NAME_LENGTH, ProviderStatus
from marketplace.reviews.models import OUTCOME_LENGTH, TEXT_LENGTH
from marketplace.samples import DemoListing, DemoReview, load_demo
from marketplace.values.money import CostBasis
from marketplace.values.timeframe import TimeStart, TimeUnit
from tests.samples.reading import COUNTRIES, LANGUAGES, demo, guide_files, languages_of_topics

SHOWN_FOR_DAYS = 270
DECIMAL = re.compile(r"\d+(\.\d{2})?")
CONTACT = re.compile(
    r"https?:|www\.|@|\b[\w-]+\.(com|net|org|es|mx|co|example)\b|\+\d|\d([ .-]?\d){6,}", re.IGNORECASE
)


def of_listing(listing: DemoListing) -> str:
    return f"{listing.provider}/{listing.topic}"


def of_review(review: DemoReview) -> str:
    return f"{review.author}/{review.provider}/{review.topic}"


all_listings = pytest.mark.parametrize("listing", load_demo().listings, ids=of_listing)
all_reviews = pytest.mark.parametrize("review", load_demo().reviews, ids=of_review)


def test_members_are_distinct_people_of_example_com() -> None:
    addresses = [member.email for member in demo().members]
    assert len(addresses) == len(set(addresses))
    assert all(re.fullmatch(r"[a-z]+@example\.com", address) for address in addresses)
    assert len({member.shown_name for member in demo().members}) == len(addresses)
    assert {member.language for member in demo().members} == LANGUAGES
    roles = {member.email: member.role for member in demo().members if member.sign_in}
    assert roles == {
        "expat@example.com": "",
        "provider@example.com": "",
        "moderator@example.com": "moderator",
        "admin@example.com": "admin",
    }


def test_providers_are_distinct_and_live_under_example() -> None:
    providers = demo().providers
    hosts = [urlsplit(provider.website).hostname or "" for provider in providers]
    assert len(set(hosts)) == len({provider.name for provider in providers}) == len(providers)
    assert all(host.endswith(".example") for host in hosts)
    assert all(provider.website.startswith("https://") for provider in providers)
    in_guides = " ".join(path.read_text(encoding="utf-8") for path in guide_files())
    assert not [host for host in hosts if host in in_guides]


def test_providers_keep_the_bounds_and_name_members_that_exist() -> None:
    addresses = {member.email for member in demo().members}
    for provider in demo().providers:
        assert provider.status in set(ProviderStatus)
        assert len(provider.name) <= NAME_LENGTH
        assert 40 <= len(provider.description) <= DESCRIPTION_LENGTH
        assert not CONTACT.search(provider.description)
        assert provider.description_language in LANGUAGES
        assert provider.languages
        assert set(provider.countries) <= COUNTRIES
        assert provider.member in addresses | {""}
    owners = {provider.name: provider.member for provider in demo().providers if provider.member}
    assert owners["Casa Ocotillo"] == "provider@example.com"
    assert Counter(provider.status for provider in demo().providers)["pending"] == 1


def test_a_provider_offers_a_topic_once_and_only_where_it_works() -> None:
    countries = {provider.name: provider.countries for provider in demo().providers}
    offers = [(listing.provider, listing.topic) for listing in demo().listings]
    assert len(offers) == len(set(offers))
    assert {topic for _, topic in offers} <= set(languages_of_topics())
    assert all(topic.partition("-")[0] in countries[provider] for provider, topic in offers)


@all_listings
def test_the_cost_of_a_listing_follows_the_rules_of_its_basis(listing: DemoListing) -> None:
    assert listing.cost_basis in set(CostBasis)
    fees = [fee for fee in (listing.fee_min, listing.fee_max) if fee]
    extra = listing.official_fee not in {"", "included"}
    assert all(DECIMAL.fullmatch(amount) for amount in fees + [listing.official_fee] * extra)
    assert bool(listing.currency) == bool(fees or extra)
    assert listing.currency in {"", "MXN", "EUR", "COP"}
    if listing.cost_basis in {"free", "on_request"}:
        assert not fees
    else:
        assert listing.fee_min
        assert bool(listing.fee_max) == (listing.cost_basis == "range") or listing.cost_basis == "hourly"
    assert all(Decimal(least) <= Decimal(most) for least, most in pairwise(fees))


@all_listings
def test_the_time_of_a_listing_is_whole_or_not_stated(listing: DemoListing) -> None:
    stated = [listing.time_min is not None, listing.time_max is not None, bool(listing.time_unit)]
    assert all(stated) or not any(stated)
    assert listing.time_unit in {"", *TimeUnit}
    assert listing.time_from in {"", *TimeStart}
    if listing.time_min is not None and listing.time_max is not None:
        assert 0 < listing.time_min <= listing.time_max


@all_listings
def test_a_listing_has_a_service_a_status_and_plausible_ages(listing: DemoListing) -> None:
    assert listing.status in list(ListingStatus)
    assert 30 <= len(listing.service) <= SERVICE_LENGTH
    assert not CONTACT.search(listing.service)
    assert (listing.confirmed_days_ago is not None) == (listing.status in {"published", "paused"})
    assert listing.listed_days_ago > (listing.confirmed_days_ago or 0)
    assert bool(listing.ground) == bool(listing.statement) == (listing.status == "rejected")


def test_listings_show_every_basis_status_currency_and_age() -> None:
    listings = demo().listings
    assert {listing.cost_basis for listing in listings} == set(CostBasis)
    statuses = Counter(listing.status for listing in listings)
    assert all(statuses[status] == 1 for status in ("draft", "pending", "paused", "rejected"))
    assert {listing.currency for listing in listings} == {"", "MXN", "EUR", "COP"}
    assert {200, 280} <= {listing.confirmed_days_ago for listing in listings}
    assert any(listing.official_fee == "included" for listing in listings)
    assert any(listing.official_fee[:1].isdigit() for listing in listings)


def test_one_topic_has_more_offers_than_a_table_and_four_have_none() -> None:
    shown = Counter(
        listing.topic
        for listing in demo().listings
        if listing.status == "published" and (listing.confirmed_days_ago or 0) < SHOWN_FOR_DAYS
    )
    assert shown["mexico-renewing_temporary_residence"] == 11
    assert len(shown) == 8
    assert sum(3 <= count <= 6 for count in shown.values()) >= 4
    assert len(set(languages_of_topics()) - {listing.topic for listing in demo().listings}) == 4


def test_a_member_reviews_a_listing_once_and_it_exists() -> None:
    members = {member.email for member in demo().members}
    offers = {
        (listing.provider, listing.topic) for listing in demo().listings if listing.status == "published"
    }
    reviews = [(review.author, review.provider, review.topic) for review in demo().reviews]
    assert len(reviews) == len(set(reviews)) >= 45
    assert {author for author, _, _ in reviews} <= members
    assert {(provider, topic) for _, provider, topic in reviews} <= offers
    assert len({review.text for review in demo().reviews}) == len(reviews)
    insiders = {provider.member for provider in demo().providers} | {
        member.email for member in demo().members if member.role
    }
    assert not insiders & {author for author, _, _ in reviews}


@all_reviews
def test_a_review_keeps_the_bounds_and_carries_no_contact(review: DemoReview) -> None:
    least, most = TEXT_LENGTH
    assert 1 <= review.rating <= 5
    assert least <= len(review.text) <= most
    assert len(review.outcome) <= OUTCOME_LENGTH
    assert review.language in LANGUAGES
    assert review.level in {"unverified", "documented"}
    assert review.status in {"published", "pending", "rejected"}
    assert not CONTACT.search(review.text + " " + review.outcome)
    assert bool(review.ground) == bool(review.statement) == (review.status == "rejected")


@all_reviews
def test_what_a_review_reports_is_complete(review: DemoReview) -> None:
    assert bool(review.real_cost) == bool(review.real_currency)
    assert not review.real_cost or DECIMAL.fullmatch(review.real_cost)
    assert review.real_currency in {"", "MXN", "EUR", "COP"}
    assert (review.real_time is not None) == bool(review.real_time_unit)
    assert review.real_time is None or review.real_time > 0
    assert review.real_time_unit in {"", *TimeUnit}


@all_reviews
def test_a_review_is_written_after_the_experience_by_a_member_of_a_listing(review: DemoReview) -> None:
    [joined] = [member.joined_days_ago for member in demo().members if member.email == review.author]
    [listed] = [
        listing.listed_days_ago
        for listing in demo().listings
        if (listing.provider, listing.topic) == (review.provider, review.topic)
    ]
    assert listed >= review.experience_days_ago >= review.submitted_days_ago >= 0
    assert joined >= review.submitted_days_ago
    assert (review.published_days_ago is not None) == (review.status == "published")
    assert review.submitted_days_ago >= (review.published_days_ago or 0)


def test_reviews_are_mixed_and_one_listing_has_reports_enough_for_medians() -> None:
    reviews = demo().reviews
    statuses = Counter(review.status for review in reviews)
    assert (statuses["pending"], statuses["rejected"]) == (3, 1)
    assert {review.rating for review in reviews} == {1, 2, 3, 4, 5}
    assert {review.language for review in reviews} == LANGUAGES
    reports = Counter(
        (review.provider, review.topic)
        for review in reviews
        if review.status == "published"
        and review.level == "documented"
        and review.real_cost
        and review.real_time
    )
    assert reports["Casa Ocotillo", "mexico-renewing_temporary_residence"] >= 9
    assert any(review.level == "unverified" and review.status == "published" for review in reviews)
