"""Members are seen where they sign up, sign in and send a list of clients; nothing of it is kept for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.networks import ERASED_AFTER, Network, network_of
from marketplace.reviews.risk.queries import networks_of, seen_in
from marketplace.reviews.risk.sightings import SEEN_AGAIN_AFTER, see_member
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import (
    NOON,
    PASSWORD,
    make_listing,
    make_provider,
    make_review,
    make_topic,
    make_user,
    sign_in,
)
from tests.reviews.asking import offered

ADDRESS = "203.0.113.9"
HERE = Network("a" * 64, "b" * 64)


def sightings() -> list[tuple[int, str]]:
    rows = db.session.execute(select(NetworkSighting.user_id, NetworkSighting.network))
    return sorted((user_id, network) for user_id, network in rows)


def post(client: Client, path: str, data: dict[str, Any], **options: Any) -> Any:
    fields = {**data, "csrf_token": client.token(path)}
    return client.post(path, data=fields, environ_overrides={"REMOTE_ADDR": ADDRESS}, **options)


@pytest.fixture
def there(app: Flask) -> str:
    found = network_of("203.0.113.77", key=app.extensions["settings"].risk_hash_key, now=NOON)
    assert found is not None
    return found.hash


def test_whoever_signs_up_is_seen_there_and_no_address_is_kept(
    client: Client, there: str, caplog: pytest.LogCaptureFixture
) -> None:
    data = {"name": "Tobias T.", "email": "tobias@home.example", "password": "olive lantern seven ferry"}
    with caplog.at_level("DEBUG"):
        post(client, "/account/sign-up/", data)
    assert [network for _, network in sightings()] == [there]
    assert "203.0.113" not in caplog.text
    for table in db.metadata.sorted_tables:
        assert not [row for row in db.session.execute(select(table)) if "203.0.113" in str(tuple(row))]


def test_whoever_signs_in_is_seen_once_a_day_and_a_wrong_password_is_not(
    new_client: Callable[[], Client], there: str, clock: FrozenClock
) -> None:
    user = make_user()
    db.session.commit()

    def enter(password: str) -> None:
        post(new_client(), "/account/sign-in/", {"email": user.email, "password": password})

    enter("not this one")
    assert sightings() == []
    for later in (timedelta(), timedelta(minutes=5), SEEN_AGAIN_AFTER):
        clock.advance(later)
        enter(PASSWORD)
        assert sightings() == [(user.id, there)]
    assert db.session.scalars(select(NetworkSighting.seen_at)).one() == clock()


def test_whoever_sends_a_list_of_clients_is_seen(client: Client, there: str) -> None:
    listing, member = offered()
    db.session.commit()
    sign_in(client, member)
    path = f"/manage/{listing.provider.slug}/listings/{listing.id}/invite/"
    data = {
        "period_from": "2026-10-01",
        "period_to": "2026-10-31",
        "addresses": "ana@one.example",
        "language": "en",
        "declared": "y",
    }
    post(client, path, {**data, "do": "check"})
    assert sightings() == []
    post(client, path, {**data, "do": "send"})
    assert sightings() == [(member.id, there)]


def test_others_are_found_by_what_they_did_and_by_what_they_wrote(app: Flask) -> None:
    member, author, writer, stranger = (make_user() for _ in range(4))
    listing = make_listing(make_topic(), make_provider(member))
    make_review(listing, author)
    make_review(listing, writer, network="a" * 64)
    for user in (member, author, stranger):
        see_member(user.id, HERE, now=NOON)
    assert networks_of(member.id) == {"a" * 64}
    assert seen_in(["a" * 64], listing.provider_id, apart_from=None, now=NOON) == (2, 1)
    assert seen_in(["a" * 64], listing.provider_id, apart_from=author.id, now=NOON) == (1, 1)
    assert seen_in(["b" * 64], listing.provider_id, apart_from=None, now=NOON) == (0, 0)


def test_what_was_seen_is_forgotten_in_time(app: Flask, clock: FrozenClock) -> None:
    old, new = make_user(), make_user()
    see_member(old.id, HERE, now=NOON - timedelta(minutes=1))
    see_member(new.id, HERE, now=NOON)
    see_member(new.id, None, now=NOON)
    db.session.commit()
    clock.advance(ERASED_AFTER)
    run_due()
    db.session.expire_all()
    assert sightings() == [(new.id, HERE.hash)]
