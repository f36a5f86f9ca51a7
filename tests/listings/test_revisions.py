"""Counting changes, and holding what is changed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.revisions import OFFERS, revision_of
from marketplace.listings.models import Listing
from marketplace.listings.revisions import bump_listing_version, invalidate_provider_pages
from marketplace.providers.models import Provider
from marketplace.providers.signals import bump_provider_version, invalidate_all_provider_pages
from tests.factories import make_listing, make_provider, make_topic


@pytest.mark.parametrize("kind", [Listing, Provider])
def test_who_adds_a_row_that_points_to_a_held_one_does_not_wait(app: Flask, kind: Any) -> None:
    """The lock that a foreign key takes, asked for without waiting: else whoever holds both in turn ends in a deadlock."""
    listing = make_listing(make_topic())
    number = listing.id if kind is Listing else listing.provider_id
    db.session.commit()
    lock_row(db.session.get_one(kind, number))
    pointing = select(kind.id).where(kind.id == number)
    with db.engine.connect() as other:
        assert other.scalar(pointing.with_for_update(read=True, key_share=True, nowait=True)) == number


def test_a_shown_change_counts_for_topic_and_provider_and_in_lists_where_they_count_it(app: Flask) -> None:
    listing = make_listing(make_topic())
    bump_listing_version(listing, shown=False)
    assert (listing.version, listing.topic.revision, revision_of(OFFERS)) == (2, 1, 0)
    bump_listing_version(listing, shown=True)
    assert revision_of(OFFERS) == 0
    bump_listing_version(listing, shown=True, counted_anew=True)
    db.session.flush()
    db.session.refresh(listing.topic)
    db.session.refresh(listing.provider)
    assert (listing.version, listing.topic.revision, listing.provider.revision, revision_of(OFFERS)) == (
        4,
        3,
        2,
        1,
    )


def test_a_providers_change_counts_for_the_topics_in_whose_tables_it_stands(app: Flask) -> None:
    provider, shown, hidden = make_provider(), make_topic(), make_topic()
    make_listing(shown, provider)
    make_listing(hidden, provider, status="paused")
    bump_provider_version(provider)
    for row in (provider, shown, hidden):
        db.session.refresh(row)
    assert (provider.version, provider.revision, shown.revision, hidden.revision) == (2, 1, 2, 1)


def test_a_locked_row_is_as_the_database_has_it_now(app: Flask) -> None:
    listing = make_listing(make_topic())
    db.session.execute(
        db.update(Listing).values(status="paused").execution_options(synchronize_session=False)
    )
    assert lock_row(listing).status == "paused"


def test_a_row_that_is_gone_cannot_be_locked(app: Flask) -> None:
    listing = make_listing(make_topic())
    db.session.execute(db.delete(Listing).execution_options(synchronize_session=False))
    with pytest.raises(Conflict, match="gone"):
        lock_row(listing)


def test_the_providers_of_some_topics_or_all_providers_are_told(app: Flask) -> None:
    topic, idle = make_topic(), make_provider()
    busy = make_listing(topic).provider
    invalidate_provider_pages([topic.id])
    invalidate_all_provider_pages()
    db.session.refresh(busy)
    db.session.refresh(idle)
    assert (busy.revision, idle.revision) == (2, 1)
