"""Runs an import in the test's own database and tells what it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.importing import ImportReport, import_guides
from marketplace.guides.models import Guide, Topic
from marketplace.guides.services import FoundRows
from tests.clock import START
from tests.guide_files import ORIGIN


class Run:
    """One import: `report`, the provider rows it found as (guide's stem, names), and the keys of the topics it touched."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.rows: list[FoundRows] = []
        self.touched: set[int] = set()
        self.report: ImportReport = import_guides(
            folder, now=START, on_batch=self._take, **{"origin": ORIGIN, **options}
        )

    def _take(self, found: list[FoundRows], topic_ids: set[int]) -> None:
        self.rows += found
        self.touched |= topic_ids

    @property
    def counts(self) -> tuple[int, int, int, int, int]:
        """Files, imported, unchanged, retired, refused."""
        report = self.report
        return report.files, report.imported, report.unchanged, report.retired, len(report.refused)

    @property
    def names(self) -> dict[str, list[str]]:
        """The names in the provider rows that each guide brought, by its path."""
        return {
            f"{guide.language}/{guide.country}/{guide.stem}": [row.cells[0] for row in found.rows]
            for found in self.rows
            for guide in [db.session.get_one(Guide, found.guide_id)]
        }

    @property
    def keys(self) -> set[str]:
        """Keys of the topics touched."""
        return {db.session.get_one(Topic, topic_id).key for topic_id in self.touched}


def guide_of(path: str) -> Guide:
    """The guide of `en/peru/card`."""
    language, country, stem = path.split("/")
    query = select(Guide).where(Guide.language == language, Guide.country == country, Guide.stem == stem)
    return db.session.scalars(query).one()


def shown() -> dict[str, str]:
    """Every guide that has a page, with the key of its topic."""
    query = select(Guide).where(Guide.shown).order_by(Guide.language, Guide.country, Guide.stem)
    return {
        f"{guide.language}/{guide.country}/{guide.stem}": guide.topic.key
        for guide in db.session.scalars(query)
    }
