"""Reconciliation from Stripe to us: the placements that Stripe's lists name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from marketplace.billing.alarms import raise_alarm
from marketplace.billing.ledger import recorded_ids
from marketplace.billing.models import BillingCustomer, Placement
from marketplace.billing.statuses import LIVE, AlarmKind, PlacementState
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.stripe.messages import SessionStatus
from marketplace.billing.sync.events import (
    NotOurs,
    placement_of_payment,
    placement_of_session,
    placement_of_subscription,
)
from marketplace.billing.sync.facts import INQUIRIES, REFUND_FAILED
from marketplace.billing.sync.states import RUNNING
from marketplace.core.extensions import db

Affected = dict[int, set[str]]


class Counts(Protocol):
    """The part of a report that is counted here."""

    orphans: int
    others: int


def affected_placements(report: Counts, gateway: Gateway, now: datetime, since: datetime) -> Affected:
    """Placements that may differ from Stripe's state, each with the payment intents to record. Objects that name a
    placement which we do not have are counted and raise an alarm; commits those. Those of other products are counted."""
    affected: Affected = {}
    for subscription in gateway.subscriptions():
        running = subscription["status"] in RUNNING
        with _counting_others(report, running):
            placement_id = placement_of_subscription(subscription)
            if placement_id is None:
                if running:
                    _orphan(report, subscription["id"], now)
            elif running or _state(placement_id) in LIVE:
                affected.setdefault(placement_id, set())
    for session in gateway.sessions(since=since):
        if session["status"] != SessionStatus.COMPLETE:
            continue
        with _counting_others(report):
            placement_id = placement_of_session(session)
            if placement_id is None:
                _orphan(report, session["id"], now)
            elif _state(placement_id) == PlacementState.RELEASED:
                affected.setdefault(placement_id, set())
    for intent_id, object_id in dict(_unrecorded(report, gateway, since)).items():
        with _counting_others(report):
            found = placement_of_payment(intent_id, gateway)
            if found is None:
                _orphan(report, object_id, now)
            else:
                affected.setdefault(found[0], set()).update(found[1])
    return affected


@contextmanager
def _counting_others(report: Counts, counts: bool = True) -> Iterator[None]:
    try:
        yield
    except NotOurs:
        report.others += counts


def _state(placement_id: int) -> str | None:
    found = db.session.scalar(select(Placement.state).where(Placement.id == placement_id))
    db.session.rollback()  # no transaction may be open while the next page is loaded
    return found


def _unrecorded(report: Counts, gateway: Gateway, since: datetime) -> Iterable[tuple[str, str]]:
    """(payment intent, object) of charges, refunds and disputes that are missing in the ledger. Charges of other customers
    are counted without asking Stripe about each."""
    charges = [one for one in gateway.charges(since) if one["status"] == "succeeded"]
    others = _of_others(charges)
    report.others += len(others)
    yield from _missing([one for one in charges if one["id"] not in others], lambda one: [one["id"]])
    yield from _missing(
        [one for one in gateway.refunds(since=since) if one["charge"] not in others],
        lambda one: [one["id"], *([f"{one['id']}:failed"] if one["status"] in REFUND_FAILED else [])],
    )
    disputes = [
        one
        for one in gateway.disputes(since=since)
        if one["status"] not in INQUIRIES and one["charge"] not in others
    ]
    yield from _missing(
        disputes, lambda one: [one["id"], *([f"{one['id']}:won"] if one["status"] == "won" else [])]
    )


def _of_others(charges: list[dict[str, Any]]) -> set[str]:
    """The charges that no customer of ours paid, and whose metadata name no placement."""
    customers = set(db.session.scalars(select(BillingCustomer.stripe_customer_id)))
    db.session.rollback()
    return {
        one["id"]
        for one in charges
        if one["customer"] not in customers and "placement_id" not in (one["metadata"] or {})
    }


def _missing(objects: list[dict[str, Any]], lines: Any) -> Iterable[tuple[str, str]]:
    recorded = recorded_ids(line for one in objects for line in lines(one))
    db.session.rollback()
    for one in objects:
        if one["payment_intent"] and not set(lines(one)) <= recorded:
            yield one["payment_intent"], one["id"]


def _orphan(report: Counts, object_id: str, now: datetime) -> None:
    report.orphans += 1
    raise_alarm(AlarmKind.ORPHAN, object_id, now=now)
    db.session.commit()
