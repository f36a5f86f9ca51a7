"""What becomes of a decision once the undo time is over: it takes effect, or it lapses. Nothing here commits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, literal, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, JobState
from marketplace.core.revisions import raise_site_revision
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.log import log_decision
from marketplace.moderation.decisions.mails import queue_decision_mails
from marketplace.moderation.decisions.queries import reason_cannot_decide
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Decision, DecisionState

ABANDONED_AFTER = timedelta(hours=1)


def apply_decision(decision_id: int, choice: Choice) -> bool:
    """Let a pending decision take effect: the subject changes, and mails, receipt and linked decisions are written. Flushes.

    Does nothing where it is not pending any more. It lapses where its moderator may not decide on the subject any more, and
    where the subject has changed so that it does not fit. Returns whether it took effect. Raises `TooEarly` where another
    decision comes first.
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
    refusal = _reason_not_to_act(decision, subject)
    if refusal is not None or subject is None or not _take_effect(subject, decision, choice):
        lapse(decision, choice.now, reason=refusal)
        return False
    if decision.decided_at.date() != choice.now.date():
        raise_site_revision()  # the ledger of yesterday was complete without it
    return True


def _reason_not_to_act(decision: Decision, subject: Subject[Any] | None) -> str | None:
    """Why the moderator may not decide by now: the account was closed or lost its role, or it is their own matter."""
    actor = db.session.get(User, decision.actor_id) if decision.actor_id is not None else None
    if actor is None or not actor.is_staff or not actor.active:
        return "not_moderator"
    return reason_cannot_decide(actor, subject) if subject is not None else None


def _take_effect(subject: Subject[Any], decision: Decision, choice: Choice) -> bool:
    action = subject.actions[decision.action]
    if not subject.is_same(decision) or not (action.still_fits or action.is_open)(subject):
        return False
    read = choice.read or str(decision.version)
    if action.rests_on_words and subject.words_read() != read:
        return False
    try:
        with db.session.begin_nested():
            action.check(subject, choice)
            decision.state, decision.effective_at = DecisionState.EFFECTIVE, choice.now
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


def lapse(decision: Decision, moment: datetime, *, reason: str | None = None) -> None:
    """End a pending decision without effect, log it, and let its moderator's pages say so. Flushes."""
    decision.state, decision.is_unread = DecisionState.LAPSED, True
    log_decision(decision, "lapse", moment, ground=reason)


def lapse_abandoned_decisions(*, now: datetime) -> int:
    """Let pending decisions lapse whose job was given up. Returns how many.

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
        lapse(decision, now)
    return len(found)
