"""Limits: so many tries in a window of the application's clock, for each network by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.exceptions import TooManyRequests

from marketplace.core.extensions import limiter
from marketplace.web.limits import ClockStorage, client_network, count_attempt
from tests.clock import FrozenClock


def tries(count: int, *what: str, limit: str = "3/minute") -> int:
    """How many of so many tries were let through."""
    passed = 0
    for _ in range(count):
        try:
            count_attempt(limit, *what)
            passed += 1
        except TooManyRequests:
            pass
    return passed


def test_tries_beyond_the_limit_are_refused_until_the_window_ends(app: Flask, clock: FrozenClock) -> None:
    assert tries(5, "sign in", "a") == 3
    clock.advance(timedelta(seconds=59))
    assert tries(1, "sign in", "a") == 0
    clock.advance(timedelta(seconds=1))
    assert tries(5, "sign in", "a") == 3


def test_others_and_other_things_are_counted_by_themselves(app: Flask) -> None:
    assert tries(3, "sign in", "a") == tries(3, "sign in", "b") == tries(3, "sign up", "a") == 3


def test_a_reset_forgets_all_tries(app: Flask) -> None:
    tries(3, "sign in", "a")
    limiter.reset()
    assert tries(1, "sign in", "a") == 1


def test_the_storage_keeps_counts_and_ends(app: Flask, clock: FrozenClock) -> None:
    storage = ClockStorage()
    assert [storage.incr("k", 60), storage.incr("k", 60, amount=2)] == [1, 3]
    assert (storage.get("k"), storage.get_expiry("k")) == (3, (clock() + timedelta(minutes=1)).timestamp())
    storage.clear("k")
    assert storage.get("k") == 0
    assert storage.get_expiry("k") == clock().timestamp()
    assert storage.check()


def test_the_storage_does_not_grow_without_end(app: Flask, clock: FrozenClock) -> None:
    storage = ClockStorage()
    for n in range(10_000):
        storage.incr(str(n), 60)
    clock.advance(timedelta(minutes=2))
    storage.incr("one more", 60)
    assert storage.reset() == 1


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_network_is_an_address_or_what_an_ipv6_subscriber_has(
    app: Flask, address: str, network: str
) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert client_network() == network
