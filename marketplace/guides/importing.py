"""Import: reads the guide files of a folder into topics and guides. Repeatable; one bad file never stops the run.

Files are read and rendered first, without a transaction; then they are written in batches that each commit. A run that is
cut off leaves nothing half-written, and the next one goes on: what is still to do is always told from what is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_revision
from marketplace.guides.files import FoundFile, find_files
from marketplace.guides.hugo.guide_file import GuideRefused
from marketplace.guides.reading import Identity, KnownGuide, ReadFile, known_guides, read_changed
from marketplace.guides.sites import SitePaths
from marketplace.guides.storing import FoundRows, Site, relink_guides, retire_guides, store_guides

__all__ = ["FoundRows", "ImportReport", "import_guides"]

BATCH = 100
RETIRE_COUNT = 20
RETIRE_SHARE = 10

Item = TypeVar("Item")
TakeNews = Callable[[list[FoundRows], set[int]], object]


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


def import_guides(
    folder: Path,
    *,
    origin: str,
    now: datetime,
    take_news: TakeNews,
    retire: bool = False,
    keep: bool = False,
    progress: Callable[[Iterable[FoundFile]], Iterable[FoundFile]] = lambda files: files,
) -> ImportReport:
    """Import the guides of a folder; commits batch by batch.

    `take_news` is told in the same transaction what a batch brought: provider rows found, and ids of the topics whose guides
    changed. `retire` allows retiring many, `keep` retires nothing. Raises `files.NoGuides`.
    """
    report = ImportReport()
    files = find_files(folder)
    report.files = len(files)
    known = known_guides()
    changed = _read(progress(files), known, origin, report)
    gone = [] if keep else _gone(known, {file.identity for file in files}, retire, report)
    staying = {identity: guide for identity, guide in known.items() if not guide.retired}
    for identity in gone:
        del staying[identity]
    site = Site(origin, SitePaths([*staying, *(read.file.identity for read in changed)]))
    _store(changed, site, now, take_news)
    report.imported = len(changed)
    with _turn():
        take_news([], retire_guides([known[identity].guide_id for identity in gone], now))
    report.retired = len(gone)
    taken = {read.file.identity for read in changed}
    kept = [guide for identity, guide in staying.items() if identity not in taken]
    for batch in _batches([guide.guide_id for guide in kept if site.misses(guide)]):
        with _turn():
            relink_guides(batch, site)
    return report


def _read(
    files: Iterable[FoundFile], known: dict[Identity, KnownGuide], origin: str, report: ImportReport
) -> list[ReadFile]:
    """The new and changed files; counts all of them."""
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


def _gone(
    known: dict[Identity, KnownGuide], present: set[Identity], retire: bool, report: ImportReport
) -> list[Identity]:
    active = [identity for identity, guide in known.items() if not guide.retired]
    gone = [identity for identity in active if identity not in present]
    if len(gone) > RETIRE_COUNT and len(gone) * RETIRE_SHARE > len(active) and not retire:
        report.held = len(gone)
        return []
    return gone


def _store(changed: list[ReadFile], site: Site, now: datetime, take_news: TakeNews) -> None:
    # English first: of the languages of a topic, the first says how an imported provider is called.
    ordered = sorted(changed, key=lambda read: (read.file.language != "en", read.file.identity))
    for batch in _batches(ordered):
        with _turn():
            take_news(*store_guides(batch, site, now))


@contextmanager
def _turn() -> Iterator[None]:
    """A transaction that writes; of several imports at once, one at a time."""
    with writing():
        try:
            raise_revision("import")
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
