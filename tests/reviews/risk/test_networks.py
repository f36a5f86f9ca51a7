"""A network is a hash that changes each week and holds no address."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.reviews.risk.networks import WEEK, Network, address_range, network_of

# A Monday.
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
KEY = "a key of the tests"


def of(address: str | None, now: datetime = MONDAY, key: str = KEY) -> Network | None:
    return network_of(address, key=key, now=now)


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:12:3456::1", "2001:db8:12::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("unknown", None),
        ("", None),
        (None, None),
        ("203.0.113.77, 10.0.0.1", None),
    ],
)
def test_an_address_lies_in_its_range(address: str | None, prefix: str | None) -> None:
    assert address_range(address) == prefix


def test_neighbours_share_a_network_and_others_do_not() -> None:
    assert of("203.0.113.1") == of("203.0.113.254") == of("::ffff:203.0.113.9")
    assert of("203.0.113.1") != of("203.0.114.1")
    assert of("2001:db8:12::1") == of("2001:db8:12:ffff::9")
    assert of("2001:db8:12::1") != of("2001:db8:13::1")
    assert of("nothing") is None


def test_the_hash_changes_with_the_week_and_the_key() -> None:
    this, next_week = of("203.0.113.1"), of("203.0.113.1", MONDAY + WEEK)
    assert this is not None
    assert next_week is not None
    assert of("203.0.113.1", MONDAY + timedelta(days=6, hours=23)) == this
    assert next_week.hash != this.hash
    assert next_week.before == this.hash
    assert of("203.0.113.1", key="another key") != this


def test_the_turn_of_a_year_breaks_no_week() -> None:
    last, first = datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC)
    assert of("203.0.113.1", last) == of("203.0.113.1", first)


@given(st.ip_addresses(), st.datetimes(timezones=st.just(UTC)).filter(lambda moment: moment.year > 1))
def test_a_hash_is_hexadecimal_and_shows_no_address(address: object, now: datetime) -> None:
    network = of(str(address), now)
    assert network is not None
    for value in network.hashes:
        assert len(value) == 64
        assert int(value, 16) >= 0
        assert str(address) not in value or len(str(address)) < 4
