"""Writing a review and the member's reviews."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("reviews", __name__)


@bp.get("/account/reviews/")
@access("member")
def mine() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="mine", text="")


@bp.get("/account/reviews/new/")
@access("confirmed")
def write() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="write", text="")
