"""The public ledger of decisions, as a page and as CSV, with all grounds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.guides.queries import guide_languages
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.moderation.decisions.labels import action_word
from marketplace.moderation.decisions.registry import find_ground, kinds
from marketplace.moderation.ledger import queries as ledger
from marketplace.moderation.ledger.labels import asker_word, ledger_kind
from marketplace.values.csv import csv_text
from marketplace.web.page_cache import public_page, site_revision
from marketplace.web.security import access

bp = Blueprint("decisions", __name__)
PAGE_SIZE = 50
MONTHS_SHOWN = 24
COLUMNS = ("month", "day", "kind", "action", "ground", "asked_by", "stars")


def _site() -> int:
    return site_revision()


@bp.get("/about/decisions/")
@access("public")
@public_page(_site)
def about() -> str:
    """By month, one by one, and the grounds."""
    today, before = now().date(), _requested_cursor()
    months = ledger.monthly(today) if before is None else []
    rows = ledger.entries(today, before=before, limit=PAGE_SIZE + 1)
    tags = sorted({*interface_languages(), *guide_languages()} - {address_language()})
    return render_template(
        "public/about/decisions.html",
        page_languages=[(tag, url_for("decisions.about", _language=tag)) for tag in tags],
        months=months[:MONTHS_SHOWN],
        years=_years(months),
        bands=ledger.STAR_BANDS,
        rated_from=ledger.RATED_FROM,
        rows=rows[:PAGE_SIZE],
        more=rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None,
        later=before is not None,
        grounds=_grounds(),
        find_ground=find_ground,
        action_word=action_word,
        asker_word=asker_word,
        ledger_kind=ledger_kind,
    )


@bp.get("/about/decisions.csv")
@access("public")
@public_page(_site)
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
        for row in ledger.entries_of_year(today, _requested_year(today))
    )
    return Response(csv_text(COLUMNS, rows), content_type="text/csv; charset=utf-8")


def _grounds() -> list[tuple[str, list[Any]]]:
    """The grounds by the kind that they are for, each once."""
    reviews_first = sorted(kinds(), key=lambda kind: not kind.kind.startswith("review"))
    return [(ledger_kind(kind.kind), list(kind.all_grounds())) for kind in reviews_first]


def _years(months: list[ledger.Month]) -> list[int]:
    return list(dict.fromkeys(month.start.year for month in months))


def _requested_year(today: date) -> int:
    """The year that is asked for, by default yesterday's. Raises `NotFound` for what is none of those told."""
    text = request.args.get("year")
    if text is None:
        return (today - timedelta(days=1)).year
    if text not in map(str, _years(ledger.monthly(today))):
        raise NotFound("no_such_page")
    return int(text)


def _requested_cursor() -> int | None:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFound("no_such_page")
    return int(text) if text else None
