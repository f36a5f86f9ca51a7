"""A stand-in that runs, watched, with a shop on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import stripe

from stripe_standin.server import StandIn
from tests.clock import FrozenClock
from tests.standin import client_of, started
from tests.stripe_standin.shop import Inbox, Shop


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The stand-in is not the product: its tests wait for `make test`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def clock() -> FrozenClock:
    """The stand-in's clock."""
    return FrozenClock()


@pytest.fixture
def inbox() -> Inbox:
    """What the endpoint was sent."""
    return Inbox()


@pytest.fixture
def standin(tmp_path: Path, clock: FrozenClock, inbox: Inbox) -> Iterator[StandIn]:
    """A stand-in; every call and answer is held against Stripe's description."""
    with started(tmp_path / "stripe", clock, deliver=inbox) as running:
        yield running


@pytest.fixture
def api(standin: StandIn) -> stripe.StripeClient:
    """Stripe's library, which tries nothing twice."""
    return client_of(standin, retries=0)


@pytest.fixture
def shop(standin: StandIn, api: stripe.StripeClient) -> Shop:
    """A shop on the stand-in."""
    return Shop(standin, api)
