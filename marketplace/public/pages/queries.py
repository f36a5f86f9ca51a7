"""What the public lists ask: how many procedures and providers a country has, what is newly served, who matches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, Topic
from marketplace.guides.queries import matching_guides
from marketplace.i18n.languages import fold
from marketplace.listings.freshness import fresh_on
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider
from marketplace.public.offers.offers import SHOWN_PROVIDERS

PAGE_SIZE = 30
WORD_LIMIT = 8


def _shown(today: date) -> tuple[Any, ...]:
    """What stands in a table."""
    fresh = fresh_on(Listing.confirmed_at, today)
    return (Listing.status == "published", Provider.status.in_(SHOWN_PROVIDERS), fresh)


def listings_by_topic(today: date, country: str | None = None) -> dict[int, int]:
    """How many listings each served topic shows."""
    query = (
        select(Listing.topic_id, func.count(Listing.id))
        .join(Provider, Provider.id == Listing.provider_id)
        .where(*_shown(today))
        .group_by(Listing.topic_id)
    )
    if country:
        query = query.join(Topic, Topic.id == Listing.topic_id).where(Topic.country == country)
    return {topic_id: count for topic_id, count in db.session.execute(query)}


def providers_by_country(today: date) -> dict[str, int]:
    """How many providers have a shown listing in each country."""
    return {
        country: count
        for country, count in db.session.execute(
            select(Topic.country, func.count(Listing.provider_id.distinct()))
            .join(Listing, Listing.topic_id == Topic.id)
            .join(Provider, Provider.id == Listing.provider_id)
            .where(*_shown(today))
            .group_by(Topic.country)
        )
    }


def newly_served(language: str, today: date, limit: int = 6) -> Sequence[Any]:
    """The guides in a language whose topics got a listing last: (country, stem, title, listings, newest)."""
    newest = func.max(Listing.published_at).label("newest")
    return db.session.execute(
        select(
            Guide.country,
            Guide.stem,
            Guide.title,
            func.count(Listing.id.distinct()).label("listings"),
            newest,
        )
        .join(Listing, Listing.topic_id == Guide.topic_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Guide.language == language, Guide.retired_at.is_(None), *_shown(today))
        .group_by(Guide.id, Guide.country, Guide.stem, Guide.title)
        .order_by(newest.desc(), Guide.id)
        .limit(limit)
    ).all()


def search_words(text: str) -> list[str]:
    """The words of a search as they are compared."""
    return fold(text).split()[:WORD_LIMIT]


def find_guides(language: str, text: str, country: str | None, page: int) -> tuple[Sequence[Any], int]:
    """A page of matching guides, titles that start with the words first, and how many match in all."""
    words = search_words(text)
    found = matching_guides(language, words, country).subquery()
    begins = found.c.search_text.startswith(" ".join(words), autoescape=True)
    first = case((begins, 0), else_=1)
    total = db.session.scalar(select(func.count()).select_from(found)) or 0
    rows = db.session.execute(
        select(found.c.topic_id, found.c.country, found.c.stem, found.c.title, found.c.description)
        .order_by(first, found.c.title, found.c.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    ).all()
    return rows, total


def _providers(text: str, country: str | None) -> Select[Any]:
    columns: tuple[Any, ...] = (
        *(Provider.id, Provider.slug, Provider.name, Provider.host, Provider.status),
        *(Provider.description, Provider.languages, Provider.countries, Provider.warned_at),
    )
    query = select(*columns).where(Provider.status.in_(SHOWN_PROVIDERS))
    for word in search_words(text):
        query = query.where(Provider.search_text.contains(word, autoescape=True))
    if country:
        serving = select(Listing.provider_id).join(Topic, Topic.id == Listing.topic_id)
        query = query.where(
            Provider.id.in_(serving.where(Topic.country == country, Listing.status == "published"))
        )
    return query


def find_providers(
    text: str, country: str | None, page: int, limit: int = PAGE_SIZE
) -> tuple[Sequence[Any], int]:
    """A page of shown providers whose name or website contain all words, by name, and how many there are in all."""
    query = _providers(text, country)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(
        query.order_by(Provider.name, Provider.id).limit(limit).offset((page - 1) * limit)
    ).all()
    return rows, total


def shown_provider(slug: str) -> Any:
    """A provider that may be shown, as columns. Raises `NotFound`."""
    row = db.session.execute(
        select(
            Provider.id,
            Provider.slug,
            Provider.name,
            Provider.website,
            Provider.host,
            Provider.status,
            Provider.description,
            Provider.languages,
            Provider.countries,
            Provider.created_at,
            Provider.warned_at,
            Provider.flags_made,
            Provider.flags_upheld,
            Provider.flags_dismissed,
            Provider.revision,
        ).where(Provider.slug == slug, Provider.status.in_(SHOWN_PROVIDERS))
    ).first()
    if row is None:
        raise NotFound
    return row


def provider_countries(today: date) -> list[str]:
    """Countries that have a shown listing."""
    return sorted(providers_by_country(today))


def sitemap_guides(language: str) -> Sequence[Any]:
    """(country, stem) of every guide in a language."""
    return db.session.execute(
        select(Guide.country, Guide.stem)
        .where(Guide.language == language, Guide.retired_at.is_(None))
        .order_by(Guide.country, Guide.stem)
    ).all()
