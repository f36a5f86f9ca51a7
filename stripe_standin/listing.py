"""Lists as the API returns them, page by page, and the list of events."""

from __future__ import annotations

from collections.abc import Callable

from stripe_standin.errors import invalid, no_such
from stripe_standin.params import Params
from stripe_standin.store import StripeObject
from stripe_standin.world import World

MOST = 100
USUAL = 10
Condition = Callable[[StripeObject], bool]


def page(world: World, params: Params, kind: str, url: str, *conditions: Condition) -> StripeObject:
    """One page of the objects of a kind that meet all conditions and the call's own `created`."""
    within = created(params)
    fits = [
        thing
        for thing in world.store.each(kind)
        if within(thing) and all(condition(thing) for condition in conditions)
    ]
    return page_of(params, fits, url, kind)


def page_of(params: Params, things: list[StripeObject], url: str, kind: str) -> StripeObject:
    """One page of these objects, which come oldest first. Nothing else may be left to read in the call."""
    limit = params.integer("limit", least=1, most=MOST)
    after = params.text("starting_after")
    before = params.text("ending_before")
    params.finish()
    if after is not None and before is not None:
        raise invalid("You can only use one of starting_after and ending_before.", "ending_before")
    limit = USUAL if limit is None else limit
    newest_first = things[::-1]
    if before is not None:
        earlier = newest_first[: _place(newest_first, before, "ending_before", kind)]
        return listed(earlier[-limit:], url, more=len(earlier) > limit)
    start = 0 if after is None else _place(newest_first, after, "starting_after", kind) + 1
    return listed(newest_first[start : start + limit], url, more=len(newest_first) > start + limit)


def listed(things: list[StripeObject], url: str, *, more: bool = False) -> StripeObject:
    """A list object."""
    return {"object": "list", "data": things, "has_more": more, "url": url}


def equals(params: Params, name: str, at: str | None = None) -> Condition:
    """The condition that a field has the value of the parameter, if that was sent."""
    wanted = params.text(name)
    field = at or name
    return lambda thing: wanted is None or thing.get(field) == wanted


def is_flag(params: Params, name: str) -> Condition:
    """The condition that a field is true or false as the parameter says, if that was sent."""
    wanted = params.flag(name)
    return lambda thing: wanted is None or thing.get(name) is wanted


def created(params: Params) -> Condition:
    """The condition of `created=N` or `created[gte]=N`."""
    if params.holds_table("created"):
        bounds = params.table("created")
        checks = [(name, bounds.integer(name)) for name in ("gt", "gte", "lt", "lte")]
        return lambda thing: all(_holds(thing["created"], name, bound) for name, bound in checks)
    moment = params.integer("created")
    return lambda thing: moment is None or thing["created"] == moment


def _holds(value: int, name: str, bound: int | None) -> bool:
    if bound is None:
        return True
    return {"gt": value > bound, "gte": value >= bound, "lt": value < bound, "lte": value <= bound}[name]


def _place(things: list[StripeObject], wanted: str, param: str, kind: str) -> int:
    for place, thing in enumerate(things):
        if thing["id"] == wanted:
            return place
    raise no_such(kind, wanted, param=param)


KEPT_SECONDS = 30 * 86_400


def retrieve_event(world: World, params: Params, wanted: str) -> StripeObject:
    """`GET /v1/events/{id}`."""
    params.finish()
    return world.find("event", wanted, status=404)


def list_events(world: World, params: Params, _id: str) -> StripeObject:
    """`GET /v1/events`: those of the last 30 days. `delivery_success=false` means waiting as well as failed."""
    kind = params.text("type")
    kinds = params.texts("types")
    delivered = params.flag("delivery_success")
    since = world.now() - KEPT_SECONDS
    if kind is not None and kinds:
        raise invalid("You may only specify one of these parameters: type, types.", "type")

    def fits(event: StripeObject) -> bool:
        if event["created"] < since or (kinds and event["type"] not in kinds):
            return False
        if kind is not None and not _matches(kind, event["type"]):
            return False
        return delivered is None or delivered is (event["pending_webhooks"] == 0)

    return page(world, params, "event", "/v1/events", fits)


def _matches(wanted: str, kind: str) -> bool:
    """`charge.*` is every kind that begins so."""
    return kind.startswith(wanted[:-1]) if wanted.endswith(".*") else kind == wanted
