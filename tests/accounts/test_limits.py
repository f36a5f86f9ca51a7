"""Limits on guessing and on mails; reading is never counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from marketplace.core.extensions import db
from tests.accounts.people import sign_in_as
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.slow


def statuses(client: Client, path: str, count: int, **typed: str) -> list[int]:
    return [client.post(path, data=typed).status_code for _ in range(count)]


@pytest.mark.parametrize(
    "path", ["/account/sign-in/", "/account/sign-up/", "/account/reset/", "/account/confirm/"]
)
def test_the_twenty_first_try_in_a_minute_has_to_wait(client: Client, clock: FrozenClock, path: str) -> None:
    assert 429 not in statuses(client, path, 20)
    response = client.post(path)
    assert response.status_code == 429
    assert "Too many attempts" in response.get_data(as_text=True)
    assert response.headers["Retry-After"] == "60"
    clock.advance(timedelta(minutes=1))
    assert client.post(path).status_code == 422


def test_the_page_says_it_in_the_language_of_the_address(client: Client) -> None:
    statuses(client, "/es/account/sign-in/", 20)
    assert '<html lang="es"' in client.post("/es/account/sign-in/").get_data(as_text=True)


def test_another_network_is_not_held_up(client: Client) -> None:
    statuses(client, "/account/sign-in/", 21)
    response = client.post("/account/sign-in/", environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert response.status_code == 422


def test_mails_to_one_mailbox_are_limited_whoever_asks(app: Flask, client: Client) -> None:
    for n in range(10):
        client.post(
            "/account/reset/",
            data={"email": "Anna@example.com "},
            environ_base={"REMOTE_ADDR": f"192.0.2.{n}"},
        )
    asked = client.post(
        "/account/reset/", data={"email": "anna@Example.com"}, environ_base={"REMOTE_ADDR": "192.0.2.99"}
    )
    assert asked.status_code == 429


def test_guesses_at_one_account_are_limited_whoever_guesses(
    app: Flask, client: Client, clock: FrozenClock
) -> None:
    make_user(email="anna@example.com")
    db.session.commit()
    for n in range(100):
        client.post(
            "/account/sign-in/",
            data={"email": "anna@example.com"},
            environ_base={"REMOTE_ADDR": f"192.0.2.{n}"},
        )
    assert sign_in_as(client, "anna@example.com", PASSWORD).status_code == 429
    clock.advance(timedelta(hours=1))
    assert sign_in_as(client, "anna@example.com", PASSWORD).status_code == 303


def test_reading_is_never_counted(client: Client) -> None:
    for _ in range(50):
        assert client.get("/account/sign-in/").status_code == 200


def test_json_is_not_taken(client: Client) -> None:
    assert client.post("/account/sign-in/", json={"email": ["x"], "password": {}}).status_code == 415


def test_the_counters_hold_no_address(app: Flask, new_client: Callable[[], Client]) -> None:
    from marketplace.core.extensions import limiter

    new_client().post("/account/reset/", data={"email": "anna@example.com"})
    assert "anna" not in repr(vars(limiter.storage))
