"""Import: reads the guide files of a folder into topics and guides. Repeatable; one bad file never stops the run.

Files are read and rendered first, without a transaction; then they are written in batches that each commit, so that a run
that is cut off leaves nothing half-written and the next one goes on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select

from marketplace.caching import raise_site_revision
from marketplace.database import writing
from marketplace.extensions import db
from marketplace.guides.files import FoundFile, find_files, read_file, topic_key
from marketplace.guides.models import Guide, GuideFile, PublishedRows, Topic
from marketplace.guides.sites import SitePaths, guide_path, paths_of
from marketplace.hugo import GuideFile as ReadGuide
from marketplace.hugo import GuideRefused, TableRow, read_guide, rows_region
from marketplace.i18n import fold
from marketplace.markdown import RenderedGuide, render_guide
from marketplace.markdown_links import origin_links, rewrite_links

READER_VERSION = 1  # raise it when reading or rendering changes: the next import takes every file again
BATCH = 200
RETIRE_COUNT = 20
RETIRE_SHARE = 10
RESERVED_IDS = (
    "content",
    "providers",
    "toc-heading",
    "compare",
    "sort",
    "language",
    "max",
    "max-unit",
    "site-q",
    "stars",
)


@dataclass(frozen=True, slots=True)
class FoundRows:
    """The provider rows that a newly read file brought along."""

    guide_id: int
    topic_id: int
    country: str
    language: str
    rows: tuple[TableRow, ...]


TakeRows = Callable[[list[FoundRows]], object]


@dataclass(slots=True)
class ImportReport:
    """What a run did. `refused` is a list of {path, reason}; `held` the number of guides that were not retired because
    they were too many."""

    files: int = 0
    imported: int = 0
    unchanged: int = 0
    retired: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    topics: int = 0
    tables: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class _Known:
    guide_id: int
    topic_key: str
    digest: str
    has_table: bool
    retired: bool
    original_rows: bytes | None
    links: list[str]
    file: FoundFile | None = None


@dataclass(frozen=True, slots=True)
class _Read:
    file: FoundFile
    data: bytes
    digest: str
    key: str
    guide: ReadGuide
    html: RenderedGuide
    original_rows: bytes | None
    brings_rows: bool


def import_guides(
    folder: Path,
    *,
    origin: str,
    now: datetime,
    take_rows: TakeRows,
    retire: bool = False,
    keep: bool = False,
    progress: Callable[[Iterable[FoundFile]], Iterable[FoundFile]] = lambda files: files,
) -> ImportReport:
    """Import the guides of a folder; commits batch by batch.

    `take_rows` makes listings of the rows that files bring, in the transaction that stores their guides; `retire` allows
    retiring many, `keep` retires nothing. Raises `files.NoGuides`.
    """
    report = ImportReport()
    files = find_files(folder)
    report.files = len(files)
    known, published = _known(), _published()
    changed, keys = [], set()
    for file in progress(files):
        try:
            before = known.get(file.identity)
            read = _read(file, before, published)
        except GuideRefused as error:
            report.refused.append({"path": file.name, "reason": str(error)})
            continue
        if read is None and before is not None:
            report.unchanged += 1
            report.tables += before.has_table
            keys.add(before.topic_key)
        elif read is not None:
            changed.append(read)
            report.tables += read.guide.table is not None
            keys.add(read.key)
    report.topics = len(keys)
    gone = [] if keep else _gone(known, {file.identity for file in files}, retire, report)
    _write(changed, gone, known, origin, now, report, take_rows)
    return report


def _known() -> dict[tuple[str, str, str], _Known]:
    rows = db.session.execute(
        select(
            Guide.language,
            Guide.country,
            Guide.stem,
            Guide.id,
            Topic.key,
            GuideFile.digest,
            Guide.header.is_not(None),
            Guide.retired_at.is_not(None),
            GuideFile.original_rows,
            GuideFile.links,
        )
        .join(Topic, Topic.id == Guide.topic_id)
        .join(GuideFile, GuideFile.guide_id == Guide.id)
    ).all()
    db.session.rollback()
    return {(row[0], row[1], row[2]): _Known(*row[3:]) for row in rows}


def _published() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for guide_id, digest in db.session.execute(select(PublishedRows.guide_id, PublishedRows.digest)):
        found.setdefault(guide_id, set()).add(digest)
    db.session.rollback()
    return found


def rows_digest(region: bytes) -> str:
    """SHA-256 of a rows region, as `PublishedRows` keeps it."""
    return hashlib.sha256(region).hexdigest()


def _read(file: FoundFile, before: _Known | None, published: dict[int, set[str]]) -> _Read | None:
    """The file as read, or None where it is unchanged. Raises `GuideRefused`."""
    data = read_file(file)
    digest = hashlib.sha256(b"%d\0" % READER_VERSION + data).hexdigest()
    if before is not None and before.digest == digest and not before.retired:
        return None
    guide = read_guide(data)
    original, brings_rows = _original_rows(data, guide, before, published)
    key = topic_key(guide.front, file.country, file.stem)
    html = render_guide(data, guide, reserved=RESERVED_IDS)
    return _Read(file, data, digest, key, guide, html, original, brings_rows)


def _original_rows(
    data: bytes, guide: ReadGuide, before: _Known | None, published: dict[int, set[str]]
) -> tuple[bytes | None, bool]:
    """The rows to keep as the file's own, and whether they are news. Rows that we wrote are not the file's own."""
    if guide.table is None:
        return (None, False) if before is None else (before.original_rows, False)
    region = rows_region(data, guide.table)
    if before is None or before.original_rows is None:
        return region, True
    ours = published.get(before.guide_id, set())
    if rows_digest(region) in ours or region == before.original_rows:
        return before.original_rows, False
    if ours:
        raise GuideRefused(
            "rows_edited",
            "The provider rows were edited by hand since we wrote them: publish again or restore them.",
        )
    return region, True


def _gone(
    known: dict[tuple[str, str, str], _Known],
    present: set[tuple[str, str, str]],
    retire: bool,
    report: ImportReport,
) -> list[_Known]:
    active = {identity: guide for identity, guide in known.items() if not guide.retired}
    gone = [guide for identity, guide in active.items() if identity not in present]
    if len(gone) > RETIRE_COUNT and len(gone) * RETIRE_SHARE > len(active) and not retire:
        report.held = len(gone)
        return []
    return gone


def _write(
    changed: list[_Read],
    gone: list[_Known],
    known: dict[tuple[str, str, str], _Known],
    origin: str,
    now: datetime,
    report: ImportReport,
    take_rows: TakeRows,
) -> None:
    gone_ids = {guide.guide_id for guide in gone}
    staying = [
        identity for identity, guide in known.items() if not guide.retired and guide.guide_id not in gone_ids
    ]
    paths = SitePaths([*staying, *(read.file.identity for read in changed)])
    before = SitePaths([identity for identity, guide in known.items() if not guide.retired])
    with writing():
        for batch in _batches(changed):
            stored = [_store(read, paths, origin, now, report) for read in batch]
            take_rows([rows for rows in stored if rows is not None])
            raise_site_revision()
            db.session.commit()
        _retire(gone, now, report)
        taken = {read.file.identity for read in changed}
        others = [
            (identity, guide)
            for identity, guide in known.items()
            if identity not in taken and not guide.retired
        ]
        _relink(others, before.differing(paths), paths, origin)
        db.session.commit()


def _batches(items: list[_Read]) -> Iterator[list[_Read]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _store(
    read: _Read, paths: SitePaths, origin: str, now: datetime, report: ImportReport
) -> FoundRows | None:
    topic = db.session.scalar(select(Topic).where(Topic.key == read.key))
    if topic is None:
        topic = Topic(key=read.key, country=read.file.country, revision=0)
        db.session.add(topic)
        db.session.flush()
    language, country, stem = read.file.identity
    guide = db.session.scalar(
        select(Guide).where(Guide.language == language, Guide.country == country, Guide.stem == stem)
    )
    if guide is None:
        guide = Guide(language=language, country=country, stem=stem, file=GuideFile())
        db.session.add(guide)
    elif guide.topic_id != topic.id:
        guide.topic.revision += 1
    guide.topic = topic
    topic.revision += 1
    _fill(guide, read, paths, origin)
    guide.file.digest, guide.file.content = read.digest, read.data
    guide.file.original_rows, guide.file.imported_at = read.original_rows, now
    db.session.flush()
    report.imported += 1
    if read.brings_rows and read.guide.table is not None:
        return FoundRows(guide.id, topic.id, country, language, read.guide.table.rows)
    return None


def _fill(guide: Guide, read: _Read, paths: SitePaths, origin: str) -> None:
    front, table = read.guide.front, read.guide.table
    guide.title = front.title or read.file.stem.replace("_", " ")
    guide.meta_title, guide.description = front.meta_title, front.description
    guide.author, guide.date_text = front.author, front.date_text
    guide.search_text = fold(
        f"{guide.title} {front.meta_title} {read.file.country} {read.file.stem.replace('_', ' ')}"
    )
    guide.table_heading = table.heading if table else ""
    guide.header = list(table.header) if table else None
    guide.toc = [asdict(entry) for entry in read.html.toc]
    guide.retired_at = None
    _link(guide, read.html, paths, origin)


def _link(guide: Guide, html: RenderedGuide, paths: SitePaths, origin: str) -> None:
    links = origin_links(html.html_before, origin) | origin_links(html.html_after, origin)
    guide.file.links = sorted(links)
    guide.html_before = rewrite_links(html.html_before, origin, paths.__contains__)
    guide.html_after = rewrite_links(html.html_after, origin, paths.__contains__)


def _retire(gone: list[_Known], now: datetime, report: ImportReport) -> None:
    for known in gone:
        guide = db.session.get_one(Guide, known.guide_id)
        guide.retired_at = now
        guide.topic.revision += 1
        report.retired += 1
    if gone:
        raise_site_revision()


def _relink(others: list[tuple[Any, _Known]], changed_paths: set[str], paths: SitePaths, origin: str) -> None:
    """Render again the unchanged guides that link to pages which came or went."""
    for identity, known in others:
        if not changed_paths.isdisjoint(paths_of(known.links)) and guide_path(*identity) in paths:
            guide = db.session.get_one(Guide, known.guide_id)
            html = render_guide(guide.file.content, read_guide(guide.file.content), reserved=RESERVED_IDS)
            _link(guide, html, paths, origin)
            guide.topic.revision += 1
