"""One file at import: changed or not, and which of the rows in it are its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.guides.files import find_files
from marketplace.guides.hugo.guide_file import GuideRefused
from marketplace.guides.hugo.publication import EVERYWHERE
from marketplace.guides.reading import RESERVED_IDS, ReadFile, StoredGuide, read_changed, rows_digest
from tests.clients import Client
from tests.factories import make_listing, make_topic
from tests.guide_files import ORIGIN, row, write_guide

ANA, BERTA = row("Ana", "https://ana.example"), row("Berta")


def read(folder: Path, before: StoredGuide | None = None, origin: str = ORIGIN) -> ReadFile | None:
    (file,) = find_files(folder)
    return read_changed(file, before, origin)


def known(read_file: ReadFile, *, written: tuple[str, ...] = (), retired: bool = False) -> StoredGuide:
    digests = {rows_digest(f"\n{line}".encode()) for line in written}
    table = read_file.guide.table is not None
    return StoredGuide(
        1, read_file.key, read_file.digest, table, retired, read_file.original_rows, {}, EVERYWHERE, digests
    )


def first(folder: Path, *rows: str) -> ReadFile:
    write_guide(folder, "en/peru/card", rows=rows)
    found = read(folder)
    assert found is not None
    return found


def again(folder: Path, before: StoredGuide, *rows: str) -> ReadFile:
    write_guide(folder, "en/peru/card", rows=rows)
    found = read(folder, before)
    assert found is not None
    return found


def test_a_new_file_brings_its_rows(tmp_path: Path) -> None:
    found = first(tmp_path, ANA, BERTA)
    assert found.original_rows == f"\n{ANA}\n{BERTA}".encode()
    assert found.new_rows is not None
    assert [line.cells[0] for line in found.new_rows] == ["Ana", "Berta"]
    assert found.key == "peru-card"


def test_an_empty_table_is_news_too(tmp_path: Path) -> None:
    found = first(tmp_path)
    assert (found.original_rows, found.new_rows) == (b"", ())


def test_an_unchanged_file_is_not_read(tmp_path: Path) -> None:
    found = first(tmp_path, ANA)
    assert read(tmp_path, known(found)) is None
    assert read(tmp_path, known(found, retired=True)) is not None
    assert read(tmp_path, known(found), origin="https://papers.example") is not None


def test_text_around_unchanged_rows_may_change(tmp_path: Path) -> None:
    before = known(first(tmp_path, ANA))
    write_guide(tmp_path, "en/peru/card", rows=[ANA], body="New.")
    found = read(tmp_path, before)
    assert found is not None
    assert (found.original_rows, found.new_rows) == (f"\n{ANA}".encode(), None)


def test_rows_edited_before_the_first_publication_are_the_new_original_rows(tmp_path: Path) -> None:
    found = again(tmp_path, known(first(tmp_path, ANA)), BERTA)
    assert found.original_rows == f"\n{BERTA}".encode()
    assert found.new_rows is not None


def test_rows_that_we_wrote_are_not_the_files_own(tmp_path: Path) -> None:
    found = again(tmp_path, known(first(tmp_path, ANA), written=(BERTA,)), BERTA)
    assert (found.original_rows, found.new_rows) == (f"\n{ANA}".encode(), None)
    assert [line.cells[0] for line in found.own_rows()] == ["Ana"]


def test_original_rows_that_came_back_are_no_news(tmp_path: Path) -> None:
    before = known(first(tmp_path, ANA), written=(BERTA,))
    write_guide(tmp_path, "en/peru/card", rows=[ANA], body="New.")
    found = read(tmp_path, before)
    assert found is not None
    assert found.new_rows is None


def test_rows_edited_by_hand_after_publishing_are_refused(tmp_path: Path) -> None:
    before = known(first(tmp_path, ANA), written=(BERTA,))
    for rows in ([BERTA, ANA], [BERTA.replace("Berta", "Bertha")], []):
        with pytest.raises(GuideRefused) as refused:
            again(tmp_path, before, *rows)
        assert refused.value.code == "rows_edited"


def test_a_file_that_lost_its_table_keeps_its_rows_for_later(tmp_path: Path) -> None:
    before = known(first(tmp_path, ANA))
    write_guide(tmp_path, "en/peru/card", table=False)
    found = read(tmp_path, before)
    assert found is not None
    assert (found.guide.table, found.original_rows, found.new_rows) == (None, f"\n{ANA}".encode(), None)
    assert found.own_rows() == ()


def test_a_file_that_gets_a_table_brings_its_rows(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card", table=False)
    before = read(tmp_path)
    assert before is not None
    assert (before.original_rows, before.new_rows) == (None, None)
    assert again(tmp_path, known(before), ANA).original_rows == f"\n{ANA}".encode()


def test_no_heading_gets_an_id_that_the_page_has(app: Flask, client: Client) -> None:
    """The guide's page with a table, filters and comparison: every id outside the guide's text is reserved."""
    topic = make_topic(languages=("en",))
    make_listing(topic)
    guide = topic.guides[0]
    guide.html_before = guide.html_after = ""
    app.extensions["page_cache"].clear()
    path = f"/guides/{guide.country}/{guide.stem}/"
    db.session.commit()
    ids = re.findall(r'\sid="([^"]+)"', client.page(path).html)
    assert set(ids) <= RESERVED_IDS
    assert {"providers", "compare", "sort"} <= set(ids), "the table is on the page"
