"""The public ledger of decisions, as a page and as CSV, with all grounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.core.revisions import site_revision
from marketplace.moderation.decisions.grounds import GROUNDS, LATER_GROUNDS, find_ground
from marketplace.moderation.ledger import queries as ledger
from marketplace.moderation.ledger.labels import asker_word, ledger_kind
from marketplace.moderation.queue.labels import action_word
from marketplace.public.offers.labels import page_languages
from marketplace.values.csv import csv_text
from marketplace.web.page_cache import public_page
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("decisions", __name__)
PAGE_SIZE = 50
MONTHS_SHOWN = 24
COLUMNS = ("month", "day", "kind", "action", "ground", "asked_by", "stars")


@bp.get("/about/decisions/")
@access("public")
@public_page(site_revision)
def about() -> str:
    """By month, one by one, and the grounds."""
    today, before = now().date(), requested_id("before")
    months = ledger.monthly(today) if before is None else []
    page = cursor_page(ledger.entries(today, before=before, limit=PAGE_SIZE + 1), PAGE_SIZE)
    return render_template(
        "public/about/decisions.html",
        page_languages=page_languages(lambda tag: url_for("decisions.about", _language=tag)),
        months=months[:MONTHS_SHOWN],
        years=_years(months),
        bands=ledger.STAR_BANDS,
        rated_from=ledger.RATED_FROM,
        rows=page.rows,
        more=page.next,
        later=before is not None,
        grounds=_grounds(),
        find_ground=find_ground,
        action_word=action_word,
        asker_word=asker_word,
        ledger_kind=ledger_kind,
    )


@bp.get("/about/decisions.csv")
@access("public")
@public_page(site_revision)
def table() -> Response:
    """The decisions of a year, up to yesterday: codes, no words."""
    today = now().date()
    rows = (
        (
            row.decided_at.strftime("%Y-%m"),
            row.decided_at.date().isoformat(),
            row.subject,
            row.action,
            row.ground or "",
            row.asked_by,
            "-".join(map(str, band)) if (band := ledger.band_of(row.rating)) else "",
        )
        for row in ledger.entries_of_year(today, _asked_year(today))
    )
    return Response(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")


def _grounds() -> list[tuple[str, list[Any]]]:
    """The grounds by the kind that they are for, each once."""
    found: dict[str, dict[str, Any]] = {}
    pairs = [*GROUNDS.items(), *((kind, grounds) for (kind, _), grounds in LATER_GROUNDS.items())]
    for kind, grounds in pairs:
        found.setdefault(ledger_kind(kind), {}).update({ground.code: ground for ground in grounds})
    return [(name, list(grounds.values())) for name, grounds in found.items()]


def _years(months: list[ledger.Month]) -> list[int]:
    return list(dict.fromkeys(month.start.year for month in months))


def _asked_year(today: date) -> int:
    """The year that is asked for, by default yesterday's. Raises `NotFound` for what is none of those told."""
    text = request.args.get("year")
    if text is None:
        return (today - timedelta(days=1)).year
    if text not in map(str, _years(ledger.monthly(today))):
        raise NotFound("no_such_page")
    return int(text)
