"""Publishing into a folder of guides: only rows change, nothing is lost or doubled, and everything can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.core.extensions import db
from marketplace.guides.hugo.guide_file import plain_text, read_guide
from marketplace.guides.importing import import_guides
from marketplace.guides.models import PublishedRows, Topic
from marketplace.i18n.table_words import word
from marketplace.listings.importing.guide_rows import import_rows
from marketplace.listings.models import Listing
from marketplace.public.publish.services import ROW_LIMIT, PublishReport, publish_guides
from tests.clock import START
from tests.factories import make_listing, make_provider
from tests.guide_files import contents, row, write_guide
from tests.guides.running import Run, guide_of

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("app")]

HOSTILE = [
    *("a | b || c", "{{< x >}} {{% y %}} {{ z }}", "<script>alert(1)</script>", "**bold** `code` [a](b)"),
    *("## heading", "---", "> quote", "www.example.com a@b.example https://c.example", "&amp; &#124; &pipe;"),
    *("\u202ertl\u202c مكتب", "🎉🏳️‍🌈 emoji", "word" * 30),
]
KEY = "peru-card"


def publish(folder: Path, **options: Any) -> PublishReport:
    report = publish_guides(folder, now=START, **options)
    db.session.expire_all()
    return report


def counts(report: PublishReport) -> tuple[int, int, int, int]:
    return report.files, report.changed, report.unchanged, len(report.refused)


def topic(key: str = KEY) -> Topic:
    return db.session.scalars(select(Topic).where(Topic.key == key)).one()


def offer(name: str, key: str = KEY, **values: Any) -> Listing:
    provider = values.pop("provider", None) or make_provider(name=name, website="https://x.example/a|b(c)")
    listing: Listing = make_listing(topic(key), provider, **values)
    db.session.commit()
    return listing


def withdraw_all() -> None:
    for listing in db.session.scalars(select(Listing)):
        listing.status = "withdrawn"
        listing.rows.clear()
    db.session.commit()


def names(path: Path) -> list[str]:
    """The names in a file's provider table, as a reader sees them."""
    table = read_guide(path.read_bytes()).table
    assert table is not None
    return [plain_text(line.cells[0]) for line in table.rows]


def around(path: Path) -> bytes:
    """A file without its rows."""
    data = path.read_bytes()
    table = read_guide(data).table
    assert table is not None
    return data[: table.rows_start] + data[table.rows_end :]


@pytest.fixture
def pair(app: Flask, tmp_path: Path) -> Path:
    """A topic in English and Spanish, imported."""
    write_guide(tmp_path, "en/peru/card", key=KEY)
    write_guide(tmp_path, "es/peru/carné", key=KEY)
    Run(tmp_path)
    return tmp_path


def test_without_listings_no_file_changes(pair: Path) -> None:
    before = contents(pair)
    assert counts(publish(pair)) == (2, 0, 2, 0)
    assert contents(pair) == before


def test_a_listing_is_written_into_the_table_of_every_language(pair: Path) -> None:
    offer("Papeles Claros")
    assert counts(publish(pair)) == (2, 2, 0, 0)
    assert names(pair / "en/peru/card.md") == names(pair / "es/peru/carné.md") == ["Papeles Claros"]
    text = (pair / "es/peru/carné.md").read_text()
    assert "| Papeles Claros | [" in text
    assert "(https://x.example/a%7Cb%28c%29)" in text
    assert "días hábiles" in text


@pytest.mark.parametrize("count", [1, 10, 12])
def test_only_rows_change_a_second_run_nothing_and_all_can_be_taken_back(pair: Path, count: int) -> None:
    before = contents(pair)
    text = {name: around(pair / name) for name in before}
    for number in range(count):
        offer(HOSTILE[number % len(HOSTILE)][:100] + str(number))
    assert counts(publish(pair)) == (2, 2, 0, 0)
    for name in before:
        assert around(pair / name) == text[name]
        assert len(names(pair / name)) == min(count, ROW_LIMIT)
    filled = contents(pair)
    assert counts(publish(pair)) == (2, 0, 2, 0)
    assert contents(pair) == filled
    withdraw_all()
    assert counts(publish(pair)) == (2, 2, 0, 0)
    assert contents(pair) == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_typed_and_breaks_nothing(pair: Path, name: str) -> None:
    offer(name[:120])
    publish(pair)
    assert names(pair / "en/peru/card.md") == [name[:120]]


def test_a_check_writes_nothing_at_all(pair: Path) -> None:
    offer("Papeles")
    before = contents(pair)
    assert counts(publish(pair, check=True)) == (2, 2, 0, 0)
    assert contents(pair) == before
    assert db.session.scalar(select(func.count()).select_from(PublishedRows)) == 0
    publish(pair)
    assert counts(publish(pair, check=True)) == (2, 0, 2, 0)


def test_listings_that_are_not_shown_get_no_row(pair: Path) -> None:
    offer("Draft", status="draft")
    offer("Suspended", provider=make_provider(status="suspended"))
    assert counts(publish(pair)) == (2, 0, 2, 0)


def test_the_best_offers_come_first(pair: Path) -> None:
    offer("Bare", cost_basis="on_request", fee_min=None, currency=None)
    offer("Full", official_fee_kind="included")
    publish(pair)
    assert names(pair / "en/peru/card.md") == ["Full", "Bare"]


# --- The file's own rows ---------------------------------------------------------------------------------------------

OWN = [row("Ana **SAC**", "https://ana.example?ref=1", "2 days", "S/ 50"), row("Zoe", "https://zoe.example")]
BLANK = "| | | | |"


def bring(folder: Path) -> None:
    """Import as the command does, so that rows found become listings."""

    def take(found: Any, topic_ids: set[int]) -> None:
        import_rows(found, now=START)

    import_guides(folder, origin="https://tramitit.com", now=START, on_batch=take)


def test_untouched_rows_go_back_byte_for_byte_and_other_languages_get_them_typed(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card", key=KEY, rows=[OWN[0], BLANK, OWN[1]])
    write_guide(tmp_path, "es/peru/carné", key=KEY)
    before = contents(tmp_path)
    bring(tmp_path)
    assert counts(publish(tmp_path)) == (2, 1, 1, 0)
    assert contents(tmp_path)["en/peru/card.md"] == before["en/peru/card.md"]
    label = word("es", "unclaimed")
    assert names(tmp_path / "es/peru/carné.md") == [f"Ana SAC ({label})", f"Zoe ({label})"]

    offer("Papeles")
    publish(tmp_path)
    lines = (tmp_path / "en/peru/card.md").read_text().splitlines()
    assert OWN[0] in lines
    assert OWN[1] in lines
    assert len(names(tmp_path / "en/peru/card.md")) == 3

    withdraw_all()
    publish(tmp_path)
    assert contents(tmp_path) == before


def test_reviews_reorder_a_files_original_rows(tmp_path: Path) -> None:
    path = write_guide(tmp_path, "en/peru/card", key=KEY, rows=[row("Ana"), row("Zoe")])
    bring(tmp_path)
    best = db.session.scalars(select(Listing).order_by(Listing.id.desc())).first()
    assert best is not None
    best.review_count, best.rating_sum, best.rating_weight, best.rating_weighted = 9, 45, 9.0, 45.0
    db.session.commit()
    publish(tmp_path)
    assert path.read_text().splitlines()[-6:-4] == [row("Zoe"), row("Ana")]


def test_a_claimed_row_is_rewritten_in_every_language(tmp_path: Path) -> None:
    path = write_guide(tmp_path, "en/peru/card", key=KEY, rows=[OWN[0]])
    bring(tmp_path)
    listing = db.session.scalars(select(Listing)).one()
    listing.rows.clear()
    listing.provider.status = "active"
    db.session.commit()
    assert counts(publish(tmp_path)) == (1, 1, 0, 0)
    assert names(path) == ["Ana SAC"]
    assert OWN[0] not in path.read_text()


# --- The owner's loop ------------------------------------------------------------------------------------------------


def test_publish_edit_import_publish_loses_and_doubles_nothing(tmp_path: Path) -> None:
    path = write_guide(tmp_path, "en/peru/card", key=KEY, rows=[OWN[0]])
    original = path.read_bytes()
    bring(tmp_path)
    offer("Papeles")
    publish(tmp_path)
    filled = path.read_bytes()

    path.write_bytes(filled.replace(b"What it is.", b"What it really is."))
    edited = path.read_bytes()
    bring(tmp_path)
    assert db.session.scalar(select(func.count(Listing.id))) == 2, "our rows are no listings"
    assert "really" in guide_of("en/peru/card").html_before
    assert counts(publish(tmp_path)) == (1, 0, 1, 0)
    assert path.read_bytes() == edited

    offer("Segunda")
    publish(tmp_path)
    assert sorted(names(path)) == ["Ana SAC", "Papeles", "Segunda"]
    withdraw_all()
    publish(tmp_path)
    assert path.read_bytes() == original.replace(b"What it is.", b"What it really is.")


def test_text_edited_since_the_import_is_kept(pair: Path) -> None:
    offer("Papeles")
    path = pair / "en/peru/card.md"
    path.write_bytes(path.read_bytes().replace(b"More.", b"Much more."))
    publish(pair)
    assert b"Much more." in path.read_bytes()
    assert names(path) == ["Papeles"]


def test_rows_edited_by_hand_are_refused_and_named(pair: Path) -> None:
    offer("Papeles")
    publish(pair)
    path = pair / "en/peru/card.md"
    edited = path.read_bytes().replace(b"| Papeles |", b"| Papeles SAC |")
    path.write_bytes(edited)
    assert counts(publish(pair)) == (2, 0, 1, 1)
    report = publish(pair)
    assert report.refused[0]["path"] == "en/peru/card.md"
    assert "by hand" in report.refused[0]["reason"]
    assert path.read_bytes() == edited
    run = Run(pair)
    assert [entry["path"] for entry in run.report.refused] == ["en/peru/card.md"]
    assert run.rows == []


def test_an_older_publication_is_still_ours(pair: Path) -> None:
    """The owner took an old version of the file back."""
    offer("Papeles")
    publish(pair)
    old = contents(pair)
    offer("Segunda")
    publish(pair)
    for name, data in old.items():
        (pair / name).write_bytes(data)
    assert counts(publish(pair)) == (2, 2, 0, 0)
    assert sorted(names(pair / "en/peru/card.md")) == ["Papeles", "Segunda"]


def test_our_rows_are_recognized_after_their_digests_were_lost(pair: Path) -> None:
    """The database was put back to a backup older than the last publication."""
    offer("Papeles")
    publish(pair)
    for kept in db.session.scalars(select(PublishedRows)):
        db.session.delete(kept)
    db.session.commit()
    assert counts(publish(pair)) == (2, 0, 2, 0)
    offer("Segunda")
    assert counts(publish(pair)) == (2, 2, 0, 0)
    assert Run(pair).rows == []


# --- Files that are not as imported ----------------------------------------------------------------------------------


def test_a_file_not_imported_is_unchanged_without_a_row_and_refused_with_one(pair: Path) -> None:
    write_guide(pair, "de/peru/ausweis", key=KEY)
    assert counts(publish(pair)) == (3, 0, 3, 0)
    offer("Papeles")
    report = publish(pair)
    assert counts(report) == (3, 2, 0, 1)
    assert report.refused[0]["path"] == "de/peru/ausweis.md"
    assert "import" in report.refused[0]["reason"]


@pytest.mark.parametrize("imported", [True, False])
def test_a_file_without_a_table_is_refused_only_if_it_would_get_a_row(tmp_path: Path, imported: bool) -> None:
    write_guide(tmp_path, "en/peru/card", key=KEY, table=not imported)
    Run(tmp_path)
    write_guide(tmp_path, "en/peru/card", key=KEY, table=False)
    assert counts(publish(tmp_path)) == (1, 0, 1, 0)
    offer("Papeles")
    report = publish(tmp_path)
    assert counts(report) == (1, 0, 0, 1)
    assert "no provider table" in report.refused[0]["reason"]


def test_a_file_that_got_its_table_since_is_to_be_imported_first(tmp_path: Path) -> None:
    write_guide(tmp_path, "en/peru/card", key=KEY, table=False)
    Run(tmp_path)
    write_guide(tmp_path, "en/peru/card", key=KEY)
    offer("Papeles")
    assert "import it first" in publish(tmp_path).refused[0]["reason"]


def test_a_bad_file_stops_no_other(pair: Path) -> None:
    offer("Papeles")
    write_guide(pair, "en/peru/broken", b"\xff")
    (pair / "en/peru/link.md").symlink_to(pair / "en/peru/card.md")
    report = publish(pair)
    assert counts(report) == (4, 2, 0, 2)
    assert [entry["path"] for entry in report.refused] == ["en/peru/broken.md", "en/peru/link.md"]


def test_a_file_that_cannot_be_written_is_named_and_the_rest_is_written(pair: Path) -> None:
    """Its folder is gone between reading and writing."""
    offer("Papeles")

    def vanish(files: Any) -> Any:
        yield from files
        (pair / "en").rename(pair / "moved")

    report = publish(pair, progress=vanish)
    assert counts(report) == (2, 1, 0, 1)
    assert report.refused[0]["path"] == "en/peru/card.md"
    assert names(pair / "es/peru/carné.md") == ["Papeles"]


# --- Bytes -----------------------------------------------------------------------------------------------------------

ENDINGS: dict[str, Callable[[bytes], bytes]] = {
    "windows": lambda data: data.replace(b"\n", b"\r\n"),
    "mark": lambda data: b"\xef\xbb\xbf" + data,
    "no end": lambda data: data.partition(b"\n\n## Details")[0],
    "heading next": lambda data: data.replace(b"\n\n## Details", b"\n## Details"),
    "blank row": lambda data: data.replace(b"|---|---|---|---|", b"|---|---|---|---|\n| | | | |"),
    "several ends": lambda data: data + b"\n\n\n",
}


@pytest.mark.parametrize("shape", ENDINGS)
def test_a_file_of_any_shape_is_restored_exactly(tmp_path: Path, shape: str) -> None:
    path = write_guide(tmp_path, "en/peru/card", key=KEY)
    path.write_bytes(ENDINGS[shape](path.read_bytes()))
    before = path.read_bytes()
    bring(tmp_path)
    for name in HOSTILE[:2]:
        offer(name)
    publish(tmp_path)
    assert sorted(names(path)) == sorted(HOSTILE[:2])
    if shape == "windows":
        assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
    if shape == "heading next":
        assert b" |\n## Details" in path.read_bytes(), "no blank line is added"
    assert counts(publish(tmp_path)) == (1, 0, 1, 0)
    withdraw_all()
    publish(tmp_path)
    assert path.read_bytes() == before


def test_a_file_keeps_its_rights_and_nothing_else_is_left_in_the_folder(pair: Path) -> None:
    path = pair / "en/peru/card.md"
    path.chmod(0o640)
    before = path.stat()
    offer("Papeles")
    publish(pair)
    after = path.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert list(path.parent.iterdir()) == [path]
