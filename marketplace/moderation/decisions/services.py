"""Deciding, and undoing that. A decision is written with a job that lets it take effect once the undo time is over.

Until then nothing about the subject changes, but no moderator finds it in the queue. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, literal, select

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, JobState, cancel, enqueue
from marketplace.core.revisions import raise_site_revision
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.mails import queue_decision_mails
from marketplace.moderation.decisions.queries import (
    effect_time,
    is_pending,
    last_decision,
    reason_cannot_decide,
)
from marketplace.moderation.decisions.registry import find_kind, find_subject, kinds
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import (
    STATEMENT_LENGTH,
    ActionName,
    Decision,
    DecisionState,
    LogEntry,
)
from marketplace.text.clean import clean_text

EFFECT_TASK = "moderation.apply_decision"
ABANDONED_AFTER = timedelta(hours=1)


def effect_key(decision: Decision) -> str:
    """The key of the job that lets a decision take effect: an undo cancels it."""
    return f"decision:{decision.id}:effect"


def decide(
    kind: str,
    subject_id: int,
    *,
    actor: User,
    action: str,
    version: int,
    ground: str | None = None,
    statement: str = "",
    now: datetime,
    level: str | None = None,
    covered: Collection[str] = (),
    leaves_rest: bool = False,
) -> Decision:
    """Decide on a subject as `actor` read it in `version`. The decision takes effect after the undo time. Flushes.

    An action that needs reasons takes one of its grounds and a statement of 10 to 2,000 characters; others take none.
    `level` is a review's level of proof on publishing, by default the one it has. `covered` are the findings of personal
    data to cover on publishing; `leaves_rest` says that the others stay.

    Raises `NotAllowed` (`not_moderator`, `own`, `own_decision`), `NotFound`, `Conflict` where somebody decided on it or
    changed it meanwhile, `InvalidFields` on `ground` and `statement`, and what the action's own check raises.
    """
    _require_moderator(actor)
    subject = _subject_as_read(kind, subject_id, version)
    if reason := reason_cannot_decide(actor, subject):
        raise NotAllowed(reason)
    statement = clean_text(statement).strip()
    choice = Choice(now=now, actor_id=actor.id, level=level, covered=tuple(covered), leaves_rest=leaves_rest)
    _check(subject, action, ground, statement, choice)
    has_reasons = bool(subject.grounds_for(action))
    decision = record_decision(
        subject,
        action,
        version=version,
        ground=ground if has_reasons else None,
        statement=statement if has_reasons else "",
        asked_by=subject.asked_by(action),
        rating=getattr(subject.row, "rating", None),
        state=DecisionState.PENDING,
        actor_id=actor.id,
        decided_at=now,
    )
    payload = {
        "decision_id": decision.id,
        "level": level,
        "covered": list(choice.covered),
        "leaves_rest": leaves_rest,
    }
    enqueue(EFFECT_TASK, payload, run_at=effect_time(now), key=effect_key(decision))
    return decision


def undo_decision(decision_id: int, *, actor: User, now: datetime) -> Decision:
    """Cancel a decision before it takes effect, and write that as a decision of its own. Flushes.

    Raises `NotAllowed` (`not_moderator`); `NotFound` for anybody but the moderator who decided; `Conflict` where it was
    undone already (`undone`), or it has taken effect or is about to (`undo_over`).
    """
    _require_moderator(actor)
    decision = None
    if 0 < decision_id <= LARGEST_ID:
        decision = db.session.get(Decision, decision_id, with_for_update=True, populate_existing=True)
    if decision is None or decision.actor_id != actor.id:
        raise NotFound
    if decision.state == DecisionState.UNDONE:
        raise Conflict("undone")
    is_open = decision.state == DecisionState.PENDING and now < effect_time(decision.decided_at)
    if not is_open or not cancel([effect_key(decision)]):
        raise Conflict("undo_over")
    decision.state = DecisionState.UNDONE
    undo = Decision(
        subject=decision.subject,
        subject_id=decision.subject_id,
        version=decision.version,
        asked_by=decision.asked_by,
        rating=decision.rating,
        reverses_id=decision.id,
        actor_id=actor.id,
        decided_at=now,
    )
    return _add(undo, ActionName.UNDO)


def apply_decision(decision_id: int, choice: Choice) -> bool:
    """Let a pending decision take effect: the subject changes, and mails, receipt and linked decisions are written. Flushes.

    Does nothing where it is not pending any more. Where its subject has changed so that it does not fit, it lapses: the
    subject waits again. Returns whether it took effect.
    """
    decision = db.session.get(Decision, decision_id)
    if decision is None or decision.state != DecisionState.PENDING:
        return False
    try:
        subject: Subject[Any] | None = find_subject(decision.subject, decision.subject_id, lock=True)
    except NotFound:
        subject = None
    db.session.refresh(decision, with_for_update=True)
    if decision.state != DecisionState.PENDING:
        return False
    if subject is None or not _take_effect(subject, decision, choice):
        decision.state = DecisionState.LAPSED
        _log(decision, "lapse", choice.now)
        return False
    if decision.decided_at.date() != choice.now.date():
        raise_site_revision()  # the ledger of yesterday was complete without it
    return True


def lapse_abandoned_decisions(*, now: datetime) -> int:
    """Let pending decisions lapse whose job was given up, so that their subjects wait in the queue again. Returns how many.

    A job that failed for good would otherwise keep its subject out of every moderator's sight.
    """
    key = literal("decision:") + cast(Decision.id, String) + ":effect"
    alive = select(Job.id).where(Job.key == key, Job.state.in_((JobState.WAITING, JobState.WORKING)))
    abandoned = select(Decision).where(
        Decision.state == DecisionState.PENDING,
        Decision.decided_at <= now - ABANDONED_AFTER,
        ~alive.exists(),
    )
    found = db.session.scalars(abandoned.order_by(Decision.id).with_for_update()).all()
    for decision in found:
        decision.state = DecisionState.LAPSED
        _log(decision, "lapse", now)
    return len(found)


def _take_effect(subject: Subject[Any], decision: Decision, choice: Choice) -> bool:
    action = subject.actions[decision.action]
    # SQLite gives an id again once its row is gone: what came later is another subject.
    is_the_one = subject.version == decision.version and subject.since <= decision.decided_at
    if not is_the_one or not action.is_open(subject):
        return False
    try:
        with db.session.begin_nested():
            action.check(subject, choice)
            decision.state = DecisionState.EFFECTIVE
            carry_out(subject, decision, choice)
    except Refusal:
        return False
    return True


def carry_out(
    subject: Subject[Any], decision: Decision, choice: Choice, *, is_takedown: bool = False
) -> None:
    """Queue the mails of a decision and change its subject, in this order: the change may take away who is told."""
    queue_decision_mails(subject, decision, choice)
    if is_takedown:
        subject.take_down(decision, choice)
    else:
        subject.actions[decision.action].apply(subject, decision, choice)
    db.session.flush()
    subject.after_effect(decision)


def record_decision(subject: Subject[Any], action: str, **values: Any) -> Decision:
    """Write a decision on a subject with its line in the log. `values` are the other columns. Flushes."""
    return _add(Decision(subject=subject.kind, subject_id=subject.id, **values), action)


def record_linked_decision(decision: Decision, subject: Subject[Any], action: str, asked_by: str) -> Decision:
    """Write a decision that follows from another, for the same reasons: on the target of a report or an appeal. Flushes."""
    return record_decision(
        subject,
        action,
        version=subject.row.version,
        ground=decision.ground,
        statement=decision.statement,
        asked_by=asked_by,
        rating=getattr(subject.row, "rating", None),
        actor_id=decision.actor_id,
        decided_at=decision.decided_at,
    )


def log_action(action: str, subject: str, subject_id: int, *, actor_id: int, at: datetime) -> LogEntry:
    """Write the log's line of an action that is no decision. Flushes."""
    return _add_line(
        LogEntry(at=at, actor_id=actor_id, action=action, subject=subject, subject_id=subject_id)
    )


def _add(decision: Decision, action: str) -> Decision:
    decision.action = action
    db.session.add(decision)
    db.session.flush()
    _log(decision, decision.action, decision.decided_at)
    return decision


def _log(decision: Decision, action: str, at: datetime) -> None:
    _add_line(
        LogEntry(
            at=at,
            actor_id=decision.actor_id,
            action=action,
            subject=decision.subject,
            subject_id=decision.subject_id,
            version=decision.version,
            ground=decision.ground,
            decision_id=decision.id,
        )
    )


def _add_line(entry: LogEntry) -> LogEntry:
    db.session.add(entry)
    db.session.flush()
    return entry


def _require_moderator(actor: User) -> None:
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")


def _subject_as_read(kind: str, subject_id: int, version: int) -> Subject[Any]:
    try:
        subject = find_subject(kind, subject_id, lock=True)
    except NotFound:
        # An edit is gone once it was applied: who read it too is told so, not that it never was.
        if last_decision(find_kind(kind).kind, subject_id) is not None:
            raise Conflict("decided") from None
        raise
    if subject.version != version:
        raise Conflict("changed", version=subject.version)
    return subject


def _check(subject: Subject[Any], action: str, ground: str | None, statement: str, choice: Choice) -> None:
    if action not in subject.actions:
        raise Invalid("action_unknown")
    # What an accepted change puts in place raises the version: a decision on the old one would lapse.
    moving = [kind.kind for kind in kinds() if subject.kind in (kind.kind, kind.parent_kind)]
    if not subject.actions[action].is_open(subject) or is_pending(moving, subject.id):
        raise Conflict("decided", status=subject.row.status)
    grounds = subject.grounds_for(action)
    if grounds:
        problems = {}
        least, most = STATEMENT_LENGTH
        if ground not in [known.code for known in grounds]:
            problems["ground"] = "ground_missing"
        if len(statement) < least:
            problems["statement"] = "statement_short"
        elif len(statement) > most:
            problems["statement"] = "statement_long"
        if problems:
            raise InvalidFields(problems)
    subject.actions[action].check(subject, choice)
