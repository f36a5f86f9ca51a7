"""The account that the stand-in plays: a folder begins with one, and can switch to others and back."""

from __future__ import annotations

from stripe_standin.errors import invalid
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World, new_id


def current_account(world: World) -> StripeObject:
    """The note about accounts: the one that is played, and the first, whose objects stand without a scope."""
    kept = world.store.get("_account", "account")
    if kept is None:
        first = new_id("acct")
        kept = {"id": "account", "current": first, "first": first}
        world.store.put("_account", kept)
    return kept


def open_account(world: World) -> None:
    """Go on with the account that was played last."""
    kept = current_account(world)
    world.store.scope = "" if kept["current"] == kept["first"] else kept["current"]


def switch(world: World, account: str = "") -> str:
    """Play another account, by default a new one without any object; returns its id. The objects of the others stay."""
    if account and not account.startswith("acct_"):
        raise invalid("An account begins with acct_.", "account")
    kept = current_account(world)
    kept["current"] = account or new_id("acct")
    world.store.put("_account", kept)
    open_account(world)
    return str(kept["current"])


def delete(world: World, kind: str, wanted: str) -> None:
    """Forget one object, as when it is deleted in the dashboard."""
    world.find(kind, wanted, status=404)
    world.store.delete(kind, wanted)


def forget(world: World) -> None:
    """Forget every object of the account, as when its test data are deleted; answers kept for keys included."""
    for kind in (*world.store.kinds(), "_key"):
        for thing in list(world.store.each(kind)):
            world.store.delete(kind, thing["id"])


def retrieve_account(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/account`."""
    params.finish()
    return {
        "id": current_account(world)["current"],
        "object": "account",
        "charges_enabled": True,
        "country": "US",
        "default_currency": "usd",
        "details_submitted": True,
        "email": None,
        "payouts_enabled": True,
        "type": "standard",
    }
