"""A database whose amounts were written with other decimals is not read: the program says so and stops."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.config import ConfigError
from marketplace.core.extensions import db
from marketplace.i18n.currencies import EXPONENTS
from marketplace.values.exponents import (
    CurrencyExponent,
    find_exponent_faults,
    require_same_exponents,
    stored_exponents,
)
from tests.clients import Client, Runner
from tests.factories import make_listing, make_provider, make_topic


@pytest.fixture
def other_decimals(app: Flask) -> None:
    db.session.get_one(CurrencyExponent, "HUF").digits = 0
    db.session.commit()


def test_the_migrations_write_down_this_releases_exponents(app: Flask) -> None:
    assert stored_exponents() == EXPONENTS
    make_listing(make_topic(), make_provider(), currency="PEN")
    db.session.commit()
    assert find_exponent_faults() == []
    require_same_exponents(app)


@pytest.mark.usefixtures("other_decimals")
def test_other_decimals_stop_the_program_with_a_line(app: Flask, client: Client, runner: Runner) -> None:
    line = "HUF was written with 0 decimals, this release reads 2"
    with pytest.raises(ConfigError, match=line):
        require_same_exponents(app)
    ended = runner.invoke(args=["worker", "--once"])
    assert ended.exit_code == 1
    assert ended.stderr.count("\n") == 1
    assert line in ended.stderr
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.get_json()["checks"]["currencies"] == "other decimals"


def test_amounts_in_a_currency_without_decimals_are_named(app: Flask) -> None:
    make_listing(make_topic(), make_provider(), currency="XAU")
    db.session.commit()
    assert find_exponent_faults() == ["listing has amounts in XAU, whose decimals are not known"]
