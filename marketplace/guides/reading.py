"""Reads one guide file for the import: whether it changed, its topic, its HTML, and its original rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.guides.files import FoundFile, read_file, topic_key
from marketplace.guides.hugo.guide_file import GuideFile as ReadGuide
from marketplace.guides.hugo.guide_file import GuideRefused, TableRow, read_guide, rows_region, splice_rows
from marketplace.guides.hugo.publication import Publication
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.guides.rendering import RenderedGuide, render_guide

READER_VERSION = (
    3  # raise it when reading or rendering changes, so that the next import reads every file again
)
# Ids that the guide's page uses besides those of the guide's headings.
RESERVED_IDS = frozenset(
    {
        *("compare", "content", "language", "max", "max-unit"),
        *("providers", "site-q", "sort", "stars", "toc-heading"),
    }
)
Identity = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class StoredGuide:
    """A guide as the database has it. `links` maps each path that its text links to, to whether that page existed when the
    guide was linked; `written` are the digests of rows that we wrote into the file."""

    guide_id: int
    topic_key: str
    digest: str
    has_table: bool
    retired: bool
    original_rows: bytes | None
    links: dict[str, bool]
    publication: Publication
    written: set[str] = field(default_factory=set)

    def is_shown(self, now: datetime) -> bool:
        """Whether the guide has a page at this moment."""
        return not self.retired and self.publication.is_shown(now)


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A new or changed file. `original_rows` are the bytes to keep as the file's original rows. `new_rows` are those rows
    if they are new, else None."""

    file: FoundFile
    data: bytes
    digest: str
    key: str
    guide: ReadGuide
    html: RenderedGuide
    original_rows: bytes | None
    new_rows: tuple[TableRow, ...] | None

    def own_rows(self) -> tuple[TableRow, ...]:
        """The original rows, even if ours replaced them in the file."""
        if self.guide.table is None or self.original_rows is None:
            return ()
        restored = read_guide(splice_rows(self.data, self.original_rows)).table
        return restored.rows if restored else ()


def load_stored_guides() -> dict[Identity, StoredGuide]:
    """All stored guides, also retired ones, by (language, country, stem). Two queries."""
    rows = db.session.execute(
        select(
            *(Guide.language, Guide.country, Guide.stem, Guide.id, Topic.key, GuideFile.digest),
            *(Guide.header.is_not(None), Guide.retired_at.is_not(None)),
            *(GuideFile.original_rows, GuideFile.links),
            *(Guide.held, Guide.publish_at, Guide.expires_at, Guide.listed),
        )
        .join(Topic, Topic.id == Guide.topic_id)
        .join(GuideFile, GuideFile.guide_id == Guide.id)
    ).all()
    found = {(row[0], row[1], row[2]): StoredGuide(*row[3:10], Publication(*row[10:])) for row in rows}
    by_id = {guide.guide_id: guide for guide in found.values()}
    for guide_id, digest in db.session.execute(select(PublishedRows.guide_id, PublishedRows.digest)):
        if guide_id in by_id:
            by_id[guide_id].written.add(digest)
    return found


def rows_digest(region: bytes) -> str:
    """The SHA-256 of a rows region, as stored in `PublishedRows`."""
    return hashlib.sha256(region).hexdigest()


def file_digest(data: bytes, origin: str) -> str:
    """The SHA-256 by which an unchanged file is known: of its bytes, and of what makes its page of them."""
    return hashlib.sha256(f"{READER_VERSION}\0{origin}\0".encode() + data).hexdigest()


def read_changed(file: FoundFile, before: StoredGuide | None, origin: str) -> ReadFile | None:
    """Read a file; None if it is unchanged. Raises `GuideRefused`."""
    data = read_file(file)
    digest = file_digest(data, origin)
    if before is not None and before.digest == digest and not before.retired:
        return None
    guide = read_guide(data)
    original, is_new = _original_rows(data, guide, before)
    return ReadFile(
        file=file,
        data=data,
        digest=digest,
        key=topic_key(guide.front, file.country, file.stem),
        guide=guide,
        html=render_guide(data, guide, reserved=RESERVED_IDS),
        original_rows=original,
        new_rows=guide.table.rows if is_new and guide.table else None,
    )


def _original_rows(data: bytes, guide: ReadGuide, before: StoredGuide | None) -> tuple[bytes | None, bool]:
    """The rows to keep as the original ones, and whether they are new. Rows that we wrote are not original."""
    known = None if before is None else before.original_rows
    if guide.table is None:
        return known, False
    region = rows_region(data, guide.table)
    if before is None or known is None:
        return region, True
    if region == known or rows_digest(region) in before.written:
        return known, False
    if before.written:
        raise GuideRefused(
            "rows_edited",
            "The provider rows were edited by hand since we wrote them: publish again or restore them.",
        )
    return region, True
