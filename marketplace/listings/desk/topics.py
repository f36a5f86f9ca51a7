"""The topics that a provider chooses from for a new listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles, has_guide, naming_title, topics_with_words
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import SHOWN_PROVIDERS, Provider

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic to choose: its title and the title's language, how many offer it, our own listing of it if any, and
    whether the provider serves its country."""

    key: str
    country: str
    title: str
    language: str
    offers: int
    own_listing_id: int | None
    is_served: bool


def topic_choices(
    provider: Provider,
    *,
    language: str,
    text: str,
    country: str | None,
    now: datetime,
    page: int = 1,
    limit: int = PAGE_SIZE,
) -> tuple[list[TopicChoice], int]:
    """A page of the topics whose guide in any language holds all words, and their number: those of the provider's countries
    first, then by title in the reader's language."""
    query = select(Topic.id, Topic.key, Topic.country).where(has_guide())
    if country:
        query = query.where(Topic.country == country)
    matching = topics_with_words(text)
    if matching is not None:
        query = query.where(Topic.id.in_(matching))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    served = case((Topic.country.in_(provider.countries), 0), else_=1)
    ordered = query.order_by(served, naming_title(language), Topic.country, Topic.key)
    topics = db.session.execute(ordered.limit(limit).offset((page - 1) * limit)).all()
    ids = [topic.id for topic in topics]
    titles, offers, own = guide_titles(ids, language), _offers(ids, now), _own(provider, ids)
    choices = [
        TopicChoice(
            key=topic.key,
            country=topic.country,
            title=titles[topic.id].title,
            language=titles[topic.id].language,
            offers=offers.get(topic.id, 0),
            own_listing_id=own.get(topic.id),
            is_served=topic.country in provider.countries,
        )
        for topic in topics
    ]
    return choices, total


def _offers(topic_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """How many stand in the tables: those that are too old left them."""
    query = (
        select(Listing.topic_id, func.count(Listing.id))
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Listing.status == ListingStatus.PUBLISHED, Provider.status.in_(SHOWN_PROVIDERS))
        .where(fresh_on(Listing.confirmed_at, now.date()))
        .where(Listing.topic_id.in_(topic_ids))
        .group_by(Listing.topic_id)
    )
    return {topic_id: count for topic_id, count in db.session.execute(query)}


def _own(provider: Provider, topic_ids: Sequence[int]) -> dict[int, int]:
    query = select(Listing.topic_id, Listing.id).where(
        Listing.provider_id == provider.id, Listing.topic_id.in_(topic_ids)
    )
    return {topic_id: listing_id for topic_id, listing_id in db.session.execute(query)}
