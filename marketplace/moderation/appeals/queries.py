"""What can be appealed against (DSA Art. 20): a decision against somebody, once, within six months."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.extensions import db
from marketplace.core.locking import find_locked
from marketplace.moderation.decisions.reasons import AGAINST_SOMEBODY
from marketplace.moderation.decisions.registry import find_kind, find_subject
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, Appeal, Decision, DecisionState, Flag
from marketplace.moderation.reports.targets import has_reported

APPEAL_WINDOW = timedelta(days=183)
STATES = {None: "open", "appeal_made": "made", "appeal_late": "late"}


def decided_row(decision: Decision) -> Any:
    """The row that was decided on, of an edit its parent's; None where it is gone."""
    kind = find_kind(decision.subject)
    return db.session.get(kind.parent or kind.model, decision.subject_id)


def decided_subject(decision: Decision) -> Subject[Any]:
    """What was decided on, of an edit its parent. Raises `NotFound` where it is gone."""
    kind = find_kind(decision.subject)
    return find_subject(kind.parent_kind or kind.kind, decision.subject_id)


def stands(decision: Decision) -> bool:
    """Whether what was decided is how things are."""
    row = decided_row(decision)
    return row is not None and find_kind(decision.subject).still_stands(row, decision.action)


def appealable(kind: str, subject_id: int, *, actor: User | None, now: datetime) -> Decision:
    """The last decision on a subject, if it went against this person. `actor` is None for a reporter without an account,
    whom a signed link names.

    Raises `NotFound` for strangers and where nothing did; `Conflict` (`appeal_made`, `appeal_late`, `appeal_moot` where it
    does not stand any more).
    """
    if not find_kind(kind).reversals or not 0 < subject_id <= LARGEST_ID:
        raise NotFound
    for decision, row, is_made in _last_decisions(kind, [subject_id]):
        refusal = _refusal(decision, row, actor, now, is_made=is_made)
        if refusal is None:
            return decision
        if refusal != "not_found":
            raise Conflict(refusal)
    raise NotFound


def decision_about(kind: str, subject_id: int, user: User) -> Decision:
    """The last decision on a subject that went against this person, however long ago. Raises `NotFound`."""
    whole = find_kind(find_kind(kind).parent_kind or kind)
    decisions: Sequence[tuple[Decision, Any, bool]] = _last_decisions(kind, [subject_id])
    for decision, row, _is_made in decisions:
        if decision.action in AGAINST_SOMEBODY and whole.concerns(row, user):
            return decision
    raise NotFound


def appeal_states(kind: str, ids: Collection[int], user: User, now: datetime) -> dict[int, str]:
    """Those of the subjects whose last decision this member can appeal against (`open`), or somebody has (`made`), or could
    have (`late`). One query, however many."""
    states = {}
    for decision, row, is_made in _last_decisions(kind, ids) if ids else ():
        refusal = _refusal(decision, row, user, now, is_made=is_made)
        if refusal in STATES:
            states[decision.subject_id] = STATES[refusal]
    return states


def _last_decisions(kind: str, ids: Collection[int]) -> Sequence[Any]:
    """The last decision that took effect on each of these subjects, with the row that was decided on, of an edit its
    parent's, and whether there is an appeal."""
    found = find_kind(kind)
    model = found.parent or found.model
    last = (
        select(func.max(Decision.id))
        .where(
            Decision.subject == kind,
            Decision.subject_id.in_(ids),
            Decision.state == DecisionState.EFFECTIVE,
            Decision.action != ActionName.UNDO,
        )
        .group_by(Decision.subject_id)
    )
    is_made = exists().where(Appeal.decision_id == Decision.id)
    query = select(Decision, model, is_made).join(model, model.id == Decision.subject_id)
    return db.session.execute(query.where(Decision.id.in_(last))).all()


def _refusal(decision: Decision, row: Any, actor: User | None, now: datetime, *, is_made: bool) -> str | None:
    kind = find_kind(decision.subject)
    if decision.action not in kind.reversals or not kind.concerns(row, actor):
        return "not_found"
    if is_made:
        return "appeal_made"
    if not kind.still_stands(row, decision.action):
        return "appeal_moot"
    return "appeal_late" if decision.decided_at + APPEAL_WINDOW <= now else None


def appealed_subject(appeal: Appeal) -> Subject[Any] | None:
    """What an appeal is about in the end: behind a report, its target. None where it is gone."""
    try:
        return find_subject(appeal.decision.subject, appeal.decision.subject_id).target
    except NotFound:
        return None


def appealing_flag(appeal: Appeal) -> Flag | None:
    """The report of a visitor who appeals; None where a member does."""
    if appeal.user_id is not None or find_kind(appeal.decision.subject).model is not Flag:
        return None
    return db.session.get(Flag, appeal.decision.subject_id)


def is_party_behind(user: User, appeal: Appeal) -> bool:
    """Whether the user is party to what was decided on, or reported it."""
    row = decided_row(appeal.decision)
    if row is None:
        return False
    kind = find_kind(appeal.decision.subject)
    decided = find_kind(kind.parent_kind or kind.kind)(row)
    return decided.is_party(user) or has_reported(user, decided.kind, decided.id)


def lock_appealed(appeal_id: int) -> None:
    """Lock what was decided on until the transaction ends, as everybody who changes it does."""
    appeal = db.session.get(Appeal, appeal_id)
    if appeal is None:
        return
    kind = find_kind(appeal.decision.subject)
    find_locked(kind.parent or kind.model, appeal.decision.subject_id)
    if kind.parent is not None:
        edit = db.session.get(kind.model, appeal.decision.subject_id)
        if edit is not None:
            db.session.refresh(edit)
