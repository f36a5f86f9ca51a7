"""Proofs as moderators see them: opening one is logged, and only who opened one may mark a review as documented."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.moderation.decisions.log import log_action
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import LogEntry
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.services import proofs_of


def visible_proofs(subject: Subject[Any], actor: User) -> Sequence[Proof] | None:
    """The proofs of a review that this moderator may open; None of other kinds, and for its parties."""
    if subject.model is not Review or subject.is_party(actor):
        return None
    return proofs_of(subject.id)


def open_proof(proof_id: int, *, actor: User, now: datetime) -> Proof:
    """Log that a moderator opens a proof. Raises `NotFound` where it is gone, and for the parties of its review."""
    proof = _visible(proof_id, actor)
    proof.seen_at, proof.seen_by = now, actor.id
    log_action("see_proof", "proof", proof.id, actor_id=actor.id, at=now)
    db.session.flush()
    return proof


def opened_proof(proof_id: int, *, actor: User) -> Proof:
    """A proof that this moderator has opened. Raises `NotFound` otherwise."""
    proof = _visible(proof_id, actor)
    if not _has_seen(actor.id, [proof.id]):
        raise NotFound
    return proof


def check_proven(review_id: int, actor_id: int | None, *, field: str | None = None) -> None:
    """Raise `Invalid` where a review has no proof file (`proof_missing`), or this moderator opened none (`proof_unseen`)."""
    found = [proof.id for proof in proofs_of(review_id)]
    if not found:
        raise Invalid("proof_missing", field)
    if actor_id is None or not _has_seen(actor_id, found):
        raise Invalid("proof_unseen", field)


def _visible(proof_id: int, actor: User) -> Proof:
    proof = find_row(Proof, proof_id)
    if proof is None or proof.deleted_at is not None or proof.review is None or not actor.is_staff:
        raise NotFound
    if find_kind("review")(proof.review).is_party(actor):
        raise NotFound
    return proof


def _has_seen(actor_id: int, proof_ids: Sequence[int]) -> bool:
    seen = select(LogEntry.id).where(
        LogEntry.action == "see_proof",
        LogEntry.subject == "proof",
        LogEntry.subject_id.in_(proof_ids),
        LogEntry.actor_id == actor_id,
    )
    return db.session.scalar(seen.limit(1)) is not None
