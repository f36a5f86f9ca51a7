"""The provider's desk: listings."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("manage", __name__)


@bp.get("/manage/")
@access("member")
def overview() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="overview", text="")
