"""Listings survive their file: export, import into an empty database with the same guides, export, the same bytes."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings.importing.csv_file import COLUMNS, Record, read_records
from marketplace.listings.importing.services import export_rows, import_records
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.models import Provider
from marketplace.text.names import name_problem
from marketplace.values.csv import write_record
from marketplace.values.money import CostBasis
from marketplace.values.timeframe import TimeStart, TimeUnit
from tests.clients import Runner
from tests.factories import NOON, make_listing, make_provider, make_topic

HOSTILE = [
    '=HYPERLINK("http://evil.example","x")',
    "-2+3",
    "@SUM(A1)",
    "a,b;c|d\te",
    'quote " and ""',
    "line\nbreak\r\nand\rmore",
    "\u202eright to left\u202c شركة עברית",
    "👩‍👩‍👧 <script>{{< x >}}{{% y %}}</script> &amp; **b** `c`",
    " blanks around ",
    "'",
    "\ufeff",
]


def canonical(*lines: str) -> bytes:
    """These lines with all columns in their order, those that they do not name empty."""
    rows = csv.DictReader(lines)
    cells = ([row.get(column, "") for column in COLUMNS] for row in rows)
    return "".join(write_record(record) for record in [COLUMNS, *cells]).encode()


def empty() -> None:
    with writing():
        db.session.execute(delete(Listing))
        db.session.execute(delete(Provider))
        db.session.commit()


def export(runner: Runner, folder: Path) -> bytes:
    assert runner.invoke(args=["listings", "export", str(folder / "out.csv")]).exit_code == 0
    return (folder / "out.csv").read_bytes()


def import_(runner: Runner, folder: Path, data: bytes) -> None:
    (folder / "in.csv").write_bytes(data)
    result = runner.invoke(args=["listings", "import", str(folder / "in.csv")])
    assert (result.exit_code, result.stderr) == (0, "")


def test_hostile_text_survives(runner: Runner, tmp_path: Path) -> None:
    topics = [make_topic() for _ in HOSTILE]
    for number, (topic, text) in enumerate(zip(topics, HOSTILE, strict=True)):
        name = " ".join(text.split())
        name = name if name and not name_problem(name) else f"Casa {number}"
        provider = make_provider(name=name, host=f"h{number}.example", website=f"https://h{number}.example/")
        make_listing(topic, provider, service=text)
    db.session.commit()
    first = export(runner, tmp_path)
    assert sorted(
        row["service"] for row in csv.DictReader(io.StringIO(first.decode(), newline=""))
    ) == sorted(HOSTILE)
    empty()
    import_(runner, tmp_path, first)
    assert export(runner, tmp_path) == first


def test_a_canonical_file_comes_out_as_it_went_in(runner: Runner, tmp_path: Path) -> None:
    make_topic(key="mexico-a")
    make_topic(key="mexico-b")
    db.session.commit()
    data = canonical(
        "topic,provider,website,service,cost_basis,fee_min,fee_max,currency,official_fee,time_min,time_max,time_unit,time_from,languages,status",
        "mexico-a,Casa,https://casa.example/,We do it.,range,1400.50,1900,MXN,included,2,3,weeks,order,en es,published",
        'mexico-a,Ñandú,https://n.example/,"a ""b"", c",hourly,30,,EUR,12.50,,,,,,paused',
        "mexico-b,Casa,https://casa.example/,,free,,,,,0,0,minutes,,es,withdrawn",
        "mexico-b,Nobody,,,on_request,,,,,,,,,,draft",
    )
    import_(runner, tmp_path, data)
    assert export(runner, tmp_path) == data
    import_(runner, tmp_path, data)
    assert export(runner, tmp_path) == data


text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
amount = st.integers(0, 10**9).map(lambda minor: f"{minor // 100}.{minor % 100:02d}")
time = st.integers(0, 10_000)


@st.composite
def lines(draw: st.DrawFn) -> dict[str, str]:
    basis = draw(st.sampled_from(list(CostBasis)))
    priced = basis not in ("free", "on_request")
    low, high = sorted((draw(time), draw(time)))
    timed = draw(st.booleans())
    official = draw(st.one_of(st.just(""), st.just("included"), amount))
    number = draw(st.integers(0, 3))
    return {
        "topic": f"mexico-{draw(st.integers(0, 2))}",
        "provider": draw(text.filter(lambda name: name.strip())),
        "website": draw(
            st.sampled_from(["", f"https://h{number}.example/", f"http://www.h{number}.example/?ref=ü"])
        ),
        "service": draw(text),
        "cost_basis": basis,
        "fee_min": str(draw(st.integers(0, 1000))) if priced else "",
        "fee_max": str(draw(st.integers(1001, 2000))) if basis == "range" else "",
        "currency": draw(st.sampled_from(["EUR", "MXN"]))
        if priced or official not in ("", "included")
        else "",
        "official_fee": official,
        "time_min": str(low) if timed else "",
        "time_max": str(high) if timed else "",
        "time_unit": draw(st.sampled_from(list(TimeUnit))) if timed else "",
        "time_from": draw(st.sampled_from(["", *TimeStart])),
        "languages": " ".join(draw(st.lists(st.sampled_from(["en", "es", "de", "pt-BR"]), unique=True))),
        "status": draw(st.sampled_from(list(ListingStatus))),
    }


def exported() -> str:
    rows = "".join(write_record(cells) for cells in export_rows())
    return write_record(COLUMNS) + rows


def taken(file: str) -> None:
    records: list[Any] = list(read_records(file))
    assert all(isinstance(record, Record) for record in records)
    import_records(records, now=NOON)


@pytest.mark.slow
@given(st.lists(lines(), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_imported_guides_survive_their_files(app: Flask, found: list[dict[str, str]]) -> None:
    db.session.rollback()
    for number in range(3):
        make_topic(key=f"mexico-{number}", languages=())
    import_records([Record(number, line) for number, line in enumerate(found, start=2)], now=NOON)
    first = exported()
    db.session.execute(delete(Listing))
    db.session.execute(delete(Provider))
    db.session.expire_all()
    taken(first)
    assert exported() == first
    taken(first)
    assert exported() == first
    db.session.rollback()
