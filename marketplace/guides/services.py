"""Changes to topics that other features need."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import update

from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.guides.models import Topic


def raise_topic_revision(topic_id: int) -> None:
    """Count a change that shows on a topic's pages (and so on site-wide ones); in the caller's transaction."""
    db.session.execute(update(Topic).where(Topic.id == topic_id).values(revision=Topic.revision + 1))
    raise_site_revision()


def raise_topic_revisions(topic_ids: Collection[int], *, site: bool = True) -> None:
    """Count a change that shows on several topics' pages; with `site` also on site-wide ones."""
    if topic_ids:
        db.session.execute(update(Topic).where(Topic.id.in_(topic_ids)).values(revision=Topic.revision + 1))
    if site:
        raise_site_revision()


def raise_all_topic_revisions() -> None:
    """Count a change that may show on every topic's pages, such as new exchange rates."""
    db.session.execute(update(Topic).values(revision=Topic.revision + 1))
    raise_site_revision()
