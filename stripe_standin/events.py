"""Events as the API lists them."""

from __future__ import annotations

from stripe_standin.listing import page
from stripe_standin.reading import Reader
from stripe_standin.refusals import invalid
from stripe_standin.store import Thing
from stripe_standin.world import World

KEPT_SECONDS = 30 * 86_400


def retrieve_event(world: World, params: Reader, wanted: str) -> Thing:
    """`GET /v1/events/{id}`."""
    params.finish()
    return world.find("event", wanted, status=404)


def list_events(world: World, params: Reader, _id: str) -> Thing:
    """`GET /v1/events`: those of the last 30 days. `delivery_success=false` means waiting as well as failed."""
    kind = params.text("type")
    kinds = params.texts("types")
    delivered = params.flag("delivery_success")
    since = world.now() - KEPT_SECONDS
    if kind is not None and kinds:
        raise invalid("You may only specify one of these parameters: type, types.", "type")

    def fits(event: Thing) -> bool:
        if event["created"] < since or (kinds and event["type"] not in kinds):
            return False
        if kind is not None and not _matches(kind, event["type"]):
            return False
        return delivered is None or delivered is (event["pending_webhooks"] == 0)

    return page(world, params, "event", "/v1/events", fits)


def _matches(wanted: str, kind: str) -> bool:
    """`charge.*` is every kind that begins so."""
    return kind.startswith(wanted[:-1]) if wanted.endswith(".*") else kind == wanted
