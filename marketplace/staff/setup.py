"""Registers the admins' pages."""

from __future__ import annotations

from flask import Flask

from marketplace.staff import views, views_placements


def init(app: Flask) -> None:
    """Register blueprints."""
    app.register_blueprint(views.bp)
    app.register_blueprint(views_placements.bp)
