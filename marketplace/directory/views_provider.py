"""Providers and one provider."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("provider_pages", __name__)


@bp.get("/providers/")
@access("public")
def providers() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="providers", text="")


@bp.get("/providers/<slug>/")
@access("public")
def provider(slug: str) -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="provider", text="")
