"""A listing with its reviews, comparisons, and the way out to a provider's site."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("listing_pages", __name__)


@bp.get("/guides/<country>/<stem>/<provider>/")
@access("public")
def listing(country: str, stem: str, provider: str) -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="listing", text="")


@bp.get("/compare/")
@access("public")
def compare() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="compare", text="")


@bp.get("/go/<int:listing_id>")
@access("public")
def go(listing_id: str) -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="go", text="")
