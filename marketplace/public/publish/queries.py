"""Loads the guides and offers to publish, with a few queries for the whole corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.listings.models import ListingRow
from marketplace.public.offers import ranking
from marketplace.public.offers.models import Offer
from marketplace.public.offers.queries import select_offers, to_offers


@dataclass(slots=True)
class PublishedGuide:
    """A guide to publish. `raw_rows` maps listing ids to the file's own rows, in their order; `written` are the digests of
    rows that we wrote."""

    guide_id: int
    topic_key: str
    language: str
    original_rows: bytes | None
    raw_rows: dict[int, bytes] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)


def load_published_guides() -> dict[tuple[str, str, str], PublishedGuide]:
    """All guides that are not retired, by (language, country, stem)."""
    guides: dict[tuple[str, str, str], PublishedGuide] = {}
    by_id: dict[int, PublishedGuide] = {}
    rows = db.session.execute(
        select(Guide.id, Topic.key, Guide.language, GuideFile.original_rows, Guide.country, Guide.stem)
        .join(Topic, Topic.id == Guide.topic_id)
        .join(GuideFile, GuideFile.guide_id == Guide.id)
        .where(Guide.retired_at.is_(None))
    )
    for guide_id, key, language, original, country, stem in rows:
        guide = PublishedGuide(guide_id, key, language, original)
        guides[(language, country, stem)] = by_id[guide_id] = guide
    for guide_id, digest in db.session.execute(select(PublishedRows.guide_id, PublishedRows.digest)):
        if guide_id in by_id:
            by_id[guide_id].written.add(digest)
    raw = select(ListingRow.guide_id, ListingRow.listing_id, ListingRow.raw)
    for guide_id, listing_id, line in db.session.execute(
        raw.order_by(ListingRow.guide_id, ListingRow.position)
    ):
        if guide_id in by_id:
            by_id[guide_id].raw_rows[listing_id] = line
    return guides


def load_offers(today: date) -> dict[str, list[Offer]]:
    """The offers of each topic in the order of its table, by topic key: featured first, each listing once."""
    by_topic: dict[int, list[Offer]] = {}
    for offer in to_offers(db.session.execute(select_offers(today)).all(), today):
        by_topic.setdefault(offer.topic_id, []).append(offer)
    keys = {row.id: row.key for row in db.session.execute(select(Topic.id, Topic.key))}
    return {
        keys[topic_id]: ranking.featured_first(ranking.earned_order(offers, today), today)
        for topic_id, offers in by_topic.items()
    }
