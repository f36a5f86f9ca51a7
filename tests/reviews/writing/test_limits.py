"""How many reviews an account and an address may send within an hour."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from flask import Flask
from werkzeug.exceptions import TooManyRequests

from marketplace.reviews.writing.views import count_review
from tests.clock import FrozenClock


def sent_reviews(app: Flask, authors: range, address: str = "203.0.113.7") -> int:
    """How many of these authors' reviews go through from an address."""
    count = 0
    for author in authors:
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}), suppress(TooManyRequests):
            count_review(author)
            count += 1
    return count


def test_an_account_sends_ten_in_an_hour_and_others_are_not_held_up(app: Flask, clock: FrozenClock) -> None:
    assert sum(sent_reviews(app, range(1, 2)) for _ in range(12)) == 10
    assert sent_reviews(app, range(2, 3)) == 1
    clock.advance(timedelta(hours=1))
    assert sent_reviews(app, range(1, 2)) == 1


def test_an_office_behind_one_address_is_not_locked_out(app: Flask) -> None:
    assert sent_reviews(app, range(100, 150)) == 50


def test_an_address_sends_sixty_in_an_hour(app: Flask) -> None:
    assert sent_reviews(app, range(100, 200)) == 60
    assert sent_reviews(app, range(200, 210), "203.0.113.8") == 10


def test_what_an_account_may_not_send_takes_no_room_of_its_address(app: Flask) -> None:
    assert sum(sent_reviews(app, range(1, 2)) for _ in range(80)) == 10
    assert sent_reviews(app, range(100, 200)) == 50
