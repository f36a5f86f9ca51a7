"""Registers the pages, tasks and receivers of reviews."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.privacy.signals import account_erased, export_requested
from marketplace.accounts.services import name_changed
from marketplace.listings.signals import listing_terms_changed
from marketplace.providers.signals import desk_needs_requested
from marketplace.reviews import erasure, privacy
from marketplace.reviews.invitations import privacy as invitation_privacy
from marketplace.reviews.invitations import tasks as invitation_tasks
from marketplace.reviews.invitations import views as invitation_views
from marketplace.reviews.invitations import views_client
from marketplace.reviews.proofs import tasks as proof_tasks
from marketplace.reviews.proofs import views as proof_views
from marketplace.reviews.ratings import recomputation
from marketplace.reviews.receipts import views as receipt_views
from marketplace.reviews.replies import needs
from marketplace.reviews.replies import views as reply_views
from marketplace.reviews.risk import tasks as risk_tasks
from marketplace.reviews.votes import tasks as vote_tasks
from marketplace.reviews.votes import views as vote_views
from marketplace.reviews.writing import authors, views, views_edits

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
# Each registers its tasks when it is imported.
TASKS = (risk_tasks, vote_tasks, proof_tasks, invitation_tasks)


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
    export_requested.connect(privacy.own_reviews)
    export_requested.connect(invitation_privacy.own_invitations)
    account_erased.connect(erasure.leave_reviews)
    account_erased.connect(invitation_privacy.forget_client)
    name_changed.connect(authors.show_new_name)
    listing_terms_changed.connect(recomputation.compare_anew)
    desk_needs_requested.connect(needs.review_needs)
