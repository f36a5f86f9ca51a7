"""Registers the pages of providers and what a member's export says about them."""

from __future__ import annotations

from flask import Flask

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import before_erasure, export_requested
from marketplace.providers import privacy
from marketplace.providers.desk import views
from marketplace.providers.membership import providers_of, same_owner
from marketplace.providers.signals import invalidate_provider


def forget_owner(sender: object, *, user: User) -> None:
    """Pages say which providers have the same owner: without this member they may not any more."""
    for provider in providers_of(user):
        if same_owner(provider.id):
            invalidate_provider(provider)


def init(app: Flask) -> None:
    """Register blueprints and receivers."""
    app.register_blueprint(views.bp)
    export_requested.connect(privacy.own_providers)
    before_erasure.connect(forget_owner)
