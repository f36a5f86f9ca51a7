"""Which topics have listings: for `marketplace guides coverage` and the staff page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.models import Guide, Topic
from marketplace.public.offers.queries import listings_by_topic


@dataclass(frozen=True, slots=True)
class Share:
    """How many topics of a country or language have a listing."""

    name: str
    topics: int
    served: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """`topics` is a list of {key, country, languages, listings}, where listings is the number in the table."""

    topics: list[dict[str, Any]]

    @property
    def served(self) -> int:
        """The number of topics with a listing."""
        return sum(topic["listings"] > 0 for topic in self.topics)

    @property
    def unserved(self) -> int:
        """The number of topics without."""
        return len(self.topics) - self.served

    def by_country(self) -> list[Share]:
        """Shares by country."""
        return self._shares(lambda topic: [topic["country"]])

    def by_language(self) -> list[Share]:
        """Shares by language of the guides."""
        return self._shares(lambda topic: topic["languages"])

    def _shares(self, names: Callable[[dict[str, Any]], Iterable[str]]) -> list[Share]:
        counts: dict[str, list[int]] = {}
        for topic in self.topics:
            for name in names(topic):
                count = counts.setdefault(name, [0, 0])
                count[0] += 1
                count[1] += topic["listings"] > 0
        return [Share(name, *counts[name]) for name in sorted(counts)]


def coverage(today: date) -> Coverage:
    """Every topic that has a guide, with its languages and number of listings. Two queries."""
    listings = listings_by_topic(today)
    topics: dict[int, dict[str, Any]] = {}
    rows = db.session.execute(
        select(Topic.id, Topic.key, Topic.country, Guide.language)
        .join(Guide, Guide.topic_id == Topic.id)
        .where(Guide.shown)
        .distinct()
        .order_by(Topic.key, Guide.language)
    )
    for topic_id, key, country, language in rows:
        topic = topics.setdefault(
            topic_id, {"key": key, "country": country, "languages": [], "listings": listings.get(topic_id, 0)}
        )
        topic["languages"].append(language)
    return Coverage(list(topics.values()))
