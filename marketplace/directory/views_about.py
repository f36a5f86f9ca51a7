"""How it works and the legal minimum."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("about", __name__)


@bp.get("/about/ranking/")
@access("public")
def ranking() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="ranking", text="")


@bp.get("/about/reviews/")
@access("public")
def reviews() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="reviews", text="")


@bp.get("/about/advertising/")
@access("public")
def advertising() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="advertising", text="")


@bp.get("/about/privacy/")
@access("public")
def privacy() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="privacy", text="")


@bp.get("/about/terms/")
@access("public")
def terms() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="terms", text="")


@bp.get("/about/contact/")
@access("public")
def contact() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="contact", text="")
