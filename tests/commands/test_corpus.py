"""The real guides, all of them, imported once: counts, links, and a publication of every table and back.

Without the folder that `GUIDES_DIR` names, the sample guides stand in; counts are asserted only on the whole corpus.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from marketplace import create_app
from marketplace.commands.guides import import_folder
from marketplace.core.extensions import db
from marketplace.guides.hugo.guide_file import plain_text, read_guide
from marketplace.guides.importing import ImportReport
from marketplace.guides.models import Guide, Topic
from marketplace.listings.models import Listing
from marketplace.public.publish.services import publish_guides
from tests.clock import START, FrozenClock
from tests.factories import make_provider
from tests.guide_files import contents

pytestmark = pytest.mark.slow

WHOLE_CORPUS = 1878
LINK = re.compile(r'<a href="([^"]*)"')
NAME = "A | B {{< x >}} **c** <b>d</b> مكتب 🎉"


class Corpus:
    """The imported guides: where they are, the site, and what the import reported."""

    def __init__(self, folder: Path, app: Flask, report: ImportReport) -> None:
        self.folder, self.app, self.report = folder, app, report
        self.whole = report.files == WHOLE_CORPUS


@pytest.fixture(scope="module")
def corpus(guides_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Corpus]:
    """The guides in a SQLite database of their own."""
    app = create_app({"INSTANCE_PATH": str(tmp_path_factory.mktemp("corpus"))}, clock=FrozenClock())
    with app.app_context():
        flask_migrate.upgrade()
        report = import_folder(guides_dir)
        db.session.remove()
        yield Corpus(guides_dir, app, report)
        db.session.remove()
        db.engine.dispose()


def test_every_file_goes_in(corpus: Corpus) -> None:
    report = corpus.report
    assert report.refused == []
    assert report.imported == report.files >= 24
    if corpus.whole:
        assert (report.files, report.tables, report.topics) == (1878, 1877, 1131)
        rows = db.session.execute(
            select(Guide.stem)
            .join(Topic, Topic.id == Guide.topic_id)
            .where(Topic.key == "colombia-death_certificate", Guide.language == "es")
        ).all()
        assert len(rows) == 2
    db.session.rollback()


def test_again_nothing_is_new(corpus: Corpus) -> None:
    report = import_folder(corpus.folder)
    assert (report.imported, report.unchanged, report.retired) == (0, corpus.report.files, 0)


def test_every_internal_link_answers(corpus: Corpus) -> None:
    pages: dict[str, str] = {}
    links: list[tuple[str, str]] = []
    for guide in db.session.scalars(select(Guide)):
        for href in LINK.findall(guide.html_before + guide.html_after):
            links.append((f"{guide.language}/{guide.country}/{guide.stem}", unescape(href)))
    db.session.remove()
    away = [href for _, href in links if re.match(r"https?://(www\.)?tramitit\.com/(../)?guides/", href)]
    assert away == [], "every link to a guide leads here"
    here = {href.partition("#")[0] for _, href in links if href.startswith("/")}
    client = corpus.app.test_client()
    for href in sorted(here):
        response = client.get(href)
        if response.status_code != 200:
            pages[href] = response.status
    assert pages == {}
    if corpus.whole:
        assert len(here) > 1000


def offer_everywhere() -> None:
    """One published listing on each topic, by a provider with a hostile name."""
    provider_id = make_provider(name=NAME, website="https://x.example/a|b?c={{d}}").id
    values: dict[str, Any] = {
        "provider_id": provider_id,
        "status": "published",
        "cost_basis": "fixed",
        "fee_min": 123456,
        "currency": "MXN",
        "official_fee_kind": "unknown",
        "time_min": 2,
        "time_max": 5,
        "time_unit": "business_days",
        "created_at": START,
        "confirmed_at": START,
        "published_at": START,
    }
    topics = db.session.scalars(select(Topic.id)).all()
    db.session.execute(insert(Listing), [{**values, "topic_id": topic_id} for topic_id in topics])
    db.session.commit()


def is_filled(before: bytes, after: bytes) -> bool:
    """Whether a file differs in its rows alone, and they show the name as it was typed."""
    table = read_guide(before).table
    if table is None:
        return False
    head, tail = before[: table.rows_start], before[table.rows_end :]
    rows = after[len(head) : len(after) - len(tail)].decode()
    cells = [line.split("|")[1] for line in rows.splitlines() if line]
    return after.startswith(head) and after.endswith(tail) and NAME in map(plain_text, cells)


def test_every_table_is_filled_and_emptied_again(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "guides"
    shutil.copytree(corpus.folder, folder)
    for path in folder.rglob("*"):
        path.chmod(path.stat().st_mode | 0o200)
    before = contents(folder)
    offer_everywhere()

    filled = publish_guides(folder, now=START)
    without_table = [entry["path"] for entry in filled.refused]
    assert filled.changed == filled.files - len(without_table)
    if corpus.whole:
        assert without_table == ["pt/portugal/irs_anexo_b.md"]
    after = contents(folder)
    assert after.keys() == before.keys()
    changed = [name for name in before if after[name] != before[name]]
    assert len(changed) == filled.changed
    assert [name for name in changed if not is_filled(before[name], after[name])] == []
    assert publish_guides(folder, now=START, check=True).changed == 0

    db.session.execute(update(Listing).values(status="withdrawn"))
    db.session.commit()
    emptied = publish_guides(folder, now=START)
    assert (emptied.changed, emptied.refused) == (filled.changed, [])
    assert contents(folder) == before
