"""Registers the pages, tasks, kinds and receivers of moderation, and what templates can ask it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask import Flask
from flask_login import current_user
from sqlalchemy import update
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.accounts.privacy.signals import before_erasure, export_requested
from marketplace.core.extensions import db, now
from marketplace.listings.models import Listing
from marketplace.listings.signals import listing_merged
from marketplace.moderation import kinds, privacy
from marketplace.moderation.appeals import views as appeal_views
from marketplace.moderation.appeals.queries import appeal_states
from marketplace.moderation.bulk import views as bulk_views
from marketplace.moderation.decisions import tasks as decision_tasks
from marketplace.moderation.decisions import views as decision_views
from marketplace.moderation.decisions.log import log_action
from marketplace.moderation.decisions.registry import register
from marketplace.moderation.models import Appeal, Flag
from marketplace.moderation.queue import views as queue_views
from marketplace.moderation.queue import views_proofs, views_providers
from marketplace.moderation.queue.queries import queue_count
from marketplace.moderation.reports import tasks as report_tasks
from marketplace.moderation.reports import views as report_views
from marketplace.providers.models import Provider
from marketplace.providers.signals import provider_merged

BLUEPRINTS = (
    queue_views.bp,
    views_providers.bp,
    views_proofs.bp,
    report_views.bp,
    appeal_views.bp,
    bulk_views.bp,
    decision_views.bp,
)
TASKS = (report_tasks, decision_tasks)  # each registers its tasks when it is imported


def init(app: Flask) -> None:
    """Register blueprints, kinds, receivers and template functions."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    register(*kinds.KINDS)
    export_requested.connect(privacy.own_matters)
    before_erasure.connect(privacy.forget_reporter)
    provider_merged.connect(move_matters)
    listing_merged.connect(move_matters_of_listing)
    app.add_template_global(own_appeal_states, "appeal_states")
    app.add_template_global(queue_count)


def move_matters(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Reports and appeals that concern a provider that turned out to be another one concern that one. The log says who
    became whom: what was decided on either is read as one record."""
    for column in (Flag.provider_id, Flag.by_provider_id, Appeal.provider_id):
        _point(column, gone.id, into.id)
    log_action("merge", "provider", gone.id, actor_id=None, at=now)
    log_action("merge_into", "provider", into.id, actor_id=None, at=now)


def move_matters_of_listing(sender: type[Listing], *, gone: Listing, into: Listing, now: datetime) -> None:
    """The same for a listing."""
    for column in (Flag.listing_id, Appeal.listing_id):
        _point(column, gone.id, into.id)


def _point(column: InstrumentedAttribute[Any], gone: int, into: int) -> None:
    moved = update(column.class_).where(column == gone).values({column: into})
    db.session.execute(moved.execution_options(synchronize_session="fetch"))


def own_appeal_states(kind: str, ids: Collection[int]) -> dict[int, str]:
    """Those of the subjects of a kind whose last decision the signed-in member can appeal against (`open`), or somebody has
    (`made`)."""
    return appeal_states(kind, ids, current_user, now()) if current_user.is_authenticated else {}
