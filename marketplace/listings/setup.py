"""Registers the pages of listings, and what listings do when a provider or an account changes."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import before_erasure
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_offers_revision
from marketplace.guides.services import countries_of, raise_topic_revisions
from marketplace.listings.desk import views, views_actions, views_editing
from marketplace.listings.merging import move_listings
from marketplace.listings.models import Listing, ListingStatus
from marketplace.listings.queries import NEEDS, count_listings
from marketplace.listings.revisions import shown_topics
from marketplace.providers.membership import held_alone
from marketplace.providers.models import Provider
from marketplace.providers.signals import (
    desk_counts_requested,
    provider_changed,
    provider_claimed,
    provider_merged,
)

BLUEPRINTS = (views.bp, views_editing.bp, views_actions.bp)
# Somebody must be there for what clients can still see, or what a moderator is about to show.
KEPT_BY_MEMBERS = (ListingStatus.PUBLISHED, ListingStatus.PENDING, ListingStatus.PAUSED)


def invalidate_topic_pages(sender: type[Provider], *, provider: Provider) -> None:
    """A provider is shown on the pages of all topics that it has a published listing for, and in lists."""
    topic_ids = shown_topics(provider)
    raise_topic_revisions(topic_ids)
    raise_offers_revision(countries_of(topic_ids))


def forget_imported_rows(sender: type[Provider], *, provider: Provider, now: datetime) -> None:
    """The rows that a claimed provider came from no longer go back into their files. From now on somebody can reconfirm its
    listings, so they age like any other."""
    imported = select(Listing).where(Listing.provider_id == provider.id, Listing.rows.any())
    for listing in db.session.scalars(imported):
        listing.rows.clear()
        listing.confirmed_at = listing.confirmed_at or now


def count_needs(sender: type[Provider], *, provider: Provider, now: datetime) -> dict[str, int]:
    """How many listings need the provider to do something."""
    return {"listings": count_listings(provider, now=now, show=NEEDS)}


def keep_provider_managed(sender: object, *, user: User) -> None:
    """Raises `Conflict` (`only_member`, with `name`) where nobody else could answer for what a provider offers."""
    offers = select(Listing.id).where(Listing.status.in_(KEPT_BY_MEMBERS)).limit(1)
    for provider in held_alone(user):
        if db.session.scalar(offers.where(Listing.provider_id == provider.id)) is not None:
            raise Conflict("only_member", name=provider.name)


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    provider_changed.connect(invalidate_topic_pages)
    provider_claimed.connect(forget_imported_rows)
    desk_counts_requested.connect(count_needs)
    provider_merged.connect(move_listings)
    before_erasure.connect(keep_provider_managed)
