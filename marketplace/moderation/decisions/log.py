"""Writing decisions and the lines of the log of actions. Nothing here commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marketplace.core.extensions import db
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Decision, LogEntry


def record_decision(subject: Subject[Any], action: str, **values: Any) -> Decision:
    """Write a decision on a subject with its line in the log. `values` are the other columns. Flushes."""
    return add_decision(Decision(subject=subject.kind, subject_id=subject.id, action=action, **values))


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
        effective_at=decision.effective_at,
    )


def add_decision(decision: Decision) -> Decision:
    """Add a decision with its line in the log. Flushes."""
    db.session.add(decision)
    db.session.flush()
    log_decision(decision, decision.action, decision.decided_at)
    return decision


def log_decision(decision: Decision, action: str, at: datetime, *, ground: str | None = None) -> None:
    """Write the log's line of what became of a decision; `ground` is the decision's unless there is another. Flushes."""
    _add_line(
        LogEntry(
            at=at,
            actor_id=decision.actor_id,
            action=action,
            subject=decision.subject,
            subject_id=decision.subject_id,
            version=decision.version,
            ground=ground or decision.ground,
            decision_id=decision.id,
        )
    )


def log_action(action: str, subject: str, subject_id: int, *, actor_id: int | None, at: datetime) -> LogEntry:
    """Write the log's line of an action that is no decision; without an actor it was the operator, by a command. Flushes."""
    return _add_line(
        LogEntry(at=at, actor_id=actor_id, action=action, subject=subject, subject_id=subject_id)
    )


def _add_line(entry: LogEntry) -> LogEntry:
    db.session.add(entry)
    db.session.flush()
    return entry
