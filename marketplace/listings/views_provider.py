"""The provider's desk: registering a provider and its profile."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("manage_provider", __name__)


@bp.get("/manage/register/")
@access("confirmed")
def register() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="register", text="")
