"""Bringing a placement to the state that Stripe's own state asks for; every event, retry and comparison leads here.

Stripe is asked with no transaction open. What follows is written only where nobody changed the placement meanwhile (its
`version`), together with the lines of the books, the mails and the slot's next holder: all of it or nothing. So any number
of workers may do this at once, in any order, and be killed at any point.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.billing.alarms import raise_alarm
from marketplace.billing.ledger import Entry, book
from marketplace.billing.models import Placement, PlacementPrice
from marketplace.billing.placements.notifications import notify_admins, notify_members
from marketplace.billing.placements.scopes import show_change
from marketplace.billing.placements.slots import Full, Raced, retake_slot, write_fenced
from marketplace.billing.placements.visibility import refresh_visibility
from marketplace.billing.placements.waiting import close_wait, close_waits, offer_free_slots
from marketplace.billing.statuses import (
    FINAL,
    LIVE,
    PAID,
    AlarmKind,
    EndReason,
    EntryKind,
    PlacementKind,
    PlacementState,
    WaitState,
)
from marketplace.billing.stripe.client import StripeRefused
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.facts import Facts, Known, entries, load_facts
from marketplace.billing.sync.states import Action, Step, Target, paid_after_end, plan, refund_all
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue

TRIES = 20  # each of several workers at once takes one
MAIL_BEFORE_END = timedelta(days=7)


def sync_placement(
    placement_id: int, *, gateway: Gateway, now: datetime, intents: Iterable[str] = ()
) -> bool:
    """Bring one placement up to date and book what belongs to it; True where anything changed. Flushes; the caller commits.

    Whatever transaction is open is rolled back first. `intents` are payment intents to book besides the newest. Raises
    `GatewayError` where Stripe cannot be asked, `Conflict` where others change the placement all the time.
    """
    intents = tuple(intents)
    for _ in range(TRIES):
        db.session.rollback()
        known = _known(placement_id)
        db.session.rollback()
        if known is None:
            return False
        facts = load_facts(known, gateway, intents)
        planned = plan(known, facts, now)
        done: set[Step] = set()
        while steps := [step for step in planned.steps if step not in done]:
            _carry_out(steps, gateway)
            done.update(steps)
            facts = load_facts(known, gateway, intents)  # what happened meanwhile may ask for more
            planned = plan(known, facts, now)
        try:
            return _write(known, planned.target, facts, now)
        except Full:  # paid too late: the money goes back, and Stripe is asked anew
            db.session.rollback()
            _carry_out(refund_all(known, facts), gateway)
        except Raced:
            db.session.rollback()
    raise Conflict("placement_busy")


def _known(placement_id: int) -> Known | None:
    row = db.session.execute(
        select(
            Placement.id,
            Placement.version,
            Placement.state,
            Placement.reason,
            Placement.kind,
            Placement.session_id,
            Placement.subscription_id,
            Placement.payment_intent_id,
            Placement.grace_until,
            Placement.period_end,
            Placement.hold_until,
        ).where(Placement.id == placement_id)
    ).first()
    return None if row is None else Known(**row._mapping)


def _carry_out(steps: Iterable[Step], gateway: Gateway) -> None:
    for step in steps:
        if step.action == Action.CANCEL:
            gateway.cancel_subscription(step.target, step.key, comment=step.comment)
            continue
        if step.action == Action.VOID:
            with suppress(StripeRefused):  # paid meanwhile: Stripe is asked anew, and it is given back
                gateway.void_invoice(step.target, step.key)
            continue
        try:
            gateway.refund(step.target, amount=None, key=step.key)
        except StripeRefused as refusal:
            if refusal.code != "charge_already_refunded":
                raise


def _write(known: Known, target: Target, facts: Facts, now: datetime) -> bool:
    """Write what follows; whether anything changed. Raises `Raced` where somebody was faster, `Full` where no slot is free
    for a late payment."""
    lines = [line for payment in facts.payments for line in entries(payment)]
    same = target == _as_target(known)
    if not same:
        _write_state(known, target, now)
    elif known.state in PAID and not write_fenced(known.id, known.version, {}):
        # That nothing is to be done is news as well: else somebody who asked Stripe before a cancellation was taken back
        # could write it now.
        raise Raced
    added = book(known.id, lines, now=now)
    if not same or added:
        placement = db.session.get(Placement, known.id, populate_existing=True)
        assert placement is not None
        if not same:
            _follow(placement, known, target, now)
        _watch(placement, known, added, now)
        _tell_of_late_payments(placement, facts, added, now)
    _ask_about_inquiries(known, facts, now)
    db.session.flush()
    return not same or bool(added)


def _as_target(known: Known) -> Target:
    return Target(
        known.state,
        known.reason,
        known.subscription_id,
        known.payment_intent_id,
        known.period_end,
        known.grace_until,
    )


def _write_state(known: Known, target: Target, now: datetime) -> None:
    place = select(Placement.scope, Placement.country).where(Placement.id == known.id)
    scope, country = db.session.execute(place).one()
    if (known.state in PAID) != (target.state in PAID):
        show_change(scope)
    values: dict[str, Any] = {
        "state": target.state,
        "reason": target.reason,
        "subscription_id": target.subscription_id,
        "payment_intent_id": target.payment_intent_id,
        "period_end": target.period_end,
        "grace_until": target.grace_until,
    }
    if target.state == PlacementState.RESERVED:  # its session is over: the next try opens another
        values |= {"session_id": None, "session_expires_at": None, "create_params": None}
        values["attempt"] = Placement.attempt + 1
    if target.state in PAID and known.state not in PAID:
        values["started_at"] = now
        values["ended_at"] = None
    if target.state not in LIVE and known.state in LIVE:
        values["ended_at"] = now
    if known.state not in LIVE and target.state in LIVE:
        price = db.session.get(PlacementPrice, country)
        retake_slot(known.id, known.version, scope, price.slots(scope) if price else 0, values)
    elif not write_fenced(known.id, known.version, values):
        raise Raced


def _follow(placement: Placement, known: Known, target: Target, now: datetime) -> None:
    """What a change of state brings about: mails, timers, the slot's next holder."""
    if known.state in LIVE and target.state not in LIVE:
        close_wait(placement.id, WaitState.LEFT)
        offer_free_slots(placement.scope, placement.country, now)
    if target.state in PAID:
        _follow_paid(placement, known, target, now)
    elif target.state != known.state:
        _tell_end(placement, known, target)


def _follow_paid(placement: Placement, known: Known, target: Target, now: datetime) -> None:
    if known.state not in PAID:
        close_waits(placement.scope, placement.provider_id)
        notify_members(placement, "started", key="1", end=target.period_end)
        refresh_visibility(placement, now)
    end = target.period_end
    if placement.kind == PlacementKind.PASS and end is not None:
        _sync_at(placement.id, end)
        key = f"billing.ending:{placement.id}"
        enqueue("billing.ending", {"placement": placement.id}, run_at=end - MAIL_BEFORE_END, key=key)
    if target.state == PlacementState.PAST_DUE and target.grace_until is not None:
        _sync_at(placement.id, target.grace_until)
        if known.state != PlacementState.PAST_DUE:
            until = target.grace_until
            notify_members(placement, "payment_failed", key=until.isoformat(), end=until)
    if (
        target.state == PlacementState.CANCELING
        and known.state != PlacementState.CANCELING
        and end is not None
    ):
        notify_members(placement, "canceling", key=f"{known.version}", end=end)


def _sync_at(placement_id: int, moment: datetime) -> None:
    key = f"billing.sync:{placement_id}:{moment.isoformat()}"
    enqueue("billing.sync", {"placement": placement_id}, run_at=moment, key=key)


def _tell_end(placement: Placement, known: Known, target: Target) -> None:
    if target.state == PlacementState.ENDED and known.state in PAID:
        notify_members(placement, "ended", reason=target.reason, key="1")
    elif target.state == PlacementState.REFUNDED:
        notify_members(placement, "given_back", key="1")
    elif target.state == PlacementState.RELEASED and target.reason == EndReason.PAYMENT_FAILED:
        notify_members(placement, "async_failed", key="1")


def _watch(placement: Placement, known: Known, added: list[Entry], now: datetime) -> None:
    """Alarms for what an admin has to look at."""
    for line in added:
        if line.kind in (EntryKind.DISPUTE, EntryKind.REFUND_FAILED):
            raise_alarm(AlarmKind(line.kind), line.stripe_id, now=now, placement_id=placement.id)
            notify_admins(placement, line.kind, key=line.stripe_id)
        if line.kind == EntryKind.REFUND and placement.state in PAID:
            notify_members(placement, "given_part", key=line.stripe_id, amount=-line.amount)
    if (
        placement.state == PlacementState.REFUNDED
        and placement.reason == EndReason.LATE
        and known.state not in FINAL
    ):
        raise_alarm(AlarmKind.LATE_REFUND, f"placement {placement.id}", now=now, placement_id=placement.id)
        notify_admins(placement, "late", key="1")


def _tell_of_late_payments(placement: Placement, facts: Facts, added: list[Entry], now: datetime) -> None:
    """What was paid for nothing, after the end, is given back: the members and an admin hear of it."""
    booked = {line.charge_id for line in added if line.kind == EntryKind.PAYMENT}
    for payment in paid_after_end(facts):
        charge = payment.charge["id"]
        if charge in booked and placement.state in FINAL:
            notify_members(placement, "given_back", key=charge)
            raise_alarm(AlarmKind.LATE_REFUND, charge, now=now, placement_id=placement.id)
            notify_admins(placement, "late", key=charge)


def _ask_about_inquiries(known: Known, facts: Facts, now: datetime) -> None:
    for payment in facts.payments:
        for inquiry in payment.inquiries:
            if raise_alarm(AlarmKind.INQUIRY, inquiry["id"], now=now, placement_id=known.id):
                placement = db.session.get(Placement, known.id, populate_existing=True)
                assert placement is not None
                notify_admins(placement, "inquiry", key=inquiry["id"])
