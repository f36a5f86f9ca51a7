"""`marketplace staff create`: an account for who runs the site, and a link that sets its password once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from marketplace.core.extensions import db
from tests.accounts.people import GOOD_PASSWORD, is_signed_in, person, sign_in_as
from tests.clients import Client, Runner, path_of
from tests.clock import FrozenClock
from tests.factories import PASSWORD, make_user, sign_in

NewClient = Callable[[], Client]
SITE = "http://127.0.0.1:8000"


def create(runner: Runner, *arguments: str) -> str:
    """What the command printed on standard output."""
    result = runner.invoke(args=["staff", "create", *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_the_link_sets_the_password_and_opens_the_desk(runner: Runner, client: Client) -> None:
    link = create(runner, "Boss@Example.com", "--role", "admin")
    assert link.startswith(f"{SITE}/account/reset/")
    response = client.submit(link.removeprefix(SITE), {"password": GOOD_PASSWORD})
    assert path_of(response) == "/account/sign-in/"
    sign_in_as(client, "boss@example.com", GOOD_PASSWORD)
    assert "/staff/" in client.page("/account/").links()
    assert person("boss@example.com").confirmed_at is not None


def test_the_link_works_once_and_for_a_day(runner: Runner, new_client: NewClient, clock: FrozenClock) -> None:
    path = create(runner, "boss@example.com", "--role", "moderator").removeprefix(SITE)
    new_client().submit(path, {"password": GOOD_PASSWORD})
    assert path_of(new_client().get(path)) == "/account/reset/"
    path = create(runner, "boss@example.com", "--role", "moderator").removeprefix(SITE)
    clock.advance(timedelta(days=1, seconds=1))
    assert path_of(new_client().get(path)) == "/account/reset/"


def test_json_is_one_object_on_standard_output(runner: Runner) -> None:
    told = json.loads(create(runner, "boss@example.com", "--role", "admin", "--json"))
    assert (told["email"], told["role"], told["created"]) == ("boss@example.com", "admin", 1)
    assert told["link"].startswith(f"{SITE}/account/reset/")
    assert json.loads(create(runner, "boss@example.com", "--role", "admin", "--json"))["created"] == 0


def test_a_member_is_promoted_and_stays_signed_in(
    runner: Runner, client: Client, new_client: NewClient
) -> None:
    user = make_user(email="anna@example.com", language="es")
    db.session.commit()
    sign_in(client, user)
    link = create(runner, "anna@example.com", "--role", "moderator")
    assert link.startswith(f"{SITE}/es/account/reset/")
    assert person().role == "moderator"
    assert is_signed_in(client)
    assert sign_in_as(new_client(), "anna@example.com", PASSWORD).status_code == 303


def test_who_only_claimed_the_address_is_shut_out(runner: Runner, client: Client) -> None:
    squatter = make_user(email="boss@example.com", confirmed=False)
    db.session.commit()
    sign_in(client, squatter)
    create(runner, "boss@example.com", "--role", "admin")
    assert not is_signed_in(client)
    assert sign_in_as(client, "boss@example.com", PASSWORD).status_code == 422


@pytest.mark.parametrize(
    "arguments",
    [
        ["boss@example.com"],
        ["boss@example.com", "--role", "member"],
        ["no address", "--role", "admin"],
        ["boss@example.com\nBcc: x@example.com", "--role", "admin"],
        ["--role", "admin"],
    ],
)
def test_wrong_usage_is_2_and_makes_nobody(runner: Runner, arguments: list[str]) -> None:
    assert runner.invoke(args=["staff", "create", *arguments]).exit_code == 2
    assert db.session.execute(db.text('SELECT count(*) FROM "user"')).scalar() == 0
