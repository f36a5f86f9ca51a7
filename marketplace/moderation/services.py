"""Deciding: the change of status, the decision's row and the mails that tell it are one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.extensions import db
from marketplace.listings import approvals
from marketplace.listings.membership import LARGEST_ID
from marketplace.listings.texts import clean_text
from marketplace.moderation.grounds import find_ground
from marketplace.moderation.letters import queue_letters
from marketplace.moderation.models import ACTIONS, REASONED, STATEMENT_LENGTH, Decision
from marketplace.moderation.subjects import STANDING_MOVES, Subject, find_subject, is_party
from marketplace.reviews.models import COUNTED_LEVELS, LEVELS
from marketplace.reviews.ratings import recompute_ratings
from marketplace.reviews.services import change_level, publish_review, reject_review

PUBLISH: dict[str, Callable[..., Any]] = {
    "listing": approvals.publish_listing,
    "listing_edit": approvals.apply_listing_edit,
    "provider": approvals.activate_provider,
    "provider_edit": approvals.apply_provider_edit,
    "claim": approvals.approve_claim,
}
REJECT: dict[str, Callable[..., Any]] = {
    "listing": approvals.reject_listing,
    "listing_edit": approvals.reject_listing_edit,
    "provider": approvals.reject_provider,
    "provider_edit": approvals.reject_provider_edit,
    "claim": approvals.reject_claim,
    "review": reject_review,
}
# Actions on one kind of subject alone.
ONLY_FOR = {"document": "review", "suspend": "provider", "reinstate": "provider"}


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
) -> Decision:
    """Publish or reject what waits, document a published review, suspend or reinstate a provider, as `actor` read it in
    `version`.

    Rejecting, suspending and reinstating need one of the grounds for it and a statement of 10 to 2,000 characters; the
    others need none.
    `level` is a review's level of proof on publishing, by default the one it has; `document` sets `documented`.

    Raises `NotAllowed` (`not_moderator`, `own`), `NotFound`, `Conflict` where somebody decided or changed it meanwhile,
    `InvalidFields` on `ground` and `statement`, `Invalid` (`provider_pending`, `provider_not_active`) where the
    provider comes first.
    """
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")
    subject = _as_read(kind, subject_id, version)
    if is_party(actor, subject):
        raise NotAllowed("own")
    statement = clean_text(statement).strip()
    _check_action(subject, action, ground, statement, level)
    decision = Decision(
        subject=kind,
        subject_id=subject_id,
        version=version,
        action=action,
        ground=ground if action in REASONED else None,
        statement=statement if action in REASONED else "",
        actor_id=actor.id,
        decided_at=now,
    )
    db.session.add(decision)
    db.session.flush()
    queue_letters(
        subject, decision, counts=kind == "review" and (level or subject.row.level) in COUNTED_LEVELS
    )
    _carry_out(subject, decision, level, now)
    db.session.flush()
    return decision


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


def _check_action(
    subject: Subject, action: str, ground: str | None, statement: str, level: str | None
) -> None:
    if action not in ACTIONS or subject.kind != ONLY_FOR.get(action, subject.kind):
        raise Invalid("action_unknown")
    if action == "document":
        if subject.row.status != "published" or subject.row.level == "documented":
            raise Conflict("decided")
        return
    if action in STANDING_MOVES.values():
        if action != subject.standing_move:
            raise Conflict("decided", status=subject.row.status)
        _check_reasons(subject.kind, action, ground, statement)
        return
    if not subject.is_waiting:
        raise Conflict("decided", status=subject.row.status)
    if action == "reject":
        _check_reasons(subject.kind, action, ground, statement)
    elif subject.kind in ("listing", "listing_edit"):
        _check_provider(subject)
    elif level is not None and level not in LEVELS:
        raise Invalid("level_unknown", "level")


def _check_reasons(kind: str, action: str, ground: str | None, statement: str) -> None:
    problems = {}
    least, most = STATEMENT_LENGTH
    if find_ground(kind, ground, action) is None:
        problems["ground"] = "ground_missing"
    if len(statement) < least:
        problems["statement"] = "statement_short"
    elif len(statement) > most:
        problems["statement"] = "statement_long"
    if problems:
        raise InvalidFields(problems)


def _check_provider(subject: Subject) -> None:
    provider = subject.provider
    if provider.status == "pending":
        raise Invalid("provider_pending", provider_id=provider.id, name=provider.name)
    if provider.status != "active":
        raise Invalid("provider_not_active", name=provider.name)


def _carry_out(subject: Subject, decision: Decision, level: str | None, now: datetime) -> None:
    if decision.action == "reject":
        REJECT[subject.kind](subject.row, note=decision.statement, now=now)
    elif decision.action == "suspend":
        approvals.suspend_provider(subject.row, note=decision.statement, now=now)
    elif decision.action == "reinstate":
        approvals.reinstate_provider(subject.row, now=now)
    elif decision.action == "document":
        change_level(subject.row, level="documented", now=now)
    elif subject.kind == "review":
        publish_review(subject.row, level=level or subject.row.level, now=now)
    else:
        listing = subject.listing
        PUBLISH[subject.kind](subject.row, now=now)
        if listing is not None and subject.kind == "listing_edit":
            # What clients reported is compared in the listing's currency and unit, which may be others now.
            recompute_ratings(listing.id)
