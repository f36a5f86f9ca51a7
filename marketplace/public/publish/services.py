"""Publish: writes the provider tables into the guide files of a folder.

Only the rows of the table change. Text that was edited since the import is kept. A file is refused if its rows are neither
the original ones nor ours. The digests of our rows are stored before the first file is written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.guides.files import FoundFile, find_files, read_file, topic_key
from marketplace.guides.hugo.guide_file import (
    GuideFile,
    GuideRefused,
    build_region,
    link_cell,
    read_guide,
    rows_region,
    splice_rows,
    table_row,
    text_cell,
)
from marketplace.guides.models import PublishedRows
from marketplace.guides.reading import rows_digest
from marketplace.i18n.table_words import word
from marketplace.public.offers.models import Offer
from marketplace.public.publish.queries import PublishedGuide, load_offers, load_published_guides
from marketplace.values.money import format_cost
from marketplace.values.timeframe import format_timeframe

ROW_LIMIT = 10


@dataclass(slots=True)
class PublishReport:
    """The result of a run. `refused` is a list of {path, reason}."""

    files: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, file: FoundFile, reason: str) -> None:
        """Name a file that was left as it was."""
        self.refused.append({"path": file.name, "reason": reason})


@dataclass(frozen=True, slots=True)
class _Change:
    """The new content of a file. `data` is None if the file already has our rows and only their digest is missing."""

    file: FoundFile
    guide_id: int
    region: bytes
    data: bytes | None


def publish_guides(
    folder: Path,
    *,
    now: datetime,
    check: bool = False,
    progress: Callable[[Iterable[FoundFile]], Iterable[FoundFile]] = lambda files: files,
) -> PublishReport:
    """Publish into the files of a folder; with `check`, only report what would change. Raises `files.NoGuides`."""
    report = PublishReport()
    files = find_files(folder)
    report.files = len(files)
    guides = load_published_guides()
    offers = load_offers(now.date())
    db.session.rollback()
    changes = []
    for file in progress(files):
        try:
            change = _plan_change(file, guides, offers)
        except GuideRefused as error:
            report.refuse(file, str(error))
            continue
        if change is not None:
            changes.append(change)
        report.changed += change is not None and change.data is not None
        report.unchanged += change is None or change.data is None
    if not check:
        _store_digests(changes, now)
        for change in changes:
            try:
                _replace(change)
            except OSError as error:  # reported, and the run goes on
                report.changed -= 1
                report.refuse(change.file, f"The file cannot be written: {error.strerror}.")
    return report


def _plan_change(
    file: FoundFile, guides: dict[tuple[str, str, str], PublishedGuide], offers: dict[str, list[Offer]]
) -> _Change | None:
    """The change that a file needs, or None. Raises `GuideRefused`."""
    data = read_file(file)
    read = read_guide(data)
    guide = guides.get(file.identity)
    if guide is None or guide.original_rows is None or read.table is None:
        key = guide.topic_key if guide else topic_key(read.front, file.country, file.stem)
        if offers.get(key):
            reason = (
                "The file has no provider table."
                if read.table is None
                else "The file has not been imported as it is: import it first."
            )
            raise GuideRefused("no_place", reason)
        return None
    current = rows_region(data, read.table)
    region = new_region(guide, offers.get(guide.topic_key, ()), read)
    known = current == guide.original_rows or rows_digest(current) in guide.written
    if region == current:
        return None if known else _Change(file, guide.guide_id, region, None)
    if not known:
        raise GuideRefused(
            "rows_edited", "The provider rows were edited by hand: restore them, then publish again."
        )
    return _Change(file, guide.guide_id, region, splice_rows(data, region))


def new_region(guide: PublishedGuide, offers: Sequence[Offer], read: GuideFile) -> bytes:
    """The rows region for a guide's file: the original one if the offers add nothing to it."""
    original = guide.original_rows or b""
    if not offers or _adds_nothing(guide, offers):
        return original
    lines = [guide.raw_rows.get(o.listing_id) or markdown_row(o, guide.language) for o in offers[:ROW_LIMIT]]
    return build_region(lines, read.newline)


def markdown_row(offer: Offer, language: str) -> bytes:
    """A row of the table in the guide's language, as UTF-8 without a line break: name, website, time and cost."""
    return table_row(
        (
            _name_cell(offer, language),
            _website_cell(offer, language),
            text_cell(format_timeframe(offer.time_min, offer.time_max, offer.time_unit, language)),
            text_cell(format_cost(offer, language)),
        )
    )


def _name_cell(offer: Offer, language: str) -> str:
    name = offer.provider_name
    if offer.sponsored:
        name = f"{name} ({word(language, 'sponsored')})"
    if offer.unclaimed:
        name = f"{name} ({word(language, 'unclaimed')})"
    return text_cell(name)


def _website_cell(offer: Offer, language: str) -> str:
    if not offer.website:
        return ""
    cell = link_cell(offer.host, offer.website)
    return f"{cell} {text_cell('(' + word(language, 'referral') + ')')}" if offer.referral else cell


def _adds_nothing(guide: PublishedGuide, offers: Sequence[Offer]) -> bool:
    """Whether the offers are just the file's own rows, none of them featured or reviewed."""
    own = {offer.listing_id for offer in offers} == guide.raw_rows.keys()
    return own and not any(offer.review_count or offer.sponsored for offer in offers)


def _store_digests(changes: Sequence[_Change], now: datetime) -> None:
    with writing():
        wanted = {(change.guide_id, rows_digest(change.region)) for change in changes}
        rows = db.session.execute(select(PublishedRows.guide_id, PublishedRows.digest))
        for guide_id, digest in sorted(wanted - {tuple(row) for row in rows}):
            db.session.add(PublishedRows(guide_id=guide_id, digest=digest, written_at=now))
        db.session.commit()


def _replace(change: _Change) -> None:
    """Replace a file atomically, where its content changes. Its permissions and owner stay."""
    if change.data is None:
        return
    path = change.file.path
    before = path.stat()
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".partial")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(change.data)
        if (before.st_uid, before.st_gid) != (os.geteuid(), os.getegid()):
            with suppress(PermissionError):
                os.chown(partial, before.st_uid, before.st_gid)
        Path(partial).chmod(before.st_mode)
        Path(partial).replace(path)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
