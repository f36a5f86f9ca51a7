"""`marketplace listings import` and `export`: arguments, output, exit status."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from marketplace.commands.listings import UNIT
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.core.revisions import Revision
from marketplace.listings.models import Listing
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Runner
from tests.factories import make_listing, make_review, make_topic

HEADER = "topic,provider,website,cost_basis,fee_min,currency,status\n"
GOOD = "mexico-visa,Casa,https://casa.example/,fixed,1400,MXN,published\n"


@pytest.fixture
def visa(app: Flask) -> None:
    make_topic(key="mexico-visa")
    db.session.commit()


def write(folder: Path, text: str | bytes) -> str:
    path = folder / "in.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def test_the_report_is_one_object_and_the_rest_goes_to_standard_error(
    visa: None, runner: Runner, tmp_path: Path
) -> None:
    file = write(tmp_path, HEADER + GOOD + "mexico-none,Casa,https://casa.example/,free,,,published\n" + GOOD)
    result = runner.invoke(args=["listings", "import", file, "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "rows": 3,
        "created": 1,
        "updated": 1,
        "refused": [{"line": 3, "reason": "topic: There is no such procedure"}],
    }
    assert "refused line 3: topic: There is no such procedure" in result.stderr
    assert "line 4: updated line 2’s listing: it is the same provider and procedure." in result.stderr


def test_without_json_it_says_the_same_in_a_sentence(visa: None, runner: Runner, tmp_path: Path) -> None:
    result = runner.invoke(args=["listings", "import", write(tmp_path, HEADER + GOOD)])
    assert result.stdout == "1 lines: 1 created, 0 updated, 0 refused.\n"


def test_a_byte_order_mark_and_windows_lines_are_read(visa: None, runner: Runner, tmp_path: Path) -> None:
    text = "\ufeff" + (HEADER + GOOD).replace("\n", "\r\n")
    result = runner.invoke(args=["listings", "import", write(tmp_path, text), "--json"])
    assert json.loads(result.stdout)["created"] == 1


@pytest.mark.parametrize("text", ["", "topic|provider|website\n", "name,price\n", b"\xff\xfet\0o\0p"])
def test_a_file_without_our_header_is_refused_as_a_whole(
    visa: None, runner: Runner, tmp_path: Path, text: str | bytes
) -> None:
    result = runner.invoke(args=["listings", "import", write(tmp_path, text), "--json"])
    assert result.exit_code == 1
    assert json.loads(result.stdout) == {"rows": 0, "created": 0, "updated": 0, "refused": []}
    assert result.stderr


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_as_a_spreadsheet_saves_it_is_read(
    visa: None, runner: Runner, tmp_path: Path, encoding: str
) -> None:
    text = ";;\r\n" + (HEADER + GOOD.replace(",", ",", 1)).replace(",", ";").replace("\n", ";;\r\n")
    data = text.replace("Casa", "Peña").encode(encoding)
    report = json.loads(runner.invoke(args=["listings", "import", write(tmp_path, data), "--json"]).stdout)
    assert report == {"rows": 1, "created": 1, "updated": 0, "refused": []}


def test_a_line_that_is_not_utf8_is_named_and_the_rest_goes_in(
    visa: None, runner: Runner, tmp_path: Path
) -> None:
    data = (HEADER + GOOD).encode() + b"mexico-visa,Caf\x81,https://b.example/,free,,,published\n"
    report = json.loads(runner.invoke(args=["listings", "import", write(tmp_path, data), "--json"]).stdout)
    assert (report["created"], report["refused"]) == (
        1,
        [{"line": 3, "reason": "The line is not UTF-8 text. Save the file as CSV in UTF-8 and try again."}],
    )


def test_a_file_that_is_not_there_is_nothing_done(runner: Runner, tmp_path: Path) -> None:
    folder = str(tmp_path)
    for args in (["import", f"{folder}/none.csv"], ["export", f"{folder}/none/x.csv"], ["import", folder]):
        result = runner.invoke(args=["listings", *args])
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr


def test_wrong_usage_has_its_own_status(runner: Runner) -> None:
    for args in (["import"], ["export", "a", "b"], ["import", "a", "--nonsense"], ["nonsense"]):
        assert runner.invoke(args=["listings", *args]).exit_code == 2


def test_lines_beyond_one_transaction_all_go_in(visa: None, runner: Runner, tmp_path: Path) -> None:
    count = UNIT + 7
    lines = (GOOD.replace("Casa", f"Casa {number}") for number in range(count))
    file = write(tmp_path, HEADER + "".join(lines))
    report = json.loads(runner.invoke(args=["listings", "import", file, "--json"]).stdout)
    assert (report["rows"], report["created"]) == (count, count)
    assert db.session.scalar(select(func.count(Listing.id))) == count


def test_members_write_while_a_long_import_runs(
    app: Flask, visa: None, runner: Runner, tmp_path: Path
) -> None:
    """Whoever writes beside it is not refused; `tests/core/test_database.py` shows who gets SQLite's lock."""
    units, done, engine = 4, threading.Event(), db.engine
    written: list[bool] = []

    def write_often() -> None:
        with writing():
            while not done.is_set():
                with engine.begin() as connection:
                    connection.execute(insert(Revision).values(name=f"written {len(written)}", value=1))
                written.append(True)

    lines = (GOOD.replace("Casa", f"Casa {number}") for number in range(units * UNIT))
    file = write(tmp_path, HEADER + "".join(lines))
    writer = threading.Thread(target=write_often)
    writer.start()
    try:
        result = runner.invoke(args=["listings", "import", file, "--json"])
    finally:
        alive = writer.is_alive()
        done.set()
        writer.join(30)
    assert json.loads(result.stdout)["created"] == units * UNIT
    assert alive, "no write failed"
    assert len(written) >= units


def test_branches_of_one_firm_are_named_across_transactions(
    visa: None, runner: Runner, tmp_path: Path
) -> None:
    others = "".join(GOOD.replace("Casa", f"Casa {number}") for number in range(UNIT))
    result = runner.invoke(args=["listings", "import", write(tmp_path, HEADER + GOOD + others + GOOD + GOOD)])
    told = [line for line in result.stderr.splitlines() if "listing" in line]
    assert told == [
        f"line {number}: updated line 2’s listing: it is the same provider and procedure."
        for number in (UNIT + 3, UNIT + 4)
    ]


def test_an_export_replaces_the_file_whole_and_leaves_nothing_beside_it(
    visa: None, runner: Runner, tmp_path: Path
) -> None:
    make_listing(make_topic())
    db.session.commit()
    target = tmp_path / "out.csv"
    target.write_text("old " * 1000)
    result = runner.invoke(args=["listings", "export", str(target), "--json"])
    assert json.loads(result.stdout)["rows"] == 1
    assert target.read_text().count("\n") == 2
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_reports_stay_where_a_listing_changes_its_currency(
    visa: None, runner: Runner, tmp_path: Path
) -> None:
    runner.invoke(args=["listings", "import", write(tmp_path, HEADER + GOOD)])
    listing = db.session.scalars(select(Listing)).one()
    for cost in (100000, 140000, 150000):
        make_review(listing, real_cost=cost, real_currency="MXN")
    recompute_ratings(listing.id)
    db.session.commit()
    assert listing.reported_cost == 140000
    euros = GOOD.replace("1400,MXN", "70,EUR")
    assert runner.invoke(args=["listings", "import", write(tmp_path, HEADER + euros)]).exit_code == 0
    db.session.expire_all()
    assert recompute_ratings(listing.id).reported_cost == 140000
