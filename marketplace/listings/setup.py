"""Registers the pages of listings."""

from __future__ import annotations

from flask import Flask

from marketplace.listings.desk import views, views_actions, views_editing

BLUEPRINTS = (views.bp, views_editing.bp, views_actions.bp)


def init(app: Flask) -> None:
    """Register blueprints."""
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)
