"""Registers the pages, tasks and receivers of reviews."""

from __future__ import annotations

from flask import Flask
from flask_security.signals import user_authenticated, user_registered

from marketplace.accounts.privacy.signals import account_erased, export_requested
from marketplace.accounts.services import name_changed
from marketplace.listings.signals import listing_merged
from marketplace.providers.signals import (
    desk_needs_requested,
    merge_problems_requested,
    provider_merged,
)
from marketplace.reviews import merging, privacy
from marketplace.reviews.invitations import privacy as invitation_privacy
from marketplace.reviews.invitations import tasks as invitation_tasks
from marketplace.reviews.invitations import views as invitation_views
from marketplace.reviews.invitations import views_client
from marketplace.reviews.proofs import views as proof_views
from marketplace.reviews.ratings import services as rating_services
from marketplace.reviews.receipts import views as receipt_views
from marketplace.reviews.replies import views as reply_views
from marketplace.reviews.risk import services as risk_services
from marketplace.reviews.risk import sightings
from marketplace.reviews.votes import views as vote_views
from marketplace.reviews.writing import drafts, views, views_edits
from marketplace.reviews.writing.services import show_new_name

BLUEPRINTS = (
    views.bp,
    views_edits.bp,
    reply_views.bp,
    vote_views.bp,
    proof_views.bp,
    receipt_views.bp,
    invitation_views.bp,
    views_client.bp,
)
# These register their tasks when they are imported.
TASKS = (drafts, rating_services, risk_services, invitation_tasks)


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    export_requested.connect(privacy.export_reviews)
    export_requested.connect(invitation_privacy.export_invitations)
    export_requested.connect(drafts.export_drafts)
    account_erased.connect(privacy.erase_reviews)
    account_erased.connect(invitation_privacy.erase_invitations)
    user_registered.connect(sightings.seen_at_registration, app)
    user_authenticated.connect(sightings.seen_at_sign_in, app)
    name_changed.connect(show_new_name)
    desk_needs_requested.connect(reply_views.review_needs)
    merge_problems_requested.connect(merging.merge_problems)
    listing_merged.connect(merging.move_reviews)
    provider_merged.connect(merging.move_replies)
