"""What becomes of placements, waiting entries and Stripe's customers when two providers turn out to be one.

Stripe keeps what it was told: its customer names the provider that is gone. That row leads to the one that stays, and a
customer that cannot be moved, because there is another one, stays with it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from marketplace.billing.models import BillingCustomer, Placement, PlacementWait
from marketplace.billing.placements.scopes import invalidate_scope
from marketplace.billing.statuses import AWAITING_PAYMENT, LIVE, OPEN_WAITS, PAID, PlacementState, WaitState
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider

RENEWS = (PlacementState.ACTIVE, PlacementState.PAST_DUE)


def merge_problems(sender: type[Provider], *, gone: Provider, into: Provider) -> list[str]:
    """`merge_checkout` while the one that would go is paying: Stripe's answer is on its way. `merge_same_place` where both
    have a slot in one place. `merge_subscriptions` where both pay by the month: a provider has one customer at Stripe, where
    it changes its card and cancels."""
    problems = []
    theirs, ours = _live(gone.id), _live(into.id)
    if any(placement.state in AWAITING_PAYMENT for placement in theirs):
        problems.append("merge_checkout")
    if {placement.scope for placement in theirs} & {placement.scope for placement in ours}:
        problems.append("merge_same_place")
    if _renews(theirs) and _renews(ours):
        problems.append("merge_subscriptions")
    return problems


def move_placements(sender: type[Provider], *, gone: Provider, into: Provider, now: datetime) -> None:
    """Placements and waiting entries are those of the provider that stays. What it has or awaits already, it does not await
    twice."""
    db.session.flush()
    theirs, ours = _live(gone.id), _live(into.id)
    for placement in sorted(theirs, key=lambda one: one.scope):
        invalidate_scope(placement.scope)
    _move_customer(gone.id, into.id, swaps=_renews(theirs) and not _renews(ours))
    _close_repeated_waits(gone.id, into.id, [*theirs, *ours])
    for model in (Placement, PlacementWait):
        _point(model.provider_id, gone.id, into.id)


def move_placements_of_listing(sender: type[Listing], *, gone: Listing, into: Listing, now: datetime) -> None:
    """The same for a listing."""
    for model in (Placement, PlacementWait):
        _point(model.listing_id, gone.id, into.id)


def _live(provider_id: int) -> list[Placement]:
    query = select(Placement).where(Placement.provider_id == provider_id, Placement.state.in_(LIVE))
    return list(db.session.scalars(query.order_by(Placement.id)))


def _renews(placements: list[Placement]) -> bool:
    return any(one.subscription_id is not None and one.state in RENEWS for one in placements)


def _close_repeated_waits(gone_id: int, into_id: int, live: list[Placement]) -> None:
    """Of two entries of a place the one with an offer stays, else the one that waits longer; none where one has a slot."""
    paid = {placement.scope for placement in live if placement.state in PAID}
    query = select(PlacementWait).where(
        PlacementWait.provider_id.in_((gone_id, into_id)), PlacementWait.state.in_(OPEN_WAITS)
    )
    seen: set[str] = set()
    for entry in sorted(db.session.scalars(query), key=lambda one: (one.state != WaitState.OFFERED, one.id)):
        if entry.scope in paid and entry.state == WaitState.WAITING:
            entry.state = WaitState.TAKEN
        elif entry.scope in seen:
            entry.state = WaitState.LEFT
        seen.add(entry.scope)
    db.session.flush()


def _move_customer(gone_id: int, into_id: int, *, swaps: bool) -> None:
    """In each account at Stripe the provider that stays takes the customer of the other where it has none, and `swaps` it
    for one that pays."""
    pair = select(BillingCustomer).where(BillingCustomer.provider_id.in_((gone_id, into_id)))
    known: dict[str, dict[int, str]] = {}
    for row in db.session.scalars(pair):
        known.setdefault(row.account, {})[row.provider_id] = row.stripe_customer_id
    for account, customers in known.items():
        if gone_id not in customers or (into_id in customers and not swaps):
            continue
        mine = delete(BillingCustomer).where(
            BillingCustomer.provider_id.in_(customers), BillingCustomer.account == account
        )
        db.session.execute(mine.execution_options(synchronize_session="fetch"))
        other = {into_id: gone_id, gone_id: into_id}
        for owner, customer in customers.items():
            moved = {"provider_id": other[owner], "account": account, "stripe_customer_id": customer}
            db.session.add(BillingCustomer(**moved))
    db.session.flush()


def _point(column: Any, gone: int, into: int) -> None:
    moved = update(column.class_).where(column == gone).values({column: into})
    db.session.execute(moved.execution_options(synchronize_session="fetch"))
