"""The moderators' desk: one queue and the decisions."""

from __future__ import annotations

from flask import Blueprint, render_template

from marketplace.security import access

bp = Blueprint("moderation", __name__)


@bp.get("/staff/")
@access("moderator")
def queue() -> str:
    """To be written."""
    return render_template("errors/error.html", status=200, title="queue", text="")
