"""What the payer, the bank, the dashboard, time and bad luck do: the controls of the stand-in.

Each is a method, and an HTTP call `POST /_control/<name>` with the arguments as a JSON object.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy

from stripe_standin import customers, disputes, paying, refunds, renewals
from stripe_standin.deliveries import Deliveries, Drop, Signer
from stripe_standin.faults import Fault, Faults
from stripe_standin.refusals import Refusal
from stripe_standin.renewals import pass_time
from stripe_standin.store import Thing
from stripe_standin.subscriptions import cancel_later, changed, end, ends_at, is_over, keep
from stripe_standin.world import World

NAMES = frozenset(
    """pay decline pay_later settle close renew pay_invoice set_card portal_cancel portal_resume cancel_now refund
    fail_refund dispute escalate_dispute close_dispute advance tick flush fault clear_faults send redeliver sign state
    deliveries""".split()
)


class Controls:
    """Ids go in, Stripe's objects come out. What cannot be done raises Refusal."""

    def __init__(self, world: World, faults: Faults, queue: Deliveries, signer: Signer) -> None:
        self.world = world
        self._faults = faults
        self._queue = queue
        self._signer = signer

    @contextmanager
    def _now(self) -> Iterator[World]:
        """Change the world, after what time has made due."""
        with self.world.change() as world:
            pass_time(world)
        with self.world.change() as world:
            yield world

    def pay(self, session: str) -> Thing:
        """The payer's card works. Returns the session."""
        with self._now() as world:
            return paying.pay(world, session)

    def decline(self, session: str) -> Thing:
        """The payer's card is refused; the session stays open."""
        with self._now() as world:
            return paying.decline(world, session)

    def pay_later(self, session: str) -> Thing:
        """The session is complete, the money takes days: see `settle`."""
        with self._now() as world:
            return paying.pay_later(world, session)

    def settle(self, session: str, ok: bool = True) -> Thing:
        """The money of `pay_later` came, or did not."""
        with self._now() as world:
            return paying.settle(world, session, ok=ok)

    def close(self, session: str) -> Thing:
        """The payer leaves the page: nothing changes."""
        with self._now() as world:
            return paying.open_session(world, session)

    def renew(self, subscription: str, ok: bool = True) -> Thing:
        """The next period begins now, paid or refused."""
        with self._now() as world:
            return renewals.renew(world, _running(world, subscription), good=ok)

    def pay_invoice(self, subscription: str) -> Thing:
        """Another try at the open invoice succeeds."""
        with self._now() as world:
            return renewals.pay_open_invoice(world, subscription)

    def set_card(self, customer: str, ok: bool) -> None:
        """From now on the customer's card works, or is refused, when a period ends."""
        with self._now() as world:
            customers.set_card(world, customer, good=ok)

    def portal_cancel(self, subscription: str, at_period_end: bool = True) -> Thing:
        """As the portal cancels: `cancel_at` is set and `cancel_at_period_end` stays false; or at once."""
        if not at_period_end:
            return self.cancel_now(subscription)
        with self._now() as world:
            before = _running(world, subscription)
            after = cancel_later(world, deepcopy(before), ends_at(before), by_flag=False)
            return changed(world, after, before)

    def portal_resume(self, subscription: str) -> Thing:
        """As the portal takes a coming end back."""
        with self._now() as world:
            before = _running(world, subscription)
            if before["cancel_at"] is None:
                raise Refusal(f"The subscription {subscription} is not about to end.")
            return changed(world, keep(deepcopy(before)), before)

    def cancel_now(self, subscription: str) -> Thing:
        """As from the dashboard: it ends at once."""
        with self._now() as world:
            return end(world, _running(world, subscription), world.now())

    def refund(self, charge: str, amount: int | None = None) -> Thing:
        """As from the dashboard; takes a payment intent too. Returns the refund."""
        with self._now() as world:
            return refunds.refund(world, refunds.charge_of(world, charge), amount)

    def fail_refund(self, refund: str) -> Thing:
        """The bank sends the refund back."""
        with self._now() as world:
            return refunds.fail_refund(world, refund)

    def dispute(self, charge: str, inquiry: bool = False) -> Thing:
        """The payer's bank disputes the charge, or only asks; takes a payment intent too. Returns the dispute."""
        with self._now() as world:
            return disputes.dispute(world, refunds.charge_of(world, charge), inquiry=inquiry)

    def escalate_dispute(self, dispute: str) -> Thing:
        """The bank turns its inquiry into a dispute and takes the money back."""
        with self._now() as world:
            return disputes.escalate_dispute(world, dispute)

    def close_dispute(self, dispute: str, won: bool) -> Thing:
        """The bank decides; an inquiry is only closed."""
        with self._now() as world:
            return disputes.close_dispute(world, dispute, won=won)

    def advance(self, seconds: int) -> int:
        """Move the clock on and do what has become due; returns the new time in seconds since 1970."""
        with self.world.change() as world:
            world.advance(int(seconds))
        self.tick()
        return self.now()

    def now(self) -> int:
        """The stand-in's time in seconds since 1970."""
        with self.world.change() as world:
            return world.now()

    def tick(self) -> None:
        """Do what has become due. Every call of the API begins with this."""
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

    def fault(
        self, kind: str, path: str = "", method: str = "", count: int = 1, seconds: float = 0.0
    ) -> None:
        """Let something go wrong with the next calls: see `faults.KINDS`. `path` is a pattern that is searched for."""
        self._faults.add(Fault(kind, path, method.upper(), count, seconds))

    def clear_faults(self) -> None:
        """All is well again."""
        self._faults.clear()

    def send(self, kind: str, thing: Thing, *, livemode: bool = False, event: str | None = None) -> str:
        """Make an event by hand about any object, and let it wait for delivery; returns the event's id."""
        with self._now() as world:
            return str(world.emit(kind, thing, livemode=livemode, wanted=event, queued=True)["id"])

    def envelope(self, event: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event's delivery, signed now, for a test that delivers by itself."""
        return self._queue.envelope(event)

    def redeliver(self, event: str) -> int:
        """Deliver one event once more, now, whatever became of it before; returns the endpoint's status."""
        return self._queue.send(event)

    def sign(self, body: bytes | str, at: int | None = None) -> str:
        """The value of `Stripe-Signature` for any body, signed now or at another time."""
        data = body.encode() if isinstance(body, str) else body
        return self._signer.sign(data, at)

    def state(self) -> dict[str, list[Thing]]:
        """All objects by kind, oldest first."""
        with self.world.change() as world:
            return {
                kind: [deepcopy(thing) for thing in world.store.each(kind)] for kind in world.store.kinds()
            }

    def deliveries(self) -> list[Thing]:
        """What became of each event that was to be delivered: `event`, `type`, `state` and the latest `statuses`."""
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


def _running(world: World, wanted: str) -> Thing:
    """A copy of a subscription that has not ended."""
    subscription = world.find("subscription", wanted)
    if is_over(subscription):
        raise Refusal(f"The subscription {wanted} is over.")
    return subscription
