"""What a row of the queue says besides its title, so that rows do not look alike: who wrote it, its first words, whether a
proof is attached, and why it looks risky. A page of rows takes one statement, whatever kinds it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import and_, exists, or_, select, union_all

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.queue.risks import reason_words
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.risk.rules import WEIGHTS
from marketplace.text.clean import one_line

REASONS_SHOWN = 2


class Row(Protocol):
    """What names a thing that waits."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def id(self) -> int:
        """Its id among those of its kind."""


@dataclass(frozen=True, slots=True)
class RowWords:
    """`author` is empty where the provider wrote it, or nobody with an account; `reasons` are the weightiest."""

    author: str = ""
    excerpt: str = ""
    has_proof: bool = False
    reasons: tuple[str, ...] = ()


def row_words(rows: Iterable[Row]) -> dict[tuple[str, int], RowWords]:
    """What each row says, by kind and id."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        ids.setdefault(row.kind, []).append(row.id)
    if not ids:
        return {}
    told = union_all(*(find_kind(kind).row_words(of_kind) for kind, of_kind in ids.items())).subquery()
    is_review, is_edit = (told.c.kind == kind for kind in ("review", "review_edit"))
    proof = exists().where(or_(is_review, is_edit), Proof.review_id == told.c.id, Proof.deleted_at.is_(None))
    query = (
        select(told, User.name, proof, Review.risk_reasons, ReviewEdit.risk_reasons)
        .outerjoin(User, User.id == told.c.author_id)
        .outerjoin(Review, and_(is_review, Review.id == told.c.id))
        .outerjoin(ReviewEdit, and_(is_edit, ReviewEdit.review_id == told.c.id))
    )
    return {
        (kind, number): RowWords(
            name or "", one_line(excerpt or ""), has_proof, _sentences(of_review or of_edit or ())
        )
        for kind, number, _, excerpt, name, has_proof, of_review, of_edit in db.session.execute(query)
    }


def _sentences(reasons: Sequence[Any]) -> tuple[str, ...]:
    known = [reason for reason in reasons if reason["code"] in WEIGHTS]
    weightiest = sorted(known, key=lambda reason: -WEIGHTS[reason["code"]])
    return tuple(reason_words(reason) for reason in weightiest[:REASONS_SHOWN])
