"""Proofs of a review: uploaded by its author, seen by moderators alone, deleted soon.

Deleting marks the row and enqueues a job in the same transaction; the job removes the file. A rollback loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import current_settings, db
from marketplace.core.extensions import now as current_time
from marketplace.core.jobs.queue import enqueue, task
from marketplace.reviews.models import ProofLevel, Review, ReviewStatus
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.store import ProofStore
from marketplace.reviews.proofs.types import ProofFile
from marketplace.reviews.queries import own_review

PROOFS_PER_REVIEW = 3
PROOFS_PER_DAY = 10  # of an account
DAY = timedelta(days=1)
KEPT_DAYS = 30  # at the latest, as authors are told
DELETED_AFTER = timedelta(days=KEPT_DAYS) - DAY  # the job runs once a day: no file grows older than promised
AFTER_REJECTION = timedelta(days=7)
PROVABLE = (ReviewStatus.PENDING, ReviewStatus.PUBLISHED)


def is_provable(status: str, level: str) -> bool:
    """Whether a proof may be sent for a review of this status and level."""
    return status in PROVABLE and level != ProofLevel.DOCUMENTED


def proofs_of(review_id: int) -> Sequence[Proof]:
    """The proofs of a review whose files are there, oldest first."""
    query = select(Proof).where(Proof.review_id == review_id, Proof.deleted_at.is_(None))
    return db.session.scalars(query.order_by(Proof.id)).all()


def add_proofs(
    review_id: int,
    files: Sequence[ProofFile],
    *,
    actor: User,
    store: ProofStore,
    written: list[str],
    now: datetime,
) -> list[Proof]:
    """Keep files that `types.read_proof` passed, all or none. `written` is that of `store.writing()`.

    Raises `NotFound` for anybody but the author, `Conflict` (`proof_closed`) where the review takes none, `Invalid` on
    `files`: `proofs_full` where it would have more than three (`room` says how many more it takes), `proofs_today`
    where the account would send more than ten in a day.
    """
    # One upload at a time for an account, however many tabs send.
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update(key_share=True))
    review = own_review(actor.id, review_id)
    db.session.refresh(review, with_for_update={"key_share": True})
    if not is_provable(review.status, review.level):
        raise Conflict("proof_closed")
    room = PROOFS_PER_REVIEW - len(proofs_of(review.id))
    if len(files) > room:
        raise Invalid("proofs_full", "files", room=room)
    if _sent_since(actor.id, now - DAY) + len(files) > PROOFS_PER_DAY:
        raise Invalid("proofs_today", "files")
    proofs = [
        Proof(
            review_id=review.id,
            name=store.write(file.data, written),
            media_type=file.media_type,
            size=len(file.data),
            uploaded_at=now,
        )
        for file in files
    ]
    db.session.add_all(proofs)
    db.session.flush()
    return proofs


def remove_proof(review_id: int, proof_id: int, *, actor: User, now: datetime) -> None:
    """The author takes a proof back. Raises `NotFound` for anybody else, and for one that is gone."""
    review = own_review(actor.id, review_id)
    if not _delete(Proof.review_id == review.id, Proof.id == proof_id, now=now):
        raise NotFound


def delete_proofs(review_id: int, *, now: datetime) -> None:
    """Delete all proofs of a review: it was withdrawn."""
    _delete(Proof.review_id == review_id, now=now)


def delete_proofs_of(user_id: int, *, now: datetime) -> None:
    """Delete all proofs that a member sent. Call it before the member's reviews lose their author."""
    _delete(Proof.review_id.in_(select(Review.id).where(Review.user_id == user_id)), now=now)


def end_proofs_later(review_id: int, *, now: datetime) -> None:
    """A review was rejected: its proofs go in a week, if it still is then."""
    if proofs_of(review_id):
        enqueue("reviews.end_proofs", {"review": review_id}, run_at=now + AFTER_REJECTION)


def end_proofs(review_id: int, *, now: datetime) -> None:
    """Delete the proofs of a review that is rejected and stayed so."""
    rejected = select(Review.id).where(Review.id == review_id, Review.status == ReviewStatus.REJECTED)
    _delete(Proof.review_id.in_(rejected), now=now)


def delete_overdue(*, now: datetime) -> None:
    """Delete the proofs that are as old as promised, and those whose review or author is gone."""
    orphaned = select(Review.id).where(Review.user_id.is_(None))
    overdue = or_(
        Proof.uploaded_at <= now - DELETED_AFTER, Proof.review_id.is_(None), Proof.review_id.in_(orphaned)
    )
    _delete(overdue, now=now)


def sweep(store: ProofStore, *, now: datetime) -> None:
    """Reconcile files and rows: a file without a row is removed after a day, a row without its file is marked deleted."""
    rows = db.session.scalars(select(Proof).where(Proof.deleted_at.is_(None)))
    kept = {proof.name: proof for proof in rows}
    for name in store.written_before(now - DAY) - kept.keys():
        store.remove(name)
    if store.exists():  # else this machine does not share the folder and knows nothing of the files
        for name, proof in kept.items():
            if not store.has(name):
                proof.deleted_at = now
    db.session.flush()


def _delete(*which: ColumnElement[bool], now: datetime) -> int:
    rows = db.session.scalars(
        select(Proof).where(Proof.deleted_at.is_(None), *which).order_by(Proof.id).with_for_update()
    ).all()
    for proof in rows:
        proof.deleted_at = now
    if rows:
        enqueue("reviews.remove_proof_files", {"names": [proof.name for proof in rows]})
    db.session.flush()
    return len(rows)


def _sent_since(user_id: int, moment: datetime) -> int:
    query = (
        select(func.count(Proof.id))
        .join(Review, Review.id == Proof.review_id)
        .where(Review.user_id == user_id, Proof.uploaded_at > moment)
    )
    return db.session.scalar(query) or 0


@task("reviews.remove_proof_files")
def remove_files_task(payload: dict[str, Any]) -> None:
    """Remove the files of proofs that were deleted."""
    store = ProofStore(current_settings().instance_path)
    for name in payload["names"]:
        store.remove(name)


@task("reviews.end_proofs")
def end_proofs_task(payload: dict[str, Any]) -> None:
    """Delete the proofs of a review a week after its rejection."""
    end_proofs(payload["review"], now=current_time())


@task("reviews.delete_proofs", every=timedelta(days=1))
def delete_proofs_task(payload: dict[str, Any]) -> None:
    """Delete proofs that are too old, and what was left behind."""
    sweep(ProofStore(current_settings().instance_path), now=current_time())
    delete_overdue(now=current_time())
