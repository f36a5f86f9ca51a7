"""What is kept of a signed message."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.billing.stripe.messages import EVENT_TYPES, SignedEvent, signed_event
from stripe_standin.world import SUBSCRIBED
from tests.factories import NOON

EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "type": "invoice.paid",
    "created": int(NOON.timestamp()),
    "livemode": True,
    "data": {"object": {"id": "in_1", "amount_paid": 4900}},
}


def test_only_what_it_is_about_is_kept() -> None:
    assert signed_event(EVENT) == SignedEvent("evt_1", "invoice.paid", "in_1", NOON, True)


def test_the_types_are_those_that_the_endpoint_asks_for() -> None:
    assert set(EVENT_TYPES) == SUBSCRIBED


@pytest.mark.parametrize(
    "change", [{"object": "v2.core.event"}, {"id": "x" * 256}, {"type": "a\nb"}, {"id": "evt_é"}]
)
def test_what_is_no_snapshot_event_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        signed_event({**EVENT, **change})
