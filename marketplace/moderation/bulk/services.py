"""Rejecting many waiting reviews at once, as spam: each gets a decision, a line in the log and a mail of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS, Ground, draft_statement
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.models import ActionName, Decision
from marketplace.reviews.models import Review


@dataclass(frozen=True, slots=True)
class Pick:
    """A review that was ticked, in the version that was read."""

    review_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decisions made, and what was left out: the review's id with the code of the reason (`changed`, `decided`,
    `moving`, `gone`, `own`)."""

    decisions: list[Decision]
    left_out: dict[int, str]


def reject_spam(picks: Sequence[Pick], *, actor: User, ground: str | None, now: datetime) -> Outcome:
    """Reject the ticked reviews on one ground, each with the ground's statement in its author's language.

    Who changed meanwhile is left out, the others are rejected. Raises `NotAllowed` (`not_moderator`), `Invalid`
    (`nothing_ticked`, `too_many`; on `ground`: `ground_missing`).
    """
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")
    chosen = next((one for one in SPAM_GROUNDS if one.code == ground), None)
    if not picks:
        raise Invalid("nothing_ticked")
    if len(picks) > MOST_AT_ONCE:
        raise Invalid("too_many")
    if chosen is None:
        raise Invalid("ground_missing", "ground")
    outcome = Outcome([], {})
    # In the order of their ids: two moderators at once then never wait for each other.
    for pick in sorted(picks, key=lambda pick: pick.review_id):
        try:
            outcome.decisions.append(_reject(pick, actor, chosen, now))
        except (Conflict, NotAllowed, NotFound) as refusal:
            outcome.left_out[pick.review_id] = refusal.code if not isinstance(refusal, NotFound) else "gone"
    return outcome


def _reject(pick: Pick, actor: User, ground: Ground, now: datetime) -> Decision:
    review = db.session.get(Review, pick.review_id)
    author = review.user if review is not None else None
    return decide(
        "review",
        pick.review_id,
        actor=actor,
        action=ActionName.REJECT,
        version=pick.version,
        ground=ground.code,
        statement=draft_statement(ground, author.language if author is not None else "en"),
        now=now,
    )
