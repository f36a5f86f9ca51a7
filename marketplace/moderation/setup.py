"""Registers the pages, tasks and receivers of moderation."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.contested import contest_asked
from marketplace.accounts.privacy.signals import data_asked, parting
from marketplace.moderation import privacy
from marketplace.moderation.appeals import links
from marketplace.moderation.appeals import views as appeal_views
from marketplace.moderation.bulk import views as bulk_views
from marketplace.moderation.decisions import undoing, views_undo
from marketplace.moderation.queue import views as queue_views
from marketplace.moderation.queue import views_proofs, views_providers
from marketplace.moderation.reports import tasks
from marketplace.moderation.reports import views as report_views

BLUEPRINTS = (
    queue_views.bp,
    views_providers.bp,
    views_proofs.bp,
    report_views.bp,
    appeal_views.bp,
    bulk_views.bp,
    views_undo.bp,
)
TASKS = (tasks, undoing)  # each registers its tasks when it is imported


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    data_asked.connect(privacy.own_matters)
    parting.connect(privacy.forget_reporter)
    parting.connect(privacy.forget_undos_of)
    contest_asked.connect(links.appeal_state)
