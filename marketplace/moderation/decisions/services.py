"""Deciding, and undoing that. A decision is written with a job that lets it take effect once the undo time is over.

Until then nothing about the subject changes, but no moderator finds it in the queue. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import update

from marketplace.accounts.models import Role, User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import cancel, enqueue
from marketplace.core.locking import find_locked
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.log import add_decision, record_decision
from marketplace.moderation.decisions.queries import (
    effect_time,
    last_decision,
    pending_subjects,
    reason_cannot_decide,
)
from marketplace.moderation.decisions.registry import find_kind, find_subject
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import STATEMENT_LENGTH, ActionName, Decision, DecisionState
from marketplace.text.clean import clean_text

EFFECT_TASK = "moderation.apply_decision"


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
    changed it meanwhile, or another decision is about to change it (`moving`), `InvalidFields` on `ground` and `statement`,
    and what the action's own check raises.
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
        "read": subject.words_read(),
        "level": level,
        "covered": list(choice.covered),
        "leaves_rest": leaves_rest,
    }
    enqueue(EFFECT_TASK, payload, run_at=effect_time(now), key=effect_key(decision))
    return decision


def undo_decision(decision_id: int, *, actor: User, now: datetime) -> Decision:
    """Cancel a decision before it takes effect, and write that as a decision of its own. Flushes.

    An admin can do that for another moderator, who is told so on their own pages.

    Raises `NotAllowed` (`not_moderator`; `own` for an admin whose own matter it is); `NotFound` for other moderators;
    `Conflict` where it was undone already (`undone`), or it has taken effect or is about to (`undo_over`).
    """
    _require_moderator(actor)
    decision = find_locked(Decision, decision_id)
    if decision is None:
        raise NotFound
    is_own = decision.actor_id == actor.id
    if not is_own:
        _require_impartial_admin(actor, decision)
    if decision.state == DecisionState.UNDONE:
        raise Conflict("undone")
    is_open = decision.state == DecisionState.PENDING and now < effect_time(decision.decided_at)
    if not is_open or not cancel([effect_key(decision)]):
        raise Conflict("undo_over")
    decision.state, decision.is_unread = DecisionState.UNDONE, not is_own
    undo = Decision(
        subject=decision.subject,
        subject_id=decision.subject_id,
        version=decision.version,
        asked_by=decision.asked_by,
        rating=decision.rating,
        reverses_id=decision.id,
        actor_id=actor.id,
        decided_at=now,
        action=ActionName.UNDO,
    )
    return add_decision(undo)


def mark_as_read(decision_ids: Collection[int], *, actor: User) -> None:
    """Note that a moderator has seen which of their decisions had no effect."""
    own = (Decision.id.in_(decision_ids), Decision.actor_id == actor.id)
    read = update(Decision).where(*own).values(is_unread=False)
    db.session.execute(read.execution_options(synchronize_session=False))


def _require_moderator(actor: User) -> None:
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")


def _require_impartial_admin(actor: User, decision: Decision) -> None:
    if actor.role != Role.ADMIN:
        raise NotFound
    try:
        subject = find_subject(decision.subject, decision.subject_id)
    except NotFound:
        return  # nothing is left that could be the admin's own
    if subject.is_party(actor):
        raise NotAllowed("own")


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
    pending = pending_subjects(subject.moved_by())
    if not subject.actions[action].is_open(subject) or (subject.kind, subject.id) in pending:
        raise Conflict("decided", status=subject.row.status)
    if pending:
        raise Conflict("moving")
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
