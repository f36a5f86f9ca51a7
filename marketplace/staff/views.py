"""Admins' pages."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("staff", __name__)


@bp.get("/staff/coverage/")
@access("moderator")
def coverage() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="coverage", text="")
