"""The state that every part of the stand-in works on: objects, time and events."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import datetime

from stripe_standin.errors import no_such
from stripe_standin.store import Store, StripeObject

API_VERSION = "2026-10-28.endive"
# What the webhook of the site asks for.
SUBSCRIBED = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.expired",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "invoice.paid",
        "invoice.payment_failed",
        "charge.refunded",
        "refund.updated",
        "refund.failed",
        "charge.dispute.created",
        "charge.dispute.updated",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    }
)


class World:
    """One account of Stripe. Everything that reads or changes it does so inside `change`, one at a time."""

    def __init__(
        self, store: Store, clock: Callable[[], datetime], types: frozenset[str] = SUBSCRIBED
    ) -> None:
        self.store = store
        self.base = ""
        self.types = types
        self.after_commit: Callable[[], None] = lambda: None
        self._clock = clock
        self._lock = threading.RLock()
        self._inside = False
        self._request: StripeObject = {"id": None, "idempotency_key": None}

    @contextmanager
    def change(self, request: str | None = None, key: str | None = None) -> Iterator[World]:
        """Keep others out, write what was changed at the end, or nothing when it ends in an exception.

        `request` and `key` name the API call that the events come from.
        """
        with self._lock:
            if self._inside:
                yield self
                return
            self._inside = True
            self._request = {"id": request, "idempotency_key": key}
            try:
                yield self
                changed = self.store.commit()
            finally:
                self.store.rollback()
                self._inside = False
        if changed:
            self.after_commit()

    def now(self) -> int:
        """Unix time by the stand-in's clock: the caller's clock plus what `advance` added."""
        return int(self._clock().timestamp()) + self.offset

    @property
    def offset(self) -> int:
        """By how many seconds the clock was advanced."""
        kept = self.store.get("_clock", "clock")
        return int(kept["offset"]) if kept else 0

    def advance(self, seconds: int) -> None:
        """Advance the clock, without doing what is due."""
        self.store.put("_clock", {"id": "clock", "offset": self.offset + seconds})

    def find(self, kind: str, wanted: str, *, param: str = "id", status: int = 400) -> StripeObject:
        """A copy of one object; raises ApiError when there is none."""
        found = self.store.get(kind, wanted)
        if found is None:
            raise no_such(kind, wanted, param=param, status=status)
        return found

    def save(self, thing: StripeObject) -> StripeObject:
        """Keep one of Stripe's objects."""
        self.store.put(thing["object"], thing)
        return thing

    def emit(
        self,
        kind: str,
        thing: StripeObject,
        previous: StripeObject | None = None,
        *,
        livemode: bool = False,
        wanted: str | None = None,
        queued: bool | None = None,
    ) -> StripeObject:
        """Make an event with the object as it is now. It waits for delivery if its kind is subscribed to, unless `queued`
        says otherwise.
        """
        data: StripeObject = {"object": deepcopy(thing)}
        if previous is not None:
            data["previous_attributes"] = previous
        waits = kind in self.types if queued is None else queued
        event = {
            "id": wanted or new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": data,
            "livemode": livemode,
            "pending_webhooks": int(waits),
            "request": dict(self._request),
            "type": kind,
        }
        if waits:
            self.store.put("_delivery", {"id": event["id"], "state": "waiting", "statuses": []})
        return self.save(event)


def new_id(prefix: str) -> str:
    """An id that no other object has."""
    return f"{prefix}_{secrets.token_hex(12)}"
