"""Import: reads the guide files of a folder into topics and guides. Repeatable; a bad file does not stop the run.

Files are read and rendered first, outside a transaction. Then they are written in batches that each commit. If a run is
interrupted, the next one continues, because it compares the files with what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from marketplace.core.database import let_others_write, writing
from marketplace.core.extensions import db
from marketplace.core.revisions import hold_revision
from marketplace.guides.files import FoundFile, find_files
from marketplace.guides.hugo.guide_file import GuideRefused
from marketplace.guides.links import SitePaths
from marketplace.guides.reading import Identity, ReadFile, StoredGuide, load_stored_guides, read_changed
from marketplace.guides.services import (
    FoundRows,
    LinkTargets,
    follow_calendar,
    relink_guides,
    retire_guides,
    store_guides,
)
from marketplace.i18n.names import country_code

BATCH = 100
RETIRE_COUNT = 20
RETIRE_SHARE = 10

Item = TypeVar("Item")
OnBatch = Callable[[list[FoundRows], set[int]], object]


@dataclass(slots=True)
class ImportReport:
    """The result of a run. `refused` is a list of {path, reason}; `not_retired` is the number of guides without a file that
    were kept because there were too many of them; `held` counts the guides that Hugo would not build today;
    `unknown_countries` are the folders whose names are no country's."""

    files: int = 0
    imported: int = 0
    unchanged: int = 0
    retired: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    topics: int = 0
    tables: int = 0
    not_retired: int = 0
    held: int = 0
    unknown_countries: list[str] = field(default_factory=list)


def import_guides(
    folder: Path,
    *,
    origin: str,
    now: datetime,
    on_batch: OnBatch,
    retire: bool = False,
    keep: bool = False,
    progress: Callable[[Iterable[FoundFile]], Iterable[FoundFile]] = lambda files: files,
) -> ImportReport:
    """Import the guides of a folder. Commits batch by batch.

    `on_batch` is called in the transaction of each batch with the provider rows found and the ids of the topics whose
    guides changed. `retire` allows retiring many guides, `keep` retires none. Raises `files.NoGuides`.
    """
    report = ImportReport()
    files = find_files(folder)
    report.files = len(files)
    folders = sorted({file.country for file in files})
    report.unknown_countries = [folder for folder in folders if country_code(folder) is None]
    known = load_stored_guides()
    db.session.rollback()
    changed = _read(progress(files), known, origin, report)
    removed = [] if keep else _removed(known, {file.identity for file in files}, retire, report)
    taken = {read.file.identity for read in changed}
    staying = {
        identity: guide
        for identity, guide in known.items()
        if not guide.retired and identity not in taken and identity not in set(removed)
    }
    present = [read.file.identity for read in changed if read.guide.front.publication.is_shown(now)]
    present += [identity for identity, guide in staying.items() if guide.is_shown(now)]
    targets = LinkTargets(origin, SitePaths(present))
    report.held = len(changed) + len(staying) - len(present)
    _store(changed, targets, now, on_batch)
    report.imported = len(changed)
    with _write_transaction():
        touched = retire_guides([known[identity].guide_id for identity in removed], now)
        on_batch([], touched | follow_calendar(now))
    report.retired = len(removed)
    _relink(staying.values(), targets)
    return report


def _read(
    files: Iterable[FoundFile], known: dict[Identity, StoredGuide], origin: str, report: ImportReport
) -> list[ReadFile]:
    """The new and changed files. Counts all files in the report."""
    changed: list[ReadFile] = []
    keys: set[str] = set()
    for file in files:
        before = known.get(file.identity)
        try:
            read = read_changed(file, before, origin)
        except GuideRefused as error:
            report.refused.append({"path": file.name, "reason": str(error)})
            continue
        if read is not None:
            changed.append(read)
            report.tables += read.guide.table is not None
            keys.add(read.key)
        elif before is not None:
            report.unchanged += 1
            report.tables += before.has_table
            keys.add(before.topic_key)
    report.topics = len(keys)
    return changed


def follow_days(origin: str, now: datetime) -> set[int]:
    """Show the guides whose day has come, hide those that have expired, and let links follow. In the caller's transaction;
    returns the ids of the topics that changed."""
    hold_revision("import")
    touched = follow_calendar(now)
    if touched:
        shown = {identity: guide for identity, guide in load_stored_guides().items() if guide.is_shown(now)}
        targets = LinkTargets(origin, SitePaths(shown))
        relink_guides(
            [guide.guide_id for guide in shown.values() if targets.have_changed_for(guide)], targets
        )
    return touched


def _relink(guides: Iterable[StoredGuide], targets: LinkTargets) -> None:
    for batch in _batches([guide.guide_id for guide in guides if targets.have_changed_for(guide)]):
        with _write_transaction():
            relink_guides(batch, targets)


def _removed(
    known: dict[Identity, StoredGuide], present: set[Identity], retire: bool, report: ImportReport
) -> list[Identity]:
    active = [identity for identity, guide in known.items() if not guide.retired]
    gone = [identity for identity in active if identity not in present]
    if len(gone) > RETIRE_COUNT and len(gone) * RETIRE_SHARE > len(active) and not retire:
        report.not_retired = len(gone)
        return []
    return gone


def _store(changed: list[ReadFile], targets: LinkTargets, now: datetime, on_batch: OnBatch) -> None:
    # English first: an imported provider gets its name from the first guide of its topic.
    ordered = sorted(changed, key=lambda read: (read.file.language != "en", read.file.identity))
    for batch in _batches(ordered):
        with _write_transaction():
            on_batch(*store_guides(batch, targets, now))
        let_others_write(db.engine)


@contextmanager
def _write_transaction() -> Iterator[None]:
    """A write transaction. The revision row serializes concurrent imports."""
    with writing():
        try:
            hold_revision("import")
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
