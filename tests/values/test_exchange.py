"""Reference rates that the ECB lacks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import site_revision
from marketplace.values.exchange import current_rates, save_rates
from marketplace.values.rates import Rate, ecb_rates
from tests.conftest import CountQueries

DAY = date(2026, 11, 20)
ARS = Rate("ARS", DAY, Decimal("1543.12345678"), "BCRA")


def test_without_a_table_the_rates_are_the_ecbs(app: Flask) -> None:
    assert current_rates() == dict(ecb_rates())
    assert "ARS" not in current_rates()


def test_a_rate_that_the_ecb_lacks_is_found_with_its_source(app: Flask) -> None:
    assert save_rates([ARS]) == (1, 0)
    assert current_rates()["ARS"] == ARS


def test_the_newest_rate_counts(app: Flask) -> None:
    older = Rate("ARS", DAY - timedelta(days=1), Decimal(9), "BCRA")
    assert save_rates([ARS, older]) == (2, 0)
    assert current_rates()["ARS"] == ARS


def test_a_rate_of_ours_counts_where_it_is_as_new_as_the_ecbs(app: Flask) -> None:
    ecb = ecb_rates()["USD"]
    save_rates([Rate("USD", ecb.date - timedelta(days=1), Decimal(9), "old")])
    assert current_rates()["USD"] == ecb
    save_rates([Rate("USD", ecb.date, Decimal(8), "new")])
    assert current_rates()["USD"].source == "new"


def test_saving_again_changes_what_differs_only(app: Flask) -> None:
    save_rates([ARS])
    before = site_revision()
    assert save_rates([ARS]) == (0, 0)
    assert site_revision() == before
    db.session.expire_all()
    assert save_rates([ARS]) == (0, 0), "as it comes back from the database"
    assert save_rates([Rate("ARS", DAY, Decimal(1500), "BCRA")]) == (0, 1)
    assert site_revision() == before + 1
    assert current_rates()["ARS"].per_euro == 1500


def test_a_rate_keeps_its_decimals_and_size(app: Flask) -> None:
    rates = [
        Rate("VES", DAY, Decimal("0.00000001"), "x"),
        Rate("PYG", DAY, Decimal("99999999.12345678"), "x"),
    ]
    save_rates(rates)
    db.session.expire_all()
    assert [current_rates()[rate.currency].per_euro for rate in rates] == [rate.per_euro for rate in rates]
    assert save_rates(rates) == (0, 0)


def test_all_rates_take_one_query(app: Flask, count_queries: CountQueries) -> None:
    save_rates([ARS])
    db.session.commit()
    with count_queries(app) as statements:
        current_rates()
    assert len(statements) == 1
