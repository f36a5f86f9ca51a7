"""A move: what a moderator may do to one kind of subject, when, and what it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch, this_row
from marketplace.moderation.models import Decision


@dataclass(frozen=True, slots=True)
class Choice:
    """What the moderator chose besides action and ground. `level` is a review's level of proof; `now` the moment; `actor_id`
    the moderator.

    `covered` are the findings of personal data to cover (`reviews.masking`), by their keys; `leaves_rest` says that what
    else was found is looked at and stays.
    """

    now: datetime
    level: str | None = None
    covered: tuple[str, ...] = ()
    leaves_rest: bool = False
    actor_id: int | None = None


def nothing_more(subject: Subject, choice: Choice) -> None:
    """The check of a move that has none of its own."""


def own_row(subject: Subject) -> Sequence[Touch]:
    """What a move touches that changes the subject's row alone."""
    return [this_row(subject.row)]


@dataclass(frozen=True, slots=True)
class Move:
    """`is_open` says whether the subject is in a state for it, `carry_out` changes it in the decision's transaction, and
    `check` raises `Invalid` where something else must come first. `needs_reasons`: with a ground and a statement.
    `asked_by` is whose matter it is, as the ledger tells it. `touches` names all rows that `carry_out` changes, adds or
    deletes (sums and revisions apart, which are computed): with them it can be undone. Nothing means that it cannot."""

    is_open: Callable[[Subject], bool]
    carry_out: Callable[[Subject, Decision, Choice], None]
    needs_reasons: bool = False
    check: Callable[[Subject, Choice], None] = nothing_more
    asked_by: str = "moderator"
    touches: Callable[[Subject], Sequence[Touch]] = own_row


def is_waiting(subject: Subject) -> bool:
    """Whether it is in the queue."""
    return subject.is_waiting
