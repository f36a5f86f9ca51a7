"""`marketplace rates import`."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.values.exchange import current_rates
from tests.clients import Client, Runner
from tests.factories import make_guide, make_listing, make_provider, make_review, make_topic

GOOD = "currency,date,rate,source\nARS,2026-11-20,1543.2,BCRA\nCLP,2026-11-20,1012.5,Banco Central\n"


def run(runner: Runner, folder: Path, text: str | bytes, *options: str) -> tuple[int, str, str]:
    path = folder / "rates.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = runner.invoke(args=["rates", "import", str(path), *options])
    return result.exit_code, result.stdout, result.stderr


def test_rates_go_in_and_are_found(runner: Runner, tmp_path: Path) -> None:
    status, out, _ = run(runner, tmp_path, GOOD, "--json")
    assert status == 0
    assert json.loads(out) == {"rows": 2, "created": 2, "updated": 0, "refused": []}
    assert current_rates()["ARS"].per_euro == Decimal("1543.2")
    assert current_rates()["CLP"].source == "Banco Central"


def test_again_changes_nothing_and_another_rate_updates(runner: Runner, tmp_path: Path) -> None:
    run(runner, tmp_path, GOOD)
    assert run(runner, tmp_path, GOOD)[1] == "2 rates: 0 created, 0 updated, 0 refused.\n"
    assert run(runner, tmp_path, GOOD.replace("1543.2", "1550"))[1] == (
        "2 rates: 0 created, 1 updated, 0 refused.\n"
    )


def test_the_worker_converts_reports_at_the_new_rates(runner: Runner, tmp_path: Path) -> None:
    listing = make_listing(make_topic())
    for cost, code in ((1000, "MXN"), (2000, "MXN"), (3000, "MXN"), (500000, "CLP")):
        make_review(listing, real_cost=cost, real_currency=code, experience_on=date(2026, 11, 21))
    recompute_ratings(listing.id)
    db.session.commit()
    run(runner, tmp_path, GOOD)
    run_due()
    db.session.refresh(listing)
    assert (listing.cost_reports, listing.report_values["converted"]) == (4, {"CLP": 1})


def test_a_bad_line_is_named_and_the_rest_goes_in(runner: Runner, tmp_path: Path) -> None:
    bad = "XXX,2026-11-20,1,x\nBOB,2026-11-24,7,tomorrow\nPEN,2026-11-20,zero,x\nPYG,2026-11-20,1\n"
    status, out, errors = run(runner, tmp_path, GOOD + bad, "--json")
    report = json.loads(out)
    assert status == 0
    assert (report["rows"], report["created"]) == (6, 2)
    assert [entry["line"] for entry in report["refused"]] == [4, 5, 6, 7]
    assert errors.count("refused line") == 4


@pytest.mark.parametrize(
    "text", ["", "currency,date\n", "currency,date,rate,source\nARS,x,1,y\n", b"\xff\xfe\x00"]
)
def test_if_nothing_could_be_imported_the_status_is_1(
    runner: Runner, tmp_path: Path, text: str | bytes
) -> None:
    assert run(runner, tmp_path, text)[0] == 1
    assert "ARS" not in current_rates()


def test_wrong_usage_and_missing_files_are_reported(runner: Runner, tmp_path: Path) -> None:
    assert runner.invoke(args=["rates", "import"]).exit_code == 2
    assert runner.invoke(args=["rates", "import", str(tmp_path)]).exit_code == 2
    missing = runner.invoke(args=["rates", "import", str(tmp_path / "none.csv")])
    assert missing.exit_code == 1
    assert "none.csv" in missing.stderr


def test_every_page_that_shows_a_price_is_invalidated(client: Client, runner: Runner, tmp_path: Path) -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "en", "card")
    listing = make_listing(topic, make_provider(slug="porteño"), currency="ARS")
    make_listing(topic)
    ids = [str(number) for number in db.session.scalars(db.select(type(listing).id))]
    db.session.commit()
    paths = [
        *("/guides/peru/card/", "/guides/peru/card/porteño/", "/providers/porteño/"),
        "/compare/?" + "&".join(f"listing={number}" for number in ids),
    ]
    assert all("no exchange rate for ARS" in client.page(path).html for path in paths)
    run(runner, tmp_path, GOOD)
    for path in paths:
        page = client.page(path)
        assert "no exchange rate for ARS" not in page.html
        assert "≈" in page.text
