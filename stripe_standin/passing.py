"""What time alone brings about: sessions expire, subscriptions renew or end."""

from __future__ import annotations

from stripe_standin.checkout import expire
from stripe_standin.customers import card_is_good
from stripe_standin.renewals import give_up, renew
from stripe_standin.store import Thing
from stripe_standin.subscriptions import end, ends_at, is_over
from stripe_standin.world import World

FIRST_PAYMENT_SECONDS = 23 * 60 * 60


def pass_time(world: World) -> None:
    """Do all that has become due by the stand-in's clock, each subscription's oldest first."""
    now = world.now()
    for seen in list(world.store.each("checkout.session")):
        if seen["status"] == "open" and seen["expires_at"] <= now:
            expire(world, world.find("checkout.session", seen["id"]))
    for seen in list(world.store.each("subscription")):
        while _is_due(world, seen, now):
            _do_next(world, world.find("subscription", seen["id"]))
            seen = world.find("subscription", seen["id"])


def _is_due(world: World, subscription: Thing, now: int) -> bool:
    if is_over(subscription):
        return False
    if subscription["status"] == "incomplete":
        return subscription["created"] + FIRST_PAYMENT_SECONDS <= now and not _is_processing(
            world, subscription
        )
    return _next_moment(subscription) <= now


def _do_next(world: World, subscription: Thing) -> None:
    if subscription["status"] == "incomplete":
        give_up(world, subscription["id"])
    elif subscription["cancel_at"] is not None and subscription["cancel_at"] <= ends_at(subscription):
        end(world, subscription, subscription["cancel_at"])
    else:
        renew(world, subscription, good=card_is_good(world, subscription["customer"]))


def _next_moment(subscription: Thing) -> int:
    period = ends_at(subscription)
    return period if subscription["cancel_at"] is None else min(period, subscription["cancel_at"])


def _is_processing(world: World, subscription: Thing) -> bool:
    """Whether the first payment is still on its way."""
    return any(
        session["subscription"] == subscription["id"] and not _settled(world, session["id"])
        for session in world.store.each("checkout.session")
    )


def _settled(world: World, session: str) -> bool:
    return bool(world.find("_offer", session).get("settled"))
