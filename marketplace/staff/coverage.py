"""What the coverage page lists and what its CSV holds, from `directory.coverage`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.guides.queries import guide_titles
from marketplace.public.offers.coverage import Coverage
from marketplace.values.csv import csv_text

COLUMNS = ("topic", "country", "languages", "listings")


def unserved_topics(
    report: Coverage, country: str | None = None, language: str | None = None
) -> list[dict[str, Any]]:
    """The topics without a listing by key: of one country, or with a guide in one language, where asked."""
    return [
        topic
        for topic in report.topics
        if topic["listings"] == 0
        and (country is None or topic["country"] == country)
        and (language is None or language in topic["languages"])
    ]


def titles_by_key(keys: Sequence[str], language: str) -> dict[str, Any]:
    """For each topic's key the guide to name it by: in the language, else in English, else the first. Two queries."""
    ids = {
        row.id: row.key for row in db.session.execute(select(Topic.id, Topic.key).where(Topic.key.in_(keys)))
    }
    return {ids[topic_id]: guide for topic_id, guide in guide_titles(list(ids), language).items()}


def coverage_csv(topics: Iterable[dict[str, Any]]) -> str:
    """The topics as CSV with a line for each: key, country, languages separated by blanks, number of shown listings. Keys
    and folders are named by files from outside."""
    return csv_text(
        COLUMNS,
        (
            (topic["key"], topic["country"], " ".join(topic["languages"]), str(topic["listings"]))
            for topic in topics
        ),
    )
