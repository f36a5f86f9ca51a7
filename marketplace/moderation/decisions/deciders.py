"""Who may decide on a thing, before anybody writes a statement: nobody on their own, nor twice after an appeal."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.appeals.services import decided_once
from marketplace.moderation.decisions.subjects import Subject, is_party


def bar_on(user: User, subject: Subject) -> str | None:
    """The code of what keeps a moderator from deciding on a subject (`own`, `own_decision`), or None. `services.decide`
    refuses with the same."""
    if is_party(user, subject):
        return "own"
    if not subject.is_waiting:
        return None
    if subject.kind == "appeal" and subject.row.decision.actor_id == user.id:
        return "own_decision"
    if decided_once(subject.kind, subject.id, actor_id=user.id, since=subject.since):
        return "own_decision"
    return None


def has_decider(subject: Subject) -> bool:
    """Whether any account of a moderator or admin may decide on a subject."""
    staff = db.session.scalars(
        select(User).where(User.role.in_(("moderator", "admin")), User.active).order_by(User.id)
    )
    return any(bar_on(user, subject) is None for user in staff)
