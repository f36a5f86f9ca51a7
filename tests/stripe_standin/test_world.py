from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stripe_standin.errors import ApiError
from stripe_standin.store import Store
from stripe_standin.world import World, new_id
from tests.clock import FrozenClock
from tests.stripe_description import description
from tests.stripe_standin.shop import NOW


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    store = Store(tmp_path)
    yield World(store, FrozenClock(), frozenset({"charge.refunded"}))
    store.close()


def break_off(world: World) -> None:
    with world.change():
        with world.change():
            world.save({"id": "a", "object": "thing"})
        raise ZeroDivisionError


def test_a_change_that_fails_leaves_nothing_even_of_changes_within(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(world)
    with world.change(), pytest.raises(ApiError):
        world.find("thing", "a")


def test_the_clock_moves_on_from_the_callers(world: World) -> None:
    assert world.now() == NOW
    with world.change():
        world.advance(60)
        world.advance(5)
    assert world.now() == NOW + 65


def test_an_event_is_a_snapshot_and_waits_when_it_is_subscribed_to(world: World) -> None:
    charge = {"id": "ch_1", "object": "charge", "n": [1]}
    with world.change("req_1", "key"):
        wanted = world.emit("charge.refunded", charge, {"n": []})
        other = world.emit("charge.succeeded", charge)
        charge["n"].append(2)  # type: ignore[attr-defined]
    description().check_object(wanted)
    assert wanted["data"] == {
        "object": {"id": "ch_1", "object": "charge", "n": [1]},
        "previous_attributes": {"n": []},
    }
    assert wanted["request"] == {"id": "req_1", "idempotency_key": "key"}
    assert (wanted["pending_webhooks"], other["pending_webhooks"]) == (1, 0)
    assert [kept["id"] for kept in world.store.each("_delivery")] == [wanted["id"]]


def test_whoever_waits_for_changes_is_told_after_them(world: World) -> None:
    told: list[int] = []
    world.after_commit = lambda: told.append(1)
    with world.change():
        pass
    assert not told
    with world.change():
        world.save({"id": "a", "object": "thing"})
    assert told == [1]


def test_no_two_ids_are_the_same() -> None:
    assert len({new_id("cs_test") for _ in range(100)}) == 100
