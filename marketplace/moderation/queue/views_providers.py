"""The moderators' list of providers: from it each one's page, where it is suspended and reinstated."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from marketplace.core.errors import NotFound
from marketplace.moderation.decisions.undo_offer import undo_offer
from marketplace.moderation.queue import labels as words
from marketplace.moderation.queue.queries import count_providers, find_providers
from marketplace.providers.models import PROVIDER_STATUSES
from marketplace.web.security import access

bp = Blueprint("moderation_providers", __name__)
PAGE_SIZE = 50
TEXT_LENGTH = 200


@bp.get("/staff/providers/")
@access("moderator")
def providers() -> str:
    """Providers of any standing, by words and standing. Raises `NotFound` for a standing or place that is none."""
    text, status = request.args.get("q", "").strip()[:TEXT_LENGTH], request.args.get("status", "")
    if status and status not in PROVIDER_STATUSES:
        raise NotFound("no_such_filter")
    after = _requested_cursor()
    rows = find_providers(text=text, status=status, after=after, limit=PAGE_SIZE + 1)
    return render_template(
        "moderation/queue/providers.html",
        rows=rows[:PAGE_SIZE],
        more=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None,
        after=after,
        text=text,
        status=status,
        statuses=PROVIDER_STATUSES,
        total=count_providers(text=text, status=status),
        undo=undo_offer(),
        words=words,
    )


def _requested_cursor() -> int | None:
    text = request.args.get("after", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFound("no_such_page")
    return int(text) if text else None
