"""What members and admins do with placements, apart from Stripe: taking a slot, reading one's own, setting prices.

Each service checks the owner: `NotFound` for strangers, `NotAllowed` while the provider is suspended or the member's email
address unconfirmed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.billing.models import MOST_SLOTS, Placement, PlacementPrice
from marketplace.billing.placements.prices import CURRENCIES, billing_currency, price_of, price_range
from marketplace.billing.placements.scopes import PlacementOrder
from marketplace.billing.placements.slots import live_placement, take_slot
from marketplace.billing.placements.visibility import can_be_shown
from marketplace.billing.placements.waiting import offer_all_free_slots
from marketplace.billing.statuses import LIVE, PlacementKind, PlacementState
from marketplace.billing.stripe.amounts import price_step
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.jobs.queue import enqueue
from marketplace.core.revisions import SITE, country_revision, raise_revisions
from marketplace.guides.models import Topic
from marketplace.guides.services import raise_topic_revisions
from marketplace.providers.membership import held_alone, own_provider, require_member


def claim_placement(*, actor: User, order: PlacementOrder, kind: str, now: datetime) -> Placement:
    """Take a slot for what is to be bought, or return the provider's live placement of the scope (a double click).

    Commit before Stripe is called. Raises `Invalid` on `kind`, `Conflict`: `not_sold`, `not_shown` (the listing is not
    published, or the provider is suspended), `slots_full`.
    """
    provider = order.provider
    require_member(actor, provider)
    if kind not in list(PlacementKind):
        raise Invalid("kind_unknown", "kind")
    price = price_of(order.country)
    amount = price.amount(kind) if price is not None else None
    if price is None or amount is None:
        raise Conflict("not_sold")
    if not can_be_shown(provider.id, order.listing_id, order.country, now):
        raise Conflict("not_shown")
    there = live_placement(order.scope, provider.id)
    if there is not None:
        return _reuse(there, price, kind, amount)
    taken = take_slot(
        slots=price.slots(order.scope),
        now=now,
        kind=kind,
        amount=amount,
        currency=price.currency,
        state=PlacementState.PENDING,
        **order.columns,
    )
    found = (
        db.session.get(Placement, taken) if taken is not None else live_placement(order.scope, provider.id)
    )
    if found is None:
        raise Conflict("slots_full")
    return found


def _reuse(placement: Placement, price: PlacementPrice, kind: str, amount: int) -> Placement:
    """A reservation takes the kind requested now; any other live placement stays as it is."""
    if placement.state == PlacementState.RESERVED:
        db.session.execute(
            update(Placement)
            .where(Placement.id == placement.id, Placement.state == PlacementState.RESERVED)
            .values(kind=kind, amount=amount, currency=price.currency, version=Placement.version + 1)
            .execution_options(synchronize_session=False)
        )
        db.session.refresh(placement)
    return placement


def own_placement(actor: User, slug: str, placement_id: int) -> Placement:
    """A placement of the member's provider with this slug. Raises `NotFound`."""
    provider = own_provider(actor, slug)
    placement = find_row(Placement, placement_id)
    if placement is None or placement.provider_id != provider.id:
        raise NotFound
    return placement


def any_placement(actor: User, placement_id: int) -> Placement:
    """A placement for an admin. Raises `NotAllowed`, `NotFound`."""
    require_admin(actor)
    placement = find_row(Placement, placement_id)
    if placement is None:
        raise NotFound
    return placement


def require_admin(actor: User) -> None:
    """Raises `NotAllowed` unless the actor is an active admin."""
    if actor.role != "admin" or not actor.active:
        raise NotAllowed("not_admin")


def set_price(
    *,
    actor: User,
    country: str,
    currency: str,
    month_amount: int | None,
    pass_amount: int | None,
    topic_slots: int,
    country_slots: int,
    now: datetime,
) -> PlacementPrice:
    """Set a country's price and slots; the worker publishes it at Stripe. Running placements stay as they are.

    Amounts are minor units, None if the kind is not sold. Raises `NotAllowed` unless the actor is an admin, `NotFound` for a
    country without topics, `InvalidFields` on `currency`, `month_amount`, `pass_amount`, `topic_slots`, `country_slots`.
    """
    require_admin(actor)
    if db.session.scalar(select(Topic.id).where(Topic.country == country).limit(1)) is None:
        raise NotFound
    _check(currency, {"month_amount": month_amount, "pass_amount": pass_amount}, topic_slots, country_slots)
    price = db.session.get(PlacementPrice, country, with_for_update=True, populate_existing=True)
    if price is None:
        price = PlacementPrice(country=country, version=0)
        db.session.add(price)
    if (price.currency, price.month_amount) != (currency, month_amount):
        price.month_price_id = None
    if (price.currency, price.pass_amount) != (currency, pass_amount):
        price.pass_price_id = None
    price.currency, price.month_amount, price.pass_amount = currency, month_amount, pass_amount
    price.topic_slots, price.country_slots = topic_slots, country_slots
    price.updated_at = now
    price.version += 1
    db.session.flush()
    enqueue("billing.price", {"country": country}, key=f"billing.price:{country}:{price.version}")
    # Empty tables and the page about advertising show the price.
    raise_topic_revisions(list(db.session.scalars(select(Topic.id).where(Topic.country == country))))
    raise_revisions(SITE, country_revision(country))
    offer_all_free_slots(now, country)
    return price


def _check(currency: str, amounts: dict[str, int | None], topic_slots: int, country_slots: int) -> None:
    problems = {}
    only = billing_currency()
    if currency not in CURRENCIES:
        problems["currency"] = "currency_unknown"
    elif only is not None and currency != only:
        problems["currency"] = "currency_other"
    else:
        least, most = price_range(currency)
        for field, amount in amounts.items():
            if amount is not None and not least <= amount <= most:
                problems[field] = "amount_range"
            elif amount is not None and amount % price_step(currency):
                problems[field] = "amount_step"
    for field, slots in (("topic_slots", topic_slots), ("country_slots", country_slots)):
        if not 0 <= slots <= MOST_SLOTS:
            problems[field] = "slots_range"
    if problems:
        raise InvalidFields(problems)


def block_erasure_of_payer(sender: object, *, user: User) -> None:
    """Before an account is erased: raises `Conflict` (`paid_place`, with `name`) for the only member of a provider with a
    live placement. One that is cancelled already, and only runs out, is no reason."""
    lasting = [state for state in LIVE if state != PlacementState.CANCELING]
    live = select(Placement.id).where(Placement.state.in_(lasting)).limit(1)
    for provider in held_alone(user):
        if db.session.scalar(live.where(Placement.provider_id == provider.id)) is not None:
            raise Conflict("paid_place", name=provider.name)
