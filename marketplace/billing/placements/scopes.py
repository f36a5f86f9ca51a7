"""Scopes: where a placement is shown, at the top of a topic's table or of a country's page; their labels and orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_revisions
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles
from marketplace.guides.services import raise_topic_revisions
from marketplace.i18n.names import country_name
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider


def topic_scope(topic_id: int) -> str:
    """The scope of a topic's table."""
    return f"topic:{topic_id}"


def country_scope(country: str) -> str:
    """The scope of a country's page; `country` is the folder."""
    return f"country:{country}"


def topic_of(scope: str) -> int | None:
    """The topic's id, or None for a country."""
    kind, _, rest = scope.partition(":")
    return int(rest) if kind == "topic" else None


@dataclass(frozen=True, slots=True)
class ScopeLabel:
    """The name of a scope in `language`: the guide's title or the country's name. `stem` is None for a country, and for a
    topic without guides."""

    name: str
    language: str
    country: str
    stem: str | None
    is_topic: bool


@dataclass(frozen=True, slots=True)
class PlacementOrder:
    """What is to be featured: a listing on its topic's page, or the provider on a country's page."""

    provider: Provider
    country: str
    scope: str
    listing: Listing | None

    @property
    def listing_id(self) -> int | None:
        """The listing's id, None for a country."""
        return self.listing.id if self.listing is not None else None

    @property
    def columns(self) -> dict[str, Any]:
        """The order as columns of a placement or of a waiting entry."""
        return {
            "scope": self.scope,
            "provider_id": self.provider.id,
            "listing_id": self.listing_id,
            "country": self.country,
        }


def listing_order(provider: Provider, listing: Listing) -> PlacementOrder:
    """A listing on top of its topic's table."""
    return PlacementOrder(provider, listing.topic.country, topic_scope(listing.topic_id), listing)


def country_order(provider: Provider, country: str) -> PlacementOrder:
    """A provider on top of a country's page."""
    return PlacementOrder(provider, country, country_scope(country), None)


def scope_label(scope: str, language: str) -> ScopeLabel:
    """The label of one scope."""
    return scope_labels([scope], language)[scope]


def scope_labels(scopes: list[str], language: str) -> dict[str, ScopeLabel]:
    """The labels of scopes; at most two queries."""
    ids = [topic_id for scope in scopes if (topic_id := topic_of(scope)) is not None]
    titles = guide_titles(ids, language) if ids else {}
    found = {}
    for scope in scopes:
        topic_id = topic_of(scope)
        if topic_id is None:
            folder = scope.partition(":")[2]
            found[scope] = ScopeLabel(country_name(folder, language), language, folder, None, False)
        elif (guide := titles.get(topic_id)) is not None:
            found[scope] = ScopeLabel(guide.title, guide.language, guide.country, guide.stem, True)
        else:
            topic = db.session.get(Topic, topic_id)
            if topic is None:
                raise NotFound
            found[scope] = ScopeLabel(topic.key, "en", topic.country, None, True)
    return found


def invalidate_scope(scope: str) -> None:
    """Invalidate the pages that show a scope's placements; in the caller's transaction.

    Call it before changing a placement: all writers lock these rows in one order.
    """
    topic_id = topic_of(scope)
    if topic_id is None:
        raise_revisions(scope)  # `country:spain` is also the name of the country's revision
    else:
        raise_topic_revisions([topic_id])
