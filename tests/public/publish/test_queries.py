"""What publishing needs to know, in a few queries for the whole corpus."""

from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.guides.models import PublishedRows
from marketplace.listings.models import ListingRow
from marketplace.public.publish.queries import load_offers, load_published_guides
from tests.clock import START
from tests.conftest import CountQueries
from tests.factories import make_guide, make_listing, make_provider, make_topic
from tests.public.offering import TODAY


def test_a_guide_has_its_original_rows_in_order_and_the_digests_of_ours(app: Flask) -> None:
    topic = make_topic("peru", "peru-card", languages=("en",))
    guide = topic.guides[0]
    second, first = make_listing(topic), make_listing(topic)
    db.session.add_all(
        [
            ListingRow(listing_id=second.id, guide_id=guide.id, position=1, raw=b"| second |"),
            ListingRow(listing_id=first.id, guide_id=guide.id, position=0, raw=b"| first |"),
            PublishedRows(guide_id=guide.id, digest="a" * 64, written_at=START),
        ]
    )
    db.session.flush()
    found = load_published_guides()[("en", "peru", guide.stem)]
    assert (found.guide_id, found.topic_key, found.language) == (guide.id, "peru-card", "en")
    assert list(found.raw_rows.items()) == [(first.id, b"| first |"), (second.id, b"| second |")]
    assert found.written == {"a" * 64}


def test_retired_guides_are_not_published(app: Flask) -> None:
    topic = make_topic("peru", languages=())
    guide = make_guide(topic, "en", "card", retired_at=START, shown=False)
    db.session.add(PublishedRows(guide_id=guide.id, digest="a" * 64, written_at=START))
    db.session.flush()
    assert load_published_guides() == {}


def test_offers_are_grouped_by_topic_in_the_order_of_the_table(app: Flask) -> None:
    topic, other = make_topic("peru", "peru-card"), make_topic("peru", "peru-tax")
    make_listing(topic, make_provider(name="Bare"), cost_basis="on_request", fee_min=None, currency=None)
    make_listing(topic, make_provider(name="Full"))
    make_listing(other, make_provider(name="Other"))
    make_listing(other, status="paused")
    assert {key: [row.provider_name for row in rows] for key, rows in load_offers(TODAY).items()} == {
        "peru-card": ["Full", "Bare"],
        "peru-tax": ["Other"],
    }


def test_any_number_of_guides_takes_five_queries(app: Flask, count_queries: CountQueries) -> None:
    for _ in range(4):
        make_listing(make_topic())
    db.session.commit()
    with count_queries(app) as statements:
        assert len(load_published_guides()) == 8
        assert len(load_offers(TODAY)) == 4
    assert len(statements) == 5
