"""Unclaimed listings made of rows found in guides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.hugo.guide_file import TableRow
from marketplace.guides.models import Topic
from marketplace.guides.services import FoundRows
from marketplace.listings.importing.guide_rows import ImportedRows, import_rows
from marketplace.listings.models import Listing
from marketplace.listings.services import withdraw
from marketplace.listings.terms import OfferTerms, terms_of
from marketplace.providers.models import Provider
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user

LATER = NOON + timedelta(days=30)
LINK = "[casa.example](https://casa.example/?ref=26)"


def row(name: str = "Casa", website: str = LINK, time: str = "5 minutes", cost: str = "from 35€") -> TableRow:
    cells = (name, website, time, cost)
    return TableRow(f"| {name} | {website} | {time} | {cost} |".encode(), cells)


def bring(topic: Topic, *rows: TableRow, language: str = "en") -> ImportedRows:
    guide = next(guide for guide in topic.guides if guide.language == language)
    found = FoundRows(guide.id, topic.id, topic.country, language, tuple(rows))
    report = import_rows([found], now=LATER)
    for listing in db.session.scalars(select(Listing)):
        db.session.refresh(listing)
    return report


def listings() -> list[Listing]:
    return list(db.session.scalars(select(Listing).order_by(Listing.id)))


@pytest.fixture
def topic(app: Flask) -> Topic:
    return make_topic("spain")


def test_a_row_becomes_an_unclaimed_published_listing_with_its_referral_noticed(topic: Topic) -> None:
    assert bring(topic, row()) == ImportedRows(created=1)
    [listing] = listings()
    provider = listing.provider
    assert (provider.name, provider.host, provider.status) == ("Casa", "casa.example", "unclaimed")
    assert (provider.website, provider.countries) == ("https://casa.example/?ref=26", ["spain"])
    assert (listing.status, listing.referral, listing.published_at) == ("published", True, LATER)
    assert terms_of(listing) == OfferTerms(
        cost_basis="from", fee_min=3500, currency="EUR", time_min=5, time_max=5, time_unit="minutes"
    )
    assert [kept.raw for kept in listing.rows] == [row().raw]
    db.session.refresh(topic)
    assert topic.revision == 2


def test_what_cannot_be_read_is_on_request_and_not_stated(topic: Topic) -> None:
    bring(
        topic,
        row(time="N/A", cost="Varies depending on the type of account", website="[x](https://casa.example)"),
    )
    [listing] = listings()
    assert terms_of(listing) == OfferTerms()
    assert not listing.referral


def test_the_same_rows_again_change_nothing(topic: Topic) -> None:
    bring(topic, row())
    db.session.refresh(topic)
    before = (topic.revision, listings()[0].version)
    assert bring(topic, row()) == ImportedRows()
    db.session.refresh(topic)
    assert (topic.revision, listings()[0].version) == before


def test_one_provider_a_host_and_one_listing_a_topic_in_all_languages(topic: Topic) -> None:
    other = make_topic("spain")
    bring(topic, row())
    bring(topic, row(time="5 minutos", cost="desde 35€"), language="es")
    bring(other, row("Casa S.L.", "[web](http://www.casa.example/otra)"))
    assert db.session.scalars(select(Provider.name)).all() == ["Casa"]
    first, second = listings()
    assert (len(first.rows), len(second.rows)) == (2, 1)


def test_another_language_says_what_the_first_could_not(topic: Topic) -> None:
    bring(topic, row(time="soon", cost="a little"))
    bring(topic, row(time="5 minutos", cost="desde 35€"), language="es")
    [listing] = listings()
    assert (listing.fee_min, listing.time_unit) == (3500, "minutes")


def test_a_changed_row_changes_its_listing(topic: Topic) -> None:
    bring(topic, row())
    changed = row(cost="from 40€")
    bring(topic, changed)
    [listing] = listings()
    assert (listing.fee_min, listing.rows[0].raw, listing.version) == (4000, changed.raw, 2)


def test_a_changed_row_that_cannot_be_read_is_on_request_unless_another_language_says_more(
    topic: Topic,
) -> None:
    bring(topic, row())
    bring(topic, row(cost="it depends"))
    assert listings()[0].cost_basis == "on_request"
    bring(topic, row(cost="desde 35€"), language="es")
    bring(topic, row(cost="it still depends"))
    assert listings()[0].fee_min == 3500


def test_a_row_gone_from_all_its_files_withdraws_its_listing_and_comes_back_with_it(topic: Topic) -> None:
    bring(topic, row())
    bring(topic, row(), language="es")
    assert bring(topic).withdrawn == 0
    assert listings()[0].status == "published"
    assert bring(topic, language="es").withdrawn == 1
    [listing] = listings()
    assert (listing.status, listing.rows) == ("withdrawn", [])
    assert bring(topic, language="es").withdrawn == 0
    bring(topic, row())
    [listing] = listings()
    assert (listing.status, len(listing.rows), listing.note) == ("published", 1, "")


def test_a_listing_that_was_withdrawn_by_hand_stays_so(topic: Topic) -> None:
    bring(topic, row())
    withdraw(listings()[0])
    bring(topic, row(cost="from 99€"))
    [listing] = listings()
    assert (listing.status, listing.rows, listing.fee_min) == ("withdrawn", [], 3500)


def test_claimed_and_edited_listings_are_left_alone(topic: Topic) -> None:
    provider = make_provider(make_user(), host="casa.example", status="active")
    make_listing(topic, provider, fee_min=123)
    edited = make_provider(host="edited.example", status="unclaimed")
    make_listing(topic, edited, fee_min=456)
    report = bring(topic, row(), row("Edited", "https://edited.example"))
    assert report == ImportedRows()
    assert [(listing.fee_min, listing.rows) for listing in listings()] == [(123, []), (456, [])]
    assert bring(topic).withdrawn == 0


def test_an_active_provider_gets_a_listing_that_no_file_keeps(topic: Topic) -> None:
    make_provider(host="casa.example", status="active")
    assert bring(topic, row()).created == 1
    [listing] = listings()
    assert (listing.status, listing.rows) == ("published", [])


@pytest.mark.parametrize("status", ["suspended", "removed"])
def test_a_provider_without_good_standing_gets_none(topic: Topic, status: str) -> None:
    make_provider(host="casa.example", status=status)
    assert bring(topic, row()) == ImportedRows(skipped=1)
    assert listings() == []


def test_a_second_row_of_one_provider_in_one_table_is_counted_and_left_out(topic: Topic) -> None:
    assert bring(topic, row(), row("Casa again")) == ImportedRows(created=1, skipped=1)


@pytest.mark.parametrize(
    ("website", "url"),
    [
        ("www.casa.example", "https://www.casa.example"),
        ("ask at the counter", ""),
        ("[x](https://user:pass@casa.example)", ""),
    ],
)
def test_a_row_without_a_usable_link_is_known_by_its_name(topic: Topic, website: str, url: str) -> None:
    bring(topic, row(website=website))
    bring(topic, row(website=website))
    [listing] = listings()
    assert (listing.provider.name, listing.provider.website) == ("Casa", url)


def test_a_link_around_the_name_counts_and_a_nameless_row_is_named_by_its_host(topic: Topic) -> None:
    bring(topic, row("[Casa](https://casa.example)", ""), row("", "https://other.example"), row("", ""))
    assert [listing.provider.name for listing in listings()] == ["Casa", "other.example"]
    assert listings()[0].provider.host == "casa.example"


def test_a_long_name_is_cut_and_markup_is_taken_off(topic: Topic) -> None:
    bring(topic, row("**" + "x" * 200 + "**"))
    assert listings()[0].provider.name == "x" * 120
