"""The topics that a provider chooses from for a new listing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles, has_guide, topics_with_words
from marketplace.i18n.collation import sort_key
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import SHOWN_PROVIDERS, Provider


@dataclass(frozen=True, slots=True)
class TopicChoice:
    """A topic to choose: its title and the title's language, how many offer it, and our own listing of it if any."""

    key: str
    country: str
    title: str
    language: str
    offers: int
    own_listing_id: int | None


def topic_choices(
    provider: Provider, *, language: str, text: str, country: str | None, now: datetime
) -> list[TopicChoice]:
    """The topics whose guide in any language holds all words, by title in the reader's language."""
    query = select(Topic.id, Topic.key, Topic.country).where(has_guide())
    if country:
        query = query.where(Topic.country == country)
    matching = topics_with_words(text)
    if matching is not None:
        query = query.where(Topic.id.in_(matching))
    topics = db.session.execute(query).all()
    ids = [topic.id for topic in topics]
    titles, offers, own = guide_titles(ids, language), _offers(ids, now), _own(provider)
    choices = [
        TopicChoice(
            key=topic.key,
            country=topic.country,
            title=titles[topic.id].title,
            language=titles[topic.id].language,
            offers=offers.get(topic.id, 0),
            own_listing_id=own.get(topic.id),
        )
        for topic in topics
    ]
    return sorted(choices, key=lambda choice: (sort_key(choice.title, language), choice.country, choice.key))


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


def _own(provider: Provider) -> dict[int, int]:
    query = select(Listing.topic_id, Listing.id).where(Listing.provider_id == provider.id)
    return {topic_id: listing_id for topic_id, listing_id in db.session.execute(query)}
