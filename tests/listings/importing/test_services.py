"""Listings in bulk, as the operator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import InvalidFields
from marketplace.core.extensions import db
from marketplace.core.revisions import OFFERS, revision_of
from marketplace.listings.importing.csv_file import Record
from marketplace.listings.importing.services import (
    BulkReport,
    import_records,
    read_line,
    reason_of,
    topic_ids,
)
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing
from marketplace.listings.terms import terms_of
from marketplace.providers.models import Provider
from marketplace.values.csv import BrokenRow
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS, make_guide_row

LATER = NOON + timedelta(days=30)
CELLS = {
    "topic": "mexico-visa",
    "provider": "Casa",
    "website": "https://casa.example/",
    "cost_basis": "fixed",
    "fee_min": "1400",
    "currency": "MXN",
    "status": "published",
}


def take(*lines: dict[str, str]) -> BulkReport:
    records = [Record(number, {**CELLS, **line}) for number, line in enumerate(lines, start=2)]
    report = import_records(records, now=LATER)
    db.session.flush()
    return report


def only_listing() -> Listing:
    [listing] = db.session.scalars(select(Listing)).all()
    db.session.refresh(listing)
    db.session.refresh(listing.topic)
    db.session.refresh(listing.provider)
    return listing


def test_a_new_line_makes_an_active_provider_and_a_listing_at_once(app: Flask) -> None:
    make_topic(key="mexico-visa")
    report = take({})
    listing = only_listing()
    assert (report.rows, report.created, report.updated, report.refused) == (1, 1, 0, [])
    assert (listing.provider.name, listing.provider.slug, listing.provider.status) == (
        "Casa",
        "casa",
        "active",
    )
    assert (listing.status, listing.published_at, listing.confirmed_at) == ("published", LATER, LATER)
    assert (listing.topic.revision, listing.provider.revision, revision_of(OFFERS)) == (2, 1, 1)


def test_a_line_for_a_provider_and_topic_that_exist_updates_that_listing(app: Flask) -> None:
    make_topic(key="mexico-visa")
    take({})
    report = take({"fee_min": "1500", "status": "paused"})
    listing = only_listing()
    assert (report.created, report.updated) == (0, 1)
    assert (listing.fee_min, listing.status, listing.version) == (150000, "paused", 3)


def test_the_same_line_again_changes_nothing_but_the_day_it_was_confirmed(app: Flask) -> None:
    topic = make_topic(key="mexico-visa")
    take({})
    listing = only_listing()
    listing.confirmed_at = NOON
    assert take({}).updated == 1
    listing = only_listing()
    assert (listing.version, listing.confirmed_at, topic.revision) == (1, LATER, 3)


def test_two_lines_of_one_file_for_one_listing_are_a_listing_and_its_update(app: Flask) -> None:
    make_topic(key="mexico-visa")
    report = take({}, {"fee_min": "2000"})
    assert (report.created, report.updated, only_listing().fee_min) == (1, 1, 200000)


def test_name_and_host_tell_providers_apart_and_nothing_else(app: Flask) -> None:
    make_topic(key="mexico-visa")
    report = take(
        {},
        {"website": "http://WWW.casa.example/other"},
        {"provider": "Casa B"},
        {"website": "https://b.example"},
    )
    assert (report.created, report.updated) == (3, 1)
    found = db.session.execute(select(Provider.name, Provider.host, Provider.website, Provider.slug))
    assert sorted(tuple(row) for row in found) == [
        ("Casa", "b.example", "https://b.example", "casa-2"),
        ("Casa", "casa.example", "http://WWW.casa.example/other", "casa"),
        ("Casa B", "casa.example", "https://casa.example/", "casa-b"),
    ]


def test_bad_lines_are_named_and_the_rest_goes_in(app: Flask) -> None:
    make_topic(key="mexico-visa")
    records = [
        Record(2, {**CELLS, "topic": "mexico-none"}),
        BrokenRow(3, "The line has 2 cells, the header has 7."),
        Record(4, {**CELLS, "provider": "x" * 121}),
        Record(5, {**CELLS, "website": "casa"}),
        Record(6, {**CELLS, "cost_basis": "range", "fee_max": "1"}),
        Record(7, {**CELLS, "currency": ""}),
        Record(8, {**CELLS, "status": "live"}),
        Record(9, CELLS),
    ]
    report = import_records(records, now=LATER)
    assert (report.rows, report.created, report.updated) == (8, 1, 0)
    assert [entry["line"] for entry in report.refused] == [2, 3, 4, 5, 6, 7, 8]
    assert report.refused[0]["reason"] == "topic: There is no such procedure"
    assert report.refused[4]["reason"] == "fee_max: The highest fee must be more than the lowest"


def test_a_refused_line_leaves_no_provider_behind(app: Flask) -> None:
    make_topic(key="mexico-visa")
    take({"fee_min": "x"})
    assert db.session.scalars(select(Provider)).all() == []


def test_statuses_take_effect_at_once(app: Flask) -> None:
    make_topic(key="mexico-visa")
    take({"status": "pending"})
    assert (only_listing().submitted_at, only_listing().published_at) == (LATER, None)
    take({"status": "rejected"})
    assert (only_listing().status, only_listing().note) == ("rejected", "")
    take({"status": ""})
    assert only_listing().status == "rejected"
    take({"status": "published"})
    assert only_listing().published_at == LATER


def test_without_a_status_a_new_listing_is_published(app: Flask) -> None:
    make_topic(key="mexico-visa")
    import_records([Record(2, {name: CELLS[name] for name in ("topic", "provider", "website")})], now=LATER)
    assert (only_listing().status, only_listing().cost_basis) == ("published", "on_request")


def test_an_operators_change_ends_the_rows_of_an_unclaimed_listing_and_an_unchanged_line_does_not(
    app: Flask,
) -> None:
    topic = make_topic(key="mexico-visa")
    provider = make_provider(name="Casa", host="casa.example", status="unclaimed", website=CELLS["website"])
    listing = make_listing(topic, provider, fee_min=140000)
    make_guide_row(listing)
    take({})
    assert (only_listing().rows != [], only_listing().provider.status) == (True, "unclaimed")
    take({"fee_min": "1"})
    assert only_listing().rows == []


def test_withdrawing_ends_rows_and_the_waiting_edit(app: Flask) -> None:
    member = make_user()
    provider = make_provider(member, name="Casa", host="casa.example", website=CELLS["website"])
    listing = make_listing(make_topic(key="mexico-visa"), provider, fee_min=140000)
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    make_guide_row(listing)
    db.session.commit()
    take({"status": "withdrawn"})
    assert (only_listing().edit, only_listing().rows, only_listing().status) == (None, [], "withdrawn")


def test_a_members_waiting_edit_stays(app: Flask) -> None:
    member = make_user()
    provider = make_provider(member, name="Casa", host="casa.example", website=CELLS["website"])
    listing = make_listing(make_topic(key="mexico-visa"), provider)
    edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    take({"fee_min": "77"})
    edit = only_listing().edit
    assert edit is not None
    assert terms_of(edit) == TERMS


def test_a_referral_link_is_labelled(app: Flask) -> None:
    make_topic(key="mexico-visa")
    take({"website": "https://casa.example/?ref=26"})
    assert only_listing().referral


def test_hostile_text_is_text(app: Flask) -> None:
    make_topic(key="mexico-visa")
    name, service = "<script>|{{< x >}} شركة 👩‍👩‍👧", '=HYPERLINK("x")\n"a",b\r\n\tc'
    take({"provider": name, "service": service})
    assert (only_listing().provider.name, only_listing().service) == (name, service)


UNTIDY = {"topic": " mexico-visa ", "provider": " Casa\nOcotillo ", "website": "https://www.casa.example/"}


def test_a_line_names_its_provider_by_name_and_host(app: Flask) -> None:
    line = read_line(Record(7, UNTIDY), {"mexico-visa": 3})
    assert (line.number, line.topic_id, line.identity) == (7, 3, ("casa ocotillo", "casa.example"))


def test_a_provider_without_a_website_is_named_by_its_name_alone(app: Flask) -> None:
    line = read_line(Record(2, {**UNTIDY, "website": ""}), {"mexico-visa": 3})
    assert (line.identity, line.website.url) == (("casa ocotillo", ""), "")


def test_all_that_is_wrong_is_said_in_the_order_of_the_columns(app: Flask) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_line(Record(2, {"topic": "x", "provider": "n" * 121, "website": "ftp://x.example"}), {})
    assert reason_of(refusal.value) == (
        "topic: There is no such procedure; provider: The name must be 120 characters or "
        "fewer; website: Enter a website address, such as www.example.com"
    )


def test_topics_are_found_by_their_keys(app: Flask) -> None:
    topic = make_topic(key="mexico-visa")
    assert topic_ids({"mexico-visa", "mexico-none"}) == {"mexico-visa": topic.id}
