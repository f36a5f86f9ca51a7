from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.queue.queries import waiting_items
from tests.factories import make_provider
from tests.moderation.deciding import KINDS
from tests.moderation.reporting import reported, shown_review, unconfirmed
from tests.moderation.waiting import MAKERS, id_of


def test_each_kind_that_waits_has_its_row(app: Flask) -> None:
    made = {(kind, id_of(kind, make())) for kind, make in MAKERS.items()}  # type: ignore[operator]
    db.session.commit()
    rows = waiting_items(limit=100)
    assert {(row.kind, row.id) for row in rows} == made
    assert {row.kind for row in rows} == set(KINDS)


def test_a_report_stands_with_its_provider_topic_and_rating(app: Flask) -> None:
    review, provider = shown_review(rating=2), make_provider()
    listing = review.listing
    unconfirmed(review)
    reported(review)
    reported(listing, kind="listing")
    reported(provider, kind="provider")
    rows = sorted(waiting_items(limit=100), key=lambda row: row.id)
    assert [(row.provider_id, row.topic_id, row.rating) for row in rows] == [
        (listing.provider_id, listing.topic_id, 2),
        (listing.provider_id, listing.topic_id, None),
        (provider.id, None, None),
    ]
