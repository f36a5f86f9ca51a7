"""What was decided, and who can decide."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, literal, or_, select

from marketplace.accounts.models import Role, User
from marketplace.core.database import LARGEST_ID
from marketplace.core.extensions import db
from marketplace.moderation.decisions import registry
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Appeal, Decision, DecisionState, FlagStatus
from marketplace.providers.models import Provider

UNDO_SECONDS = 10
GRACE_SECONDS = 5
MOST_AT_ONCE = 100  # decisions that one click takes or undoes


def effect_time(decided_at: datetime) -> datetime:
    """When a decision takes effect. Moderators are told `UNDO_SECONDS`; the rest lets a click of the last second arrive."""
    return decided_at + timedelta(seconds=UNDO_SECONDS + GRACE_SECONDS)


def last_decision(kind: str, subject_id: int) -> Decision | None:
    """The last decision on a subject that did not lapse, or None."""
    if subject_id > LARGEST_ID:
        return None
    query = select(Decision).where(
        Decision.is_about(kind, subject_id),
        Decision.state != DecisionState.LAPSED,
    )
    return db.session.scalar(query.order_by(Decision.id.desc()).limit(1))


def pending_decision(kind: str, subject_id: int) -> Decision | None:
    """The decision on a subject that has not taken effect yet, or None."""
    return db.session.scalar(
        select(Decision).where(
            Decision.is_about(kind, subject_id),
            Decision.state == DecisionState.PENDING,
        )
    )


def pending_subjects(about: ColumnElement[bool]) -> set[tuple[str, int]]:
    """Those, by kind and id, on which a decision has not taken effect yet, of the decisions that the condition names."""
    query = select(Decision.subject, Decision.subject_id).where(
        about, Decision.state == DecisionState.PENDING
    )
    return {(kind, subject_id) for kind, subject_id in db.session.execute(query)}


def reason_cannot_decide(user: User, subject: Subject[Any]) -> str | None:
    """The code of why this moderator cannot decide on a subject (`own`, `own_decision`), or None."""
    if subject.is_party(user):
        return "own"
    if not subject.open_actions():
        return None
    if subject.contests_decision_of(user) or _was_reversed(user, subject):
        return "own_decision"
    return None


def _was_reversed(user: User, subject: Subject[Any]) -> bool:
    """Whether an appeal against this moderator's decision on the subject, as it was sent, was upheld."""
    query = (
        select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(
            Appeal.status == FlagStatus.UPHELD,
            Decision.is_about(subject.kind, subject.id),
            Decision.actor_id == user.id,
            Decision.decided_at >= subject.since,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def has_decider(subject: Subject[Any]) -> bool:
    """Whether the account of any moderator or admin can decide on a subject."""
    staff = db.session.scalars(
        select(User).where(User.role.in_(("moderator", "admin")), User.active).order_by(User.id)
    )
    return any(reason_cannot_decide(user, subject) is None for user in staff)


def undoable_until(actor: User, decision_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Those of the decisions that this moderator can still undo, each with the end of that time as moderators are told. An
    admin can undo everybody's."""
    if not decision_ids:
        return {}
    grace = timedelta(seconds=GRACE_SECONDS)
    query = (
        select(Decision.id, Decision.decided_at)
        .where(
            Decision.id.in_(decision_ids),
            Decision.state == DecisionState.PENDING,
            or_(Decision.actor_id == actor.id, literal(actor.role == Role.ADMIN)),
        )
        .order_by(Decision.id)
    )
    ends = {row.id: effect_time(row.decided_at) for row in db.session.execute(query)}
    return {decision_id: end - grace for decision_id, end in ends.items() if now < end}


def decisions_by_id(ids: Sequence[int]) -> Sequence[Decision]:
    """These decisions, oldest first."""
    return db.session.scalars(select(Decision).where(Decision.id.in_(ids)).order_by(Decision.id)).all()


def recent_decisions(
    *,
    before: int | None = None,
    limit: int = 50,
    only: Sequence[int] | None = None,
    unread_by: User | None = None,
) -> Sequence[Any]:
    """The decisions made, newest first, from the start or before an id, or `only` those of some ids, or those without effect
    that a moderator has not looked at: (id, subject, subject_id, action, ground, statement, state, decided_at, actor_name,
    provider_name)."""
    provider_id = case(
        {kind.kind: kind.provider_id_of(Decision.subject_id) for kind in registry.kinds()},
        value=Decision.subject,
    )
    query = (
        select(
            Decision.id,
            Decision.subject,
            Decision.subject_id,
            Decision.action,
            Decision.ground,
            Decision.statement,
            Decision.state,
            Decision.decided_at,
            User.name.label("actor_name"),
            Provider.name.label("provider_name"),
        )
        .outerjoin(User, User.id == Decision.actor_id)
        .outerjoin(Provider, Provider.id == provider_id)
        .order_by(Decision.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Decision.id < before)
    if only is not None:
        query = query.where(Decision.id.in_(only))
    if unread_by is not None:
        query = query.where(Decision.actor_id == unread_by.id, Decision.is_unread)
    return db.session.execute(query).all()
