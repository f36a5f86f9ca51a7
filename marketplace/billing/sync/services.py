"""Brings a placement to the state that follows from Stripe's own state. Every event, retry and reconciliation ends here.

Stripe is read with no transaction open. The result is written only if nobody changed the placement meanwhile (optimistic
lock on `version`), in one transaction with the ledger entries, the mails and the slot's next holder. So any number of
workers may do this at once, in any order, and be killed at any point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, literal, select

from marketplace.billing.alarms import raise_alarm, raise_key_alarm
from marketplace.billing.ledger import Entry, record_entries
from marketplace.billing.models import Placement, PlacementPrice
from marketplace.billing.placements.notifications import notify_admins, notify_members
from marketplace.billing.placements.scopes import invalidate_scope
from marketplace.billing.placements.slots import NoFreeSlot, VersionConflict, retake_slot, write_fenced
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
from marketplace.billing.stripe.client import StripeForbidden, StripeRefused
from marketplace.billing.stripe.gateway import Gateway
from marketplace.billing.sync.accounts import is_present
from marketplace.billing.sync.facts import Facts, Known, entries, load_facts
from marketplace.billing.sync.states import (
    Action,
    Step,
    Target,
    paid_after_end,
    plan,
    refund_all,
    without,
)
from marketplace.core.database import UTCDateTime
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue

ATTEMPTS = 20  # each concurrent worker may cost one
MAIL_BEFORE_END = timedelta(days=7)
TRY_DENIED_AGAIN = timedelta(hours=1)
LOOK_FOR_SLOT = timedelta(days=1)


def sync_placement(
    placement_id: int, *, gateway: Gateway, now: datetime, intents: Iterable[str] = ()
) -> bool:
    """Bring one placement up to date and record its payments; True if anything changed. Flushes; the caller commits.

    An open transaction is rolled back first. `intents` are payment intents to record besides the newest. Raises
    `GatewayError` if Stripe cannot be reached, `Conflict` if other workers keep changing the placement.
    """
    intents = tuple(intents)
    for _ in range(ATTEMPTS):
        db.session.rollback()
        known = _known(placement_id)
        db.session.rollback()
        if known is None or known.parked_state is not None:
            return False
        if known.account and not is_present(known.account, gateway.account()):
            return False  # its ids mean nothing here; `settle_accounts` parks it
        facts = load_facts(known, gateway, intents)
        planned = plan(known, facts, now)
        done: set[Step] = set()
        denied: dict[Step, StripeForbidden] = {}
        while steps := [step for step in planned.steps if step not in done]:
            denied |= _execute(steps, gateway)
            done.update(steps)
            facts = load_facts(known, gateway, intents)  # more may have happened meanwhile
            planned = plan(known, facts, now)
        try:
            return _write(known, without(denied, known, planned.target), facts, denied, now)
        except NoFreeSlot:
            db.session.rollback()
            stays = _as_target(known)
            if known.state not in FINAL:  # paid too late: refund it, and read Stripe again
                denied |= _execute(refund_all(known, facts), gateway)
                stays = replace(stays, reason=EndReason.LATE)
            with suppress(VersionConflict):
                if known.state in FINAL:
                    _await_slot(known.id, now)
                if known.state in FINAL or denied:
                    return _write(known, stays, facts, denied, now)
            db.session.rollback()
        except VersionConflict:
            db.session.rollback()
    raise Conflict("placement_busy")


def _await_slot(placement_id: int, now: datetime) -> None:
    """A dispute was won, and the slot is sold: an admin decides, and a slot that becomes free in time is taken."""
    if raise_alarm(AlarmKind.DISPUTE_WON, f"placement {placement_id}", now=now, placement_id=placement_id):
        placement = db.session.get(Placement, placement_id, populate_existing=True)
        assert placement is not None
        notify_admins(placement, "dispute_won", key="1")
    _sync_at(placement_id, (now + LOOK_FOR_SLOT).replace(minute=0, second=0, microsecond=0))


def _known(placement_id: int) -> Known | None:
    row = db.session.execute(
        select(*(getattr(Placement, field.name) for field in fields(Known))).where(
            Placement.id == placement_id
        )
    ).first()
    return None if row is None else Known(**row._mapping)


def _execute(steps: Iterable[Step], gateway: Gateway) -> dict[Step, StripeForbidden]:
    """Take the steps; returns those that our key may not take."""
    denied = {}
    for step in steps:
        try:
            _take(step, gateway)
        except StripeForbidden as refusal:
            denied[step] = refusal
    return denied


def _take(step: Step, gateway: Gateway) -> None:
    if step.action == Action.CANCEL:
        gateway.cancel_subscription(step.target, step.key, comment=step.comment)
    elif step.action == Action.VOID:
        with suppress(StripeRefused):  # paid meanwhile: the next plan refunds it
            gateway.void_invoice(step.target, step.key)
    else:
        try:
            gateway.refund(step.target, amount=None, key=step.key)
        except StripeRefused as refusal:
            if refusal.code != "charge_already_refunded":
                raise


def _write(
    known: Known, target: Target, facts: Facts, denied: Mapping[Step, StripeForbidden], now: datetime
) -> bool:
    """Write the result; True if anything changed. Raises `VersionConflict` if another worker was faster, `NoFreeSlot` if no
    slot is free for a late payment."""
    lines = [line for payment in facts.payments for line in entries(payment)]
    same = target == _as_target(known)
    if not same:
        _write_state(known, target, now)
    elif known.state in PAID and not write_fenced(known.id, known.version, {}):
        # Raise the version even without a change. Otherwise a worker with older facts, read before a cancellation was
        # undone, could still write them.
        raise VersionConflict
    added = record_entries(known.id, lines, now=now)
    if not same or added:
        placement = db.session.get(Placement, known.id, populate_existing=True)
        assert placement is not None
        if not same:
            _apply_effects(placement, known, target, now)
        _notify_of_entries(placement, known, added, now)
        _notify_of_late_payments(placement, known, facts, added, now)
    _notify_of_inquiries(known, facts, now)
    for refusal in denied.values():
        raise_key_alarm(refusal, now=now)
        # The full hour, so that many events make one attempt.
        _sync_at(known.id, (now + TRY_DENIED_AGAIN).replace(minute=0, second=0, microsecond=0))
    db.session.flush()
    return not same or bool(added)


def _as_target(known: Known) -> Target:
    return Target(**{field.name: getattr(known, field.name) for field in fields(Target)})


def _write_state(known: Known, target: Target, now: datetime) -> None:
    row = select(Placement.scope, Placement.country).where(Placement.id == known.id)
    scope, country = db.session.execute(row).one()
    if (known.state in PAID) != (target.state in PAID):
        invalidate_scope(scope)
    values: dict[str, Any] = asdict(target)
    if target.state == PlacementState.RESERVED:  # its session is over: the next attempt opens another
        values |= {"session_id": None, "session_expires_at": None, "create_params": None}
        values["attempt"] = Placement.attempt + 1
    if target.state in PAID and known.state not in PAID:
        values["started_at"] = func.coalesce(Placement.started_at, literal(now, UTCDateTime))
        values["ended_at"] = None
    if target.state not in LIVE and known.state in LIVE:
        values["ended_at"] = now
    if known.state not in LIVE and target.state in LIVE:
        price = db.session.get(PlacementPrice, country)
        retake_slot(known.id, known.version, scope, price.slots(scope) if price else 0, values)
    elif not write_fenced(known.id, known.version, values):
        raise VersionConflict


def _apply_effects(placement: Placement, known: Known, target: Target, now: datetime) -> None:
    """The effects of a change of state: mails, timers, the slot's next holder."""
    if known.state in LIVE and target.state not in LIVE:
        close_wait(placement.id, WaitState.LEFT)
        offer_free_slots(placement.scope, placement.country, now)
    if target.state in PAID:
        _apply_paid_effects(placement, known, target, now)
    elif target.state != known.state:
        _notify_of_end(placement, known, target)


def _apply_paid_effects(placement: Placement, known: Known, target: Target, now: datetime) -> None:
    if known.state not in PAID:
        close_waits(placement.scope, placement.provider_id)
        if known.state not in FINAL:
            notify_members(placement, "started", key="1", end=target.period_end)
        refresh_visibility(placement, now)
        if known.state in FINAL and not placement.hidden:
            notify_members(placement, "shown_again", key=f"won:{known.version}")
    end = target.period_end
    if target.state == PlacementState.CANCELING and end is not None:
        _sync_at(placement.id, end)
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


def _notify_of_end(placement: Placement, known: Known, target: Target) -> None:
    if target.state == PlacementState.ENDED and known.state in PAID:
        notify_members(placement, "ended", reason=target.reason, key=f"{known.version}")
    elif target.state == PlacementState.REFUNDED:
        notify_members(placement, "given_back", key="1")
    elif target.state == PlacementState.RELEASED and target.reason == EndReason.PAYMENT_FAILED:
        notify_members(placement, "async_failed", key="1")


def _notify_of_entries(placement: Placement, known: Known, added: list[Entry], now: datetime) -> None:
    """Alarms for what an admin must look at, and mails about refunds."""
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


def _notify_of_late_payments(
    placement: Placement, known: Known, facts: Facts, added: list[Entry], now: datetime
) -> None:
    """Email members and admins about payments after the end, which are refunded."""
    recorded = {line.charge_id for line in added if line.kind == EntryKind.REFUND}
    for payment in paid_after_end(known, facts):
        charge = payment.charge["id"]
        if charge in recorded and payment.refunded and placement.state in FINAL:
            notify_members(placement, "given_back", key=charge)
            raise_alarm(AlarmKind.LATE_REFUND, charge, now=now, placement_id=placement.id)
            notify_admins(placement, "late", key=charge)


def _notify_of_inquiries(known: Known, facts: Facts, now: datetime) -> None:
    for payment in facts.payments:
        for inquiry in payment.inquiries:
            if raise_alarm(AlarmKind.INQUIRY, inquiry["id"], now=now, placement_id=known.id):
                placement = db.session.get(Placement, known.id, populate_existing=True)
                assert placement is not None
                notify_admins(placement, "inquiry", key=inquiry["id"])
