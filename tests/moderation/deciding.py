"""Decisions that take effect at once, for tests that do not wait for the undo time to pass."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.effects import apply_decision
from marketplace.moderation.decisions.registry import find_kind, register
from marketplace.moderation.decisions.services import EFFECT_TASK, decide, effect_key
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.kinds import KINDS as CLASSES
from marketplace.moderation.models import Decision
from tests.factories import NOON, make_user

STATEMENT = "This does not belong to the procedure of the guide."
register(*CLASSES)  # as making an application does
KINDS = tuple(kind.kind for kind in CLASSES)
# The grounds of rejections by kind, and of the other actions by kind and action.
GROUNDS = {kind.kind: kind.actions["reject"].grounds for kind in CLASSES if "reject" in kind.actions}
LATER_GROUNDS = {
    (kind.kind, name): action.grounds
    for kind in CLASSES
    for name, action in kind.actions.items()
    if name != "reject" and action.grounds
}
LATER_GROUNDS["flag", "uphold"] = tuple(
    ground for ground in find_kind("flag").all_grounds() if ground not in LATER_GROUNDS["flag", "dismiss"]
)


def subject_of(kind: str, row: Any) -> Subject[Any]:
    """The subject that a row is."""
    return find_kind(kind)(row)


def take_effect(decision: Decision, now: datetime | None = None) -> bool:
    """Let a decision take effect at the moment of the decision, as its job would; False where it lapses."""
    job = db.session.scalars(select(Job).where(Job.key == effect_key(decision))).one()
    given = job.payload
    choice = Choice(
        now=now or decision.decided_at,
        actor_id=decision.actor_id,
        read=given["read"],
        level=given["level"],
        covered=tuple(given["covered"]),
        leaves_rest=given["leaves_rest"],
    )
    db.session.delete(job)
    return apply_decision(decision.id, choice)


def let_decisions_take_effect() -> None:
    """Let everything that was decided take effect, in its order, and commit."""
    db.session.rollback()
    query = select(Job.payload).where(Job.task == EFFECT_TASK, Job.state == "waiting").order_by(Job.id)
    for payload in db.session.scalars(query).all():
        take_effect(db.session.get_one(Decision, payload["decision_id"]))
    db.session.commit()


def move(
    kind: str, row: Any, action: str, ground: str | None = None, actor: User | None = None, **values: Any
) -> Decision:
    """Decide as a moderator who read the row as it is, let it take effect, and commit."""
    subject = subject_of(kind, row)
    given = {"version": subject.version, "statement": STATEMENT if ground else "", "now": NOON, **values}
    moderator = actor or make_user("moderator")
    decision = decide_now(kind, subject.id, actor=moderator, action=action, ground=ground, **given)
    db.session.commit()
    return decision


def decide_now(kind: str, subject_id: int, **given: Any) -> Decision:
    """Decide, and let it take effect."""
    decision = decide(kind, subject_id, **given)
    assert take_effect(decision), "the decision lapsed"
    return decision
