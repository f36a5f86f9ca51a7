"""The moderators' list of providers: from it each one's page, where it is suspended and reinstated."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from marketplace.core.errors import NotFound
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.undo_offer import undo_offer
from marketplace.moderation.queue.queries import count_providers, find_providers
from marketplace.providers.models import ProviderStatus
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("moderation_providers", __name__)
PAGE_SIZE = 50
TEXT_LENGTH = 200


@bp.get("/staff/providers/")
@access("moderator")
def providers() -> str:
    """Providers of any standing, by words and standing. Raises `NotFound` for a standing or place that is none."""
    text, status = request.args.get("q", "").strip()[:TEXT_LENGTH], request.args.get("status", "")
    if status and status not in list(ProviderStatus):
        raise NotFound("no_such_filter")
    after = requested_id("after")
    page = cursor_page(find_providers(text=text, status=status, after=after, limit=PAGE_SIZE + 1), PAGE_SIZE)
    return render_template(
        "moderation/queue/providers.html",
        rows=page.rows,
        more=page.next,
        after=after,
        text=text,
        status=status,
        statuses=ProviderStatus,
        total=count_providers(text=text, status=status),
        undo=undo_offer(),
        words=words,
    )
