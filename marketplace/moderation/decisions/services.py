"""Deciding: the change of status, the decision's row and the mails that tell it are one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.appeals.services import decided_once
from marketplace.moderation.decisions.action_log import log_decision
from marketplace.moderation.decisions.actions import Choice, Move
from marketplace.moderation.decisions.grounds import grounds_for
from marketplace.moderation.decisions.linked import give_receipt
from marketplace.moderation.decisions.mails import queue_letters
from marketplace.moderation.decisions.subjects import Subject, find_subject, is_party
from marketplace.moderation.decisions.touched import read_rows
from marketplace.moderation.decisions.undoing import keep_undo, undo_end
from marketplace.moderation.kinds.registry import find_move
from marketplace.moderation.models import STATEMENT_LENGTH, Decision
from marketplace.text.clean import clean_text


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
    """Take one of the moves that are open (`moderation.moves`), on the subject as `actor` read it in `version`.

    Moves that need reasons take one of the grounds for them and a statement of 10 to 2,000 characters; the others none.
    `level` is a review's level of proof on publishing, by default the one it has; `document` sets `documented`.
    Publishing a text in which personal data was found covers the findings with the keys `covered`, and `leaves_rest`.

    Raises `NotAllowed` (`not_moderator`, `own`, `own_decision` where it waits again after an appeal), `NotFound`,
    `Conflict` where somebody decided or changed it meanwhile,
    `InvalidFields` on `ground` and `statement`, `Invalid` (`provider_pending`, `provider_not_active`) where the
    provider comes first, (`cover_rest`, `cover_unknown`) where personal data is neither covered nor left on purpose, and
    (`proof_missing`, `proof_unseen`) where `actor` saw no proof of what is to be documented.
    """
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")
    subject = _as_read(kind, subject_id, version)
    if is_party(actor, subject):
        raise NotAllowed("own")
    if decided_once(kind, subject_id, actor_id=actor.id, since=subject.since):
        raise NotAllowed("own_decision")
    statement = clean_text(statement).strip()
    choice = Choice(now=now, level=level, covered=tuple(covered), leaves_rest=leaves_rest, actor_id=actor.id)
    move = _checked_move(subject, action, ground, statement, choice)
    decision = Decision(
        subject=kind,
        subject_id=subject_id,
        version=version,
        action=action,
        ground=ground if move.needs_reasons else None,
        statement=statement if move.needs_reasons else "",
        asked_by=getattr(subject.row, "asked_by", move.asked_by),
        rating=subject.row.rating if kind in ("review", "review_edit") else None,
        actor_id=actor.id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    log_decision(decision)
    _carry_out(move, subject, decision, choice)
    return decision


def _carry_out(move: Move, subject: Subject, decision: Decision, choice: Choice) -> None:
    """Change what the move changes, and queue the mails: they wait while it can be undone."""
    touches = move.touches(subject)
    before = read_rows(touches)
    queue_letters(subject, decision, choice, run_at=undo_end(decision.decided_at) if touches else None)
    move.carry_out(subject, decision, choice)
    db.session.flush()
    if subject.kind in ("review", "review_edit"):
        give_receipt(decision, subject.id)
    keep_undo(decision, touches, before)


def _as_read(kind: str, subject_id: int, version: int) -> Subject:
    try:
        subject = find_subject(kind, subject_id, lock=True)
    except NotFound:
        # An edit is gone once it was applied: whoever read it too is told so, not that it never was.
        if decided(kind, subject_id) is not None:
            raise Conflict("decided") from None
        raise
    if subject.version != version:
        raise Conflict("changed", version=subject.version)
    return subject


def decided(kind: str, subject_id: int) -> Decision | None:
    """The last decision on a subject, or None."""
    if subject_id > LARGEST_ID:
        return None
    query = select(Decision).where(Decision.subject == kind, Decision.subject_id == subject_id)
    return db.session.scalar(query.order_by(Decision.id.desc()).limit(1))


def _checked_move(subject: Subject, action: str, ground: str | None, statement: str, choice: Choice) -> Move:
    move = find_move(subject.kind, action)
    if move is None:
        raise Invalid("action_unknown")
    if not move.is_open(subject):
        raise Conflict("decided", status=subject.row.status)
    if move.needs_reasons:
        _check_reasons(subject, action, ground, statement)
    move.check(subject, choice)
    return move


def _check_reasons(subject: Subject, action: str, ground: str | None, statement: str) -> None:
    problems = {}
    least, most = STATEMENT_LENGTH
    if ground not in [known.code for known in grounds_for(subject.kind, action, subject.about)]:
        problems["ground"] = "ground_missing"
    if len(statement) < least:
        problems["statement"] = "statement_short"
    elif len(statement) > most:
        problems["statement"] = "statement_long"
    if problems:
        raise InvalidFields(problems)
