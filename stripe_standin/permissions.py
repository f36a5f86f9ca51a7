"""Restricted keys: what a call needs, and the refusal of a key that lacks it."""

from __future__ import annotations

from collections.abc import Iterable

from stripe_standin.errors import ApiError, invalid
from stripe_standin.world import World

# The permission behind each resource, by Stripe's own name, which is not always the resource's.
NAMES = {
    "billing_portal": "customer_portal",
    "charges": "charge",
    "checkout": "checkout_session",
    "credit_notes": "credit_note",
    "customers": "customer",
    "disputes": "dispute",
    "events": "event",
    "invoice_payments": "invoice",
    "invoices": "invoice",
    "payment_intents": "payment_intent",
    "prices": "plan",
    "products": "product",
    "refunds": "charge",
    "subscriptions": "subscription",
}


def needed(method: str, path: str) -> str | None:
    """The permission that a call of the API needs, such as `rak_invoice_write`; None where any key may make it."""
    resource = path.removeprefix("/v1/").partition("/")[0]
    if resource == "account":
        return None
    return f"rak_{NAMES[resource]}_{'read' if method == 'GET' else 'write'}"


def restrict(world: World, key: str, permissions: Iterable[str]) -> None:
    """Make a restricted key, or give it other permissions. Writing includes reading."""
    if not key.startswith("rk_"):
        raise invalid("A restricted key begins with rk_.", "key")
    known = {f"rak_{name}_{access}" for name in NAMES.values() for access in ("read", "write")}
    wanted = set(permissions)
    if wanted - known:
        raise invalid(f"There is no permission {min(wanted - known)}.", "permissions")
    wanted |= {name.replace("_write", "_read") for name in wanted}
    world.store.put("_restricted", {"id": key, "permissions": sorted(wanted)})


def is_restricted(world: World, key: str) -> bool:
    """Whether a restricted key of this name was made."""
    return world.store.get("_restricted", key) is not None


def check(world: World, key: str, method: str, path: str) -> None:
    """Refuse a call that a restricted key may not make. Nothing is kept of it for its idempotency key."""
    kept = world.store.get("_restricted", key)
    permission = needed(method, path)
    if kept is not None and permission is not None and permission not in kept["permissions"]:
        raise ApiError(
            f"The provided key '{key[:8]}***' does not have the required permissions for this endpoint on account "
            f"'acct_standin'. Having the '{permission}' permission would allow this request to continue.",
            status=403,
            stored=False,
        )
