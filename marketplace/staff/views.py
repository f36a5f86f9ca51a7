"""The coverage page: which topics have a listing, and which need one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, render_template, request

from marketplace.core.extensions import now
from marketplace.guides.queries import titles_by_key
from marketplace.i18n.languages import address_language
from marketplace.public.offers import coverage as directory_coverage
from marketplace.public.offers.coverage import Coverage
from marketplace.values.csv import csv_text
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

bp = Blueprint("staff", __name__)
TOPICS_PER_PAGE = 50
COLUMNS = ("topic", "country", "languages", "listings")


@bp.get("/staff/coverage/")
@access("moderator")
def coverage() -> str:
    """How many topics are served, by country and language, and a page of those that are not."""
    report = directory_coverage.coverage(now().date())
    country, language = request.args.get("country") or None, request.args.get("language") or None
    number = requested_page()
    found = unserved_topics(report, country, language)
    pages = pages_of(number, len(found), TOPICS_PER_PAGE)
    shown = found[pages.first_item - 1 : pages.last_item]
    return render_template(
        "staff/coverage.html",
        report=report,
        country=country,
        chosen_language=language,
        topics=shown,
        titles=titles_by_key([topic["key"] for topic in shown], address_language()),
        pages=pages,
    )


@bp.get("/staff/coverage.csv")
@access("moderator")
def coverage_file() -> Response:
    """Every topic with its number of shown listings, as a file."""
    answer = Response(
        coverage_csv(directory_coverage.coverage(now().date()).topics), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return answer


def unserved_topics(
    report: Coverage, country: str | None = None, language: str | None = None
) -> list[dict[str, Any]]:
    """The topics without a listing: of one country, or with a guide in one language, if given."""
    return [
        topic
        for topic in report.topics
        if topic["listings"] == 0
        and (country is None or topic["country"] == country)
        and (language is None or language in topic["languages"])
    ]


def coverage_csv(topics: Iterable[dict[str, Any]]) -> str:
    """The topics as CSV: key, country, languages separated by spaces, number of shown listings."""
    return csv_text(
        COLUMNS,
        (
            (topic["key"], topic["country"], " ".join(topic["languages"]), str(topic["listings"]))
            for topic in topics
        ),
    )
