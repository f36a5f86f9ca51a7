"""Reference rates that the ECB lacks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.revisions import SITE, revision_of
from marketplace.values.exchange import DatedRates, current_rates, save_rates
from marketplace.values.rates import Rate, ecb_history, ecb_rates
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
    db.session.commit()
    before = revision_of(SITE)
    assert save_rates([ARS]) == (0, 0)
    assert revision_of(SITE) == before
    db.session.expire_all()
    assert save_rates([ARS]) == (0, 0), "as it comes back from the database"
    assert save_rates([Rate("ARS", DAY, Decimal(1500), "BCRA")]) == (0, 1)
    assert revision_of(SITE) == before + 1
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


def test_the_rate_of_a_day_is_the_newest_one_then(app: Flask) -> None:
    save_rates([Rate("ARS", DAY - timedelta(days=9), Decimal(9), "BCRA"), ARS])
    rates = DatedRates()
    assert rates.on("ARS", DAY - timedelta(days=10)) is None
    assert [rates.on("ARS", DAY - timedelta(days=days)) for days in (9, 1)] == [
        Rate("ARS", DAY - timedelta(days=9), Decimal(9), "BCRA")
    ] * 2
    assert rates.on("ARS", DAY + timedelta(days=900)) == ARS, "as long as nobody has a newer one"
    friday = date(2024, 1, 5)
    assert rates.on("USD", friday + timedelta(days=2)) == rates.on("USD", friday)
    assert rates.on("USD", date(1998, 1, 1)) is None


def test_a_currency_that_is_quoted_no_more_has_no_rate_after_a_year(app: Flask) -> None:
    last = ecb_history("HRK")[-1]
    rates = DatedRates()
    assert rates.on("HRK", last.date) == last
    assert rates.on("HRK", last.date + timedelta(days=366)) == last
    assert rates.on("HRK", last.date + timedelta(days=367)) is None
    assert rates.on("HRK", DAY) is None


def test_an_amount_is_converted_at_the_rates_of_its_day(app: Flask) -> None:
    rates = DatedRates()
    then, now = rates.on("USD", date(2022, 9, 28)), ecb_rates()["USD"]
    assert then is not None
    assert then.per_euro < 1 < now.per_euro
    assert rates.convert(10000, "EUR", "USD", date(2022, 9, 28)) == round(then.per_euro * 10000)
    assert rates.convert(5, "PEN", "PEN", DAY) == 5
    assert rates.convert(5, "PEN", "EUR", DAY) is None


def test_each_currency_is_looked_up_once(app: Flask, count_queries: CountQueries) -> None:
    rates = DatedRates()
    with count_queries(app) as statements:
        for day in (DAY, DAY - timedelta(days=1)):
            rates.convert(5, "USD", "EUR", day)
    assert len(statements) == 1


def test_the_history_of_a_rate_is_in_order(app: Flask) -> None:
    days = [rate.date for rate in ecb_history("USD")]
    assert days == sorted(set(days))
    assert ecb_history("USD")[-1] == ecb_rates()["USD"]
    assert ecb_history("ARS") == ()
