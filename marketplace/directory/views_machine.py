"""For crawlers: sitemap and robots."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("machine", __name__)


@bp.get("/sitemap.xml")
@access("machine")
def sitemap() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="sitemap", text="")


@bp.get("/robots.txt")
@access("machine")
def robots() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="robots", text="")
