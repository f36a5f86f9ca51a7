"""Queries of the public lists: providers by country, new guides with providers, search results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, select

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, Topic
from marketplace.guides.queries import LISTED, matching_guides
from marketplace.i18n.locales import fold_text
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import SHOWN_PROVIDERS, TRADER_LENGTHS, Provider
from marketplace.public.offers.queries import listings_in_tables

PAGE_SIZE = 30
WORD_LIMIT = 8


def providers_by_country(today: date) -> dict[str, int]:
    """The number of providers with a listing in each country."""
    rows = db.session.execute(
        select(Topic.country, func.count(Listing.provider_id.distinct()))
        .join(Listing, Listing.topic_id == Topic.id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(*listings_in_tables(today))
        .group_by(Topic.country)
    )
    return {country: count for country, count in rows}


def newly_served(language: str, today: date, limit: int = 6) -> Sequence[Any]:
    """The guides in a language whose topics have the newest listings: (country, stem, title, listings, newest)."""
    newest = func.max(Listing.published_at).label("newest")
    return db.session.execute(
        select(
            *(Guide.country, Guide.stem, Guide.title),
            func.count(Listing.id.distinct()).label("listings"),
            newest,
        )
        .join(Listing, Listing.topic_id == Guide.topic_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Guide.language == language, *LISTED, *listings_in_tables(today))
        .group_by(Guide.id, Guide.country, Guide.stem, Guide.title)
        .order_by(newest.desc(), Guide.id)
        .limit(limit)
    ).all()


def search_words(text: str) -> list[str]:
    """The folded words of a search text."""
    return fold_text(text).split()[:WORD_LIMIT]


def find_guides(language: str, text: str, country: str | None, page: int) -> tuple[Sequence[Any], int]:
    """A page of matching guides, those whose title starts with the words first, and the total number of matches."""
    words = search_words(text)
    found = matching_guides(language, words, country).subquery()
    begins = found.c.search_text.startswith(" ".join(words), autoescape=True)
    first = case((begins, 0), else_=1)
    total = db.session.scalar(select(func.count()).select_from(found)) or 0
    rows = db.session.execute(
        select(found.c.topic_id, found.c.country, found.c.stem, found.c.title, found.c.description)
        .order_by(first, found.c.sort_title, found.c.id)
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
            Provider.id.in_(
                serving.where(Topic.country == country, Listing.status == ListingStatus.PUBLISHED)
            )
        )
    return query


def find_providers(
    text: str, country: str | None, page: int, limit: int = PAGE_SIZE
) -> tuple[Sequence[Any], int]:
    """A page of shown providers whose name or website contains all words, by name, and the total number of matches."""
    query = _providers(text, country)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = db.session.execute(
        query.order_by(Provider.sort_name, Provider.id).limit(limit).offset((page - 1) * limit)
    ).all()
    return rows, total


def shown_provider(slug: str) -> Any:
    """The columns of a provider's page. Raises `NotFound` if the provider is not shown."""
    row = db.session.execute(
        select(
            *(Provider.id, Provider.slug, Provider.name, Provider.website, Provider.host, Provider.status),
            *(Provider.description, Provider.languages, Provider.countries, Provider.created_at),
            *(Provider.warned_at, Provider.flags_made, Provider.flags_upheld, Provider.flags_dismissed),
            *(getattr(Provider, name) for name in ("trader", *TRADER_LENGTHS)),
            Provider.revision,
        ).where(Provider.slug == slug, Provider.status.in_(SHOWN_PROVIDERS))
    ).first()
    if row is None:
        raise NotFound
    return row


def translations(guides: Iterable[Any], language: str) -> list[Any]:
    """The first guide in each language other than `language`, from the guides of a topic."""
    first: dict[str, Any] = {}
    for guide in guides:
        first.setdefault(guide.language, guide)
    return [guide for tag, guide in first.items() if tag != language]


def guide_address(guide: Any) -> dict[str, Any]:
    """What `url_for` needs to build the address of a guide's page in its language."""
    return {"country": guide.country, "stem": guide.stem, "_language": guide.language}
