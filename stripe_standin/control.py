"""The controls of the stand-in: what the payer, the bank, the dashboard, time and faults do.

Each is a method, and an HTTP call `POST /_control/<name>` with the arguments as a JSON object.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from stripe_standin import accounts, customers, disputes, paying, refunds, renewals
from stripe_standin.deliveries import Deliveries, Drop, Signer
from stripe_standin.errors import ApiError
from stripe_standin.faults import Fault, Faults
from stripe_standin.permissions import restrict
from stripe_standin.renewals import pass_time
from stripe_standin.store import StripeObject
from stripe_standin.subscriptions import cancel_later, changed, end, ends_at, is_over, keep
from stripe_standin.world import World

NAMES = frozenset(
    """pay decline pay_later settle close renew pay_invoice set_card portal_cancel portal_resume cancel_now refund
    fail_refund dispute escalate_dispute close_dispute advance tick flush fault clear_faults send redeliver sign state
    deliveries restrict switch delete forget""".split()
)


class Controls:
    """Ids in, Stripe's objects out. Raises `ApiError` for what cannot be done."""

    def __init__(self, world: World, faults: Faults, queue: Deliveries, signer: Signer) -> None:
        self.world = world
        self._faults = faults
        self._queue = queue
        self._signer = signer

    @contextmanager
    def _now(self) -> Iterator[World]:
        """Change the world, after everything that is due."""
        with self.world.change() as world:
            pass_time(world)
        with self.world.change() as world:
            yield world

    def pay(self, session: str) -> StripeObject:
        """The payer's card works. Returns the session."""
        with self._now() as world:
            return paying.pay(world, session)

    def decline(self, session: str) -> StripeObject:
        """The payer's card is declined; the session stays open."""
        with self._now() as world:
            return paying.decline(world, session)

    def pay_later(self, session: str) -> StripeObject:
        """The session is complete, the payment takes days: see `settle`."""
        with self._now() as world:
            return paying.pay_later(world, session)

    def settle(self, session: str, ok: bool = True) -> StripeObject:
        """The payment of `pay_later` succeeds or fails."""
        with self._now() as world:
            return paying.settle(world, session, ok=ok)

    def close(self, session: str) -> StripeObject:
        """The payer leaves the page: nothing changes."""
        with self._now() as world:
            return paying.open_session(world, session)

    def renew(self, subscription: str, ok: bool = True) -> StripeObject:
        """The next period begins now, paid or declined."""
        with self._now() as world:
            return renewals.renew(world, _running(world, subscription), good=ok)

    def pay_invoice(self, subscription: str) -> StripeObject:
        """A retry of the open invoice succeeds."""
        with self._now() as world:
            return renewals.pay_open_invoice(world, subscription)

    def set_card(self, customer: str, ok: bool) -> None:
        """From now on the customer's card works, or is declined, at each renewal."""
        with self._now() as world:
            customers.set_card(world, customer, good=ok)

    def portal_cancel(self, subscription: str, at_period_end: bool = True) -> StripeObject:
        """As the portal cancels: `cancel_at` is set and `cancel_at_period_end` stays false; or at once."""
        if not at_period_end:
            return self.cancel_now(subscription)
        with self._now() as world:
            before = _running(world, subscription)
            after = cancel_later(world, deepcopy(before), ends_at(before), by_flag=False)
            return changed(world, after, before)

    def portal_resume(self, subscription: str) -> StripeObject:
        """As the portal undoes a cancellation."""
        with self._now() as world:
            before = _running(world, subscription)
            if before["cancel_at"] is None:
                raise ApiError(f"The subscription {subscription} is not about to end.")
            return changed(world, keep(deepcopy(before)), before)

    def cancel_now(self, subscription: str) -> StripeObject:
        """Cancel at once, as from the dashboard."""
        with self._now() as world:
            return end(world, _running(world, subscription), world.now())

    def refund(self, charge: str, amount: int | None = None) -> StripeObject:
        """Refund as from the dashboard; accepts a payment intent too. Returns the refund."""
        with self._now() as world:
            return refunds.refund(world, refunds.charge_of(world, charge), amount)

    def fail_refund(self, refund: str) -> StripeObject:
        """The bank sends the refund back."""
        with self._now() as world:
            return refunds.fail_refund(world, refund)

    def dispute(self, charge: str, inquiry: bool = False) -> StripeObject:
        """The payer's bank disputes the charge, or only inquires; accepts a payment intent too. Returns the dispute."""
        with self._now() as world:
            return disputes.dispute(world, refunds.charge_of(world, charge), inquiry=inquiry)

    def escalate_dispute(self, dispute: str) -> StripeObject:
        """The bank turns its inquiry into a dispute and takes the money back."""
        with self._now() as world:
            return disputes.escalate_dispute(world, dispute)

    def close_dispute(self, dispute: str, won: bool) -> StripeObject:
        """The bank decides; an inquiry is only closed."""
        with self._now() as world:
            return disputes.close_dispute(world, dispute, won=won)

    def advance(self, seconds: int) -> int:
        """Advance the clock and do what is due; returns the new Unix time."""
        with self.world.change() as world:
            world.advance(int(seconds))
        self.tick()
        return self.now()

    def now(self) -> int:
        """The stand-in's Unix time."""
        with self.world.change() as world:
            return world.now()

    def tick(self) -> None:
        """Do what is due. Every API call begins with this."""
        with self._now():
            pass

    def flush(
        self,
        order: str = "as_made",
        drop: Drop = 0.0,
        repeat: int = 1,
        seed: int | None = None,
        again: bool = False,
    ) -> list[tuple[str, int]]:
        """Deliver the events that wait; see `Deliveries.flush`."""
        self.tick()
        return self._queue.flush(order, drop, repeat, seed, again=again)

    def restrict(self, key: str, permissions: list[str]) -> None:
        """Make a restricted key with these permissions, such as `rak_invoice_write`, or change those it has."""
        with self._now() as world:
            restrict(world, key, permissions)

    def switch(self, account: str = "") -> str:
        """Play another account, by default a new one; returns its id. Switching back finds everything again."""
        with self._now() as world:
            return accounts.switch(world, account)

    def delete(self, kind: str, wanted: str) -> None:
        """Forget one object, such as a `customer`."""
        with self._now() as world:
            accounts.delete(world, kind, wanted)

    def forget(self) -> None:
        """Forget every object of the account."""
        with self._now() as world:
            accounts.forget(world)

    def fault(
        self, kind: str, path: str = "", method: str = "", count: int = 1, seconds: float = 0.0
    ) -> None:
        """Make the next calls fail: see `faults.KINDS`. `path` is a regular expression to search for."""
        self._faults.add(Fault(kind, path, method.upper(), count, seconds))

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def send(
        self, kind: str, thing: StripeObject, *, livemode: bool = False, event: str | None = None
    ) -> str:
        """Create an event about any object and queue it; returns the event's id."""
        with self._now() as world:
            return str(world.emit(kind, thing, livemode=livemode, wanted=event, queued=True)["id"])

    def envelope(self, event: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event's delivery, signed now, for a test that delivers by itself."""
        return self._queue.envelope(event)

    def redeliver(self, event: str) -> int:
        """Deliver one event once more, now, whatever its state; returns the endpoint's status."""
        return self._queue.send(event)

    def sign(self, body: bytes | str, at: int | None = None) -> str:
        """The value of `Stripe-Signature` for any body, signed now or at another time."""
        data = body.encode() if isinstance(body, str) else body
        return self._signer.sign(data, at)

    def state(self) -> dict[str, list[StripeObject]]:
        """All objects by kind, oldest first."""
        with self.world.change() as world:
            return {
                kind: [deepcopy(thing) for thing in world.store.each(kind)] for kind in world.store.kinds()
            }

    def deliveries(self) -> list[StripeObject]:
        """The deliveries of each event: `event`, `type`, `state` and the latest `statuses`."""
        with self.world.change() as world:
            return [
                {
                    "event": kept["id"],
                    "type": world.find("event", kept["id"])["type"],
                    "state": kept["state"],
                    "statuses": list(kept["statuses"]),
                }
                for kept in world.store.each("_delivery")
            ]


def _running(world: World, wanted: str) -> StripeObject:
    """A copy of a subscription that has not ended."""
    subscription = world.find("subscription", wanted)
    if is_over(subscription):
        raise ApiError(f"The subscription {wanted} is over.")
    return subscription
