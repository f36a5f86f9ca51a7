"""What becomes of listings when two providers turn out to be one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.listings.merging import find_standing, kept_listings
from marketplace.listings.models import Listing, ListingEdit, ListingRow
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.listings.terms_history import terms_history
from marketplace.providers.merging import merge_provider
from marketplace.providers.models import Provider, ProviderMember
from tests.clients import Client
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user


def pair(gone: str = "active", into: str = "active") -> tuple[Topic, Provider, Provider]:
    topic = make_topic("peru", "peru-card")
    return topic, make_provider(slug="old", status=gone), make_provider(slug="kept", status=into)


def row(listing: Listing, guide: int, raw: bytes) -> None:
    db.session.add(
        ListingRow(listing_id=listing.id, guide_id=listing.topic.guides[guide].id, position=0, raw=raw)
    )


def rows() -> list[tuple[int, bytes]]:
    found = db.session.scalars(select(ListingRow).order_by(ListingRow.guide_id))
    return [(one.listing_id, one.raw) for one in found]


def test_rows_of_files_go_back_into_them_while_nobody_manages_the_one_that_stays(app: Flask) -> None:
    topic, gone, into = pair("unclaimed", "unclaimed")
    theirs, ours = make_listing(topic, gone, confirmed_at=None), make_listing(topic, into, confirmed_at=None)
    row(theirs, 0, b"theirs")
    row(theirs, 1, b"theirs too")
    row(ours, 0, b"ours")
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    assert rows() == [(ours.id, b"ours"), (ours.id, b"theirs too")]
    assert ours.confirmed_at is None


def test_under_a_provider_that_somebody_manages_rows_go_into_no_file_and_the_listing_ages(app: Flask) -> None:
    topic, gone, into = pair("unclaimed", "active")
    listing = make_listing(topic, gone, confirmed_at=None)
    row(listing, 0, b"theirs")
    db.session.commit()
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    assert (listing.provider_id, rows(), listing.confirmed_at) == (into.id, [], NOON)


@pytest.mark.parametrize(
    ("theirs", "ours", "taken"),
    [
        ("published", "paused", True),
        ("published", "draft", True),
        ("pending", "withdrawn", True),
        ("published", "published", False),
        ("draft", "pending", False),
    ],
)
def test_the_offer_that_is_more_of_one_stays(app: Flask, theirs: str, ours: str, taken: bool) -> None:
    topic, gone, into = pair()
    other = make_listing(topic, gone, status=theirs, fee_min=777700)
    kept = make_listing(topic, into, status=ours)
    merge_provider(gone, into, now=NOON)
    assert (kept.status, kept.fee_min) == ((theirs, 777700) if taken else (ours, 420000))
    assert (other.status, other.provider_id, other.merged_into_id) == ("withdrawn", gone.id, kept.id)
    assert not other.has_page


def test_what_was_promised_before_the_other_listing_was_there_is_kept(app: Flask) -> None:
    topic, gone, into = pair()
    early, late = NOON - timedelta(days=400), NOON - timedelta(days=100)
    make_listing(topic, gone, fee_min=100, published_at=early)
    kept = make_listing(topic, into, fee_min=900, published_at=late)
    merge_provider(gone, into, now=NOON)
    assert [(one.fee_min, one.since) for one in terms_history(kept.id)] == [(100, early), (900, late)]


def test_a_change_that_waits_waits_for_the_listing_that_stays(app: Flask) -> None:
    topic, gone, into = pair()
    member = make_user()
    db.session.add(ProviderMember(provider_id=gone.id, user_id=member.id, created_at=NOON))
    theirs, kept = make_listing(topic, gone), make_listing(topic, into)
    db.session.commit()
    edit_listing(actor=member, listing=theirs, terms=replace(terms_of(theirs), fee_min=1), now=NOON)
    merge_provider(gone, into, now=NOON)
    db.session.commit()
    edit = db.session.scalars(select(ListingEdit)).one()
    assert (edit.listing_id, edit.fee_min, edit.version > kept.version - 1) == (kept.id, 1, True)


def test_ids_lead_to_the_listing_that_stays_after_any_number_of_merges(client: Client) -> None:
    topic, first, second = pair()
    last = make_provider(slug="last", website="https://last.example/", host="last.example")
    listings = [make_listing(topic, provider) for provider in (first, second, last)]
    other = make_listing(topic, fee_min=100)
    db.session.commit()
    merge_provider(first, second, now=NOON)
    merge_provider(second, last, now=NOON)
    db.session.commit()
    ids = [listing.id for listing in listings]
    assert kept_listings([*ids, other.id, 999_999]) == [ids[2], other.id, 999_999]
    found = [find_standing(number) for number in (*ids, 999_999)]
    assert [one.id if one else None for one in found] == [ids[2], ids[2], ids[2], None]

    assert client.get(f"/go/{ids[0]}").headers["Location"] == "https://last.example/"
    compared = client.get(f"/compare/?listing={ids[0]}&listing={other.id}")
    assert compared.status_code == 200
    assert last.name in compared.text
    stem = topic.guides[0].stem
    answer = client.get(f"/guides/peru/{stem}/old/?order=newest&rating=5")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/guides/peru/{stem}/last/?order=newest&rating=5"
    table = client.get(f"/guides/peru/{stem}/").text
    assert [name in table for name in (last.name, first.name, second.name)] == [True, False, False]
