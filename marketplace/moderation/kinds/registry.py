"""What a moderator may do to each kind of subject: one table, put together from the features' own.

A feature adds its moves in a module of its own (`moves_listings`, `moves_reviews`); nothing else needs to know them.
"""

from __future__ import annotations

from marketplace.moderation.decisions.actions import Move
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.kinds.appeals import APPEAL_MOVES
from marketplace.moderation.kinds.flags import FLAG_MOVES
from marketplace.moderation.kinds.listings import LISTING_MOVES
from marketplace.moderation.kinds.replies import REPLY_MOVES
from marketplace.moderation.kinds.review_edits import REVIEW_EDIT_MOVES
from marketplace.moderation.kinds.reviews import REVIEW_MOVES

# Kind of subject → action → what it is. Actions stand in the order in which a page offers them.
MOVES: dict[str, dict[str, Move]] = {
    **LISTING_MOVES,
    **REVIEW_MOVES,
    **REVIEW_EDIT_MOVES,
    **REPLY_MOVES,
    **FLAG_MOVES,
    **APPEAL_MOVES,
}


def find_move(kind: str, action: str) -> Move | None:
    """The move of this name for this kind of subject, or None."""
    return MOVES.get(kind, {}).get(action)


def open_moves(subject: Subject) -> tuple[str, ...]:
    """The actions that may be taken on a subject as it is now."""
    return tuple(action for action, move in MOVES.get(subject.kind, {}).items() if move.is_open(subject))


def reasoned_moves(subject: Subject) -> tuple[str, ...]:
    """The open actions that need a ground and a statement: a page asks for one at a time."""
    moves = MOVES.get(subject.kind, {})
    return tuple(action for action in open_moves(subject) if moves[action].needs_reasons)


def reasoned_move(subject: Subject) -> str | None:
    """The first of them, or None."""
    return next(iter(reasoned_moves(subject)), None)
