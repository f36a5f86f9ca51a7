"""The log of actions: one line for each decision, with ids and grounds alone. None can be changed or deleted."""

from __future__ import annotations

from datetime import datetime

from marketplace.core.extensions import db
from marketplace.moderation.models import Decision, LogEntry


def log_decision(decision: Decision) -> LogEntry:
    """Write the line of a decision that has its id. Flushes."""
    entry = LogEntry(
        at=decision.decided_at,
        actor_id=decision.actor_id,
        action=decision.action,
        subject=decision.subject,
        subject_id=decision.subject_id,
        version=decision.version,
        ground=decision.ground,
        decision_id=decision.id,
    )
    db.session.add(entry)
    db.session.flush()
    return entry


def log_action(action: str, subject: str, subject_id: int, *, actor_id: int, at: datetime) -> LogEntry:
    """Write the line of an action that is no decision. Flushes."""
    entry = LogEntry(at=at, actor_id=actor_id, action=action, subject=subject, subject_id=subject_id)
    db.session.add(entry)
    db.session.flush()
    return entry
