"""All providers as moderators look for them, whatever their standing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, or_, select

from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
from marketplace.i18n.languages import fold
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider
from marketplace.providers.websites import read_website

WORD_LIMIT = 8
BY_NAME = Provider.search_text  # begins with the name, without case and accents


def find_providers(
    *, text: str = "", status: str = "", after: int | None = None, limit: int = 50
) -> Sequence[Any]:
    """Providers whose name or website hold all words, by name, from the start or after the provider of an id: (id, name,
    host, status, created_at, listings), the last the number of published ones."""
    published = select(func.count(Listing.id)).where(
        Listing.provider_id == Provider.id, Listing.status == ListingStatus.PUBLISHED
    )
    query = _matching(text, status).add_columns(
        Provider.id,
        Provider.name,
        Provider.host,
        Provider.status,
        Provider.created_at,
        published.scalar_subquery().label("listings"),
    )
    if after is not None:
        last = select(BY_NAME).where(Provider.id == after).scalar_subquery()
        query = query.where(or_(last < BY_NAME, (last == BY_NAME) & (Provider.id > after)))
    return db.session.execute(query.order_by(BY_NAME, Provider.id).limit(limit)).all()


def count_providers(*, text: str = "", status: str = "") -> int:
    """How many providers match."""
    return db.session.scalar(_matching(text, status).add_columns(func.count(Provider.id))) or 0


def _matching(text: str, status: str) -> Select[Any]:
    query: Select[Any] = select().select_from(Provider)
    for word in text.split()[:WORD_LIMIT]:
        query = query.where(Provider.search_text.contains(_folded(word), autoescape=True))
    return query.where(Provider.status == status) if status else query


def _folded(word: str) -> str:
    """A word as it stands in what is searched; of a pasted address its host."""
    if "://" in word:
        try:
            return fold(read_website(word).host)
        except Invalid:
            pass
    return fold(word)
