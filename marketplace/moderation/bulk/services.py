"""Deciding on many waiting things at once, reviews or listings: each gets a decision, a log entry and a mail of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS, Ground, draft_statement
from marketplace.moderation.decisions.kinds import is_undecided
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.models import ActionName, Decision
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof

TOGETHER = (ActionName.PUBLISH, ActionName.REJECT)


@dataclass(frozen=True, slots=True)
class Pick:
    """A review, listing or change that was ticked, in the version that was read."""

    kind: str
    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The decisions made, and what was left out: its kind and id with the code of the reason (`changed`, `decided`,
    `moving`, `gone`, `own`, `cover_rest`, `trader_unknown`, `provider_pending`)."""

    decisions: list[Decision]
    left_out: dict[tuple[str, int], str]


def without_pending(reviews: Sequence[Any]) -> list[Any]:
    """Those of these reviews on which no decision is about to take effect. One query."""
    undecided = select(Review.id).where(
        Review.id.in_([review.id for review in reviews]), is_undecided("review", Review.id)
    )
    ids = set(db.session.scalars(undecided))
    return [review for review in reviews if review.id in ids]


def reject_spam(picks: Sequence[Pick], *, actor: User, ground: str | None, now: datetime) -> Outcome:
    """Reject the ticked reviews on one ground; see `decide_together`. One that has a proof by now is left out (`has_proof`):
    somebody has to look at it."""
    with_proof = select(Proof.review_id).where(
        Proof.review_id.in_([pick.id for pick in picks]), Proof.deleted_at.is_(None)
    )
    proven = {int(number) for number in db.session.scalars(with_proof) if number is not None}
    left = [pick for pick in picks if pick.id not in proven]
    if picks and not left:
        return Outcome([], {("review", number): "has_proof" for number in proven})
    outcome = decide_together(left, actor=actor, action=ActionName.REJECT, ground=ground, now=now)
    outcome.left_out.update({("review", number): "has_proof" for number in proven})
    return outcome


def decide_together(
    picks: Sequence[Pick],
    *,
    actor: User,
    action: str,
    ground: str | None,
    now: datetime,
    grounds: Sequence[Ground] = SPAM_GROUNDS,
) -> Outcome:
    """Publish what was ticked (reviews at the level they have), or reject it on one of the `grounds`, each with the ground's
    statement in its reader's language.

    Who changed meanwhile is left out, and what a rule forbids to publish; the others are decided on. Raises `NotAllowed`
    (`not_moderator`), `Invalid` (`nothing_ticked`, `too_many`; on `action`: `action_missing`; on `ground`:
    `ground_missing`).
    """
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")
    if action not in TOGETHER:
        raise Invalid("action_missing", "action")
    chosen = next((one for one in grounds if one.code == ground), None)
    if not picks:
        raise Invalid("nothing_ticked")
    if len(picks) > MOST_AT_ONCE:
        raise Invalid("too_many")
    if chosen is None and action == ActionName.REJECT:
        raise Invalid("ground_missing", "ground")
    outcome = Outcome([], {})
    # In the order of their ids: two moderators at once then never wait for each other.
    for pick in sorted(picks, key=lambda pick: (pick.id, pick.kind)):
        try:
            reasons = _reasons(pick, chosen) if chosen is not None and action == ActionName.REJECT else {}
            outcome.decisions.append(
                decide(
                    pick.kind,
                    pick.id,
                    actor=actor,
                    action=action,
                    version=pick.version,
                    now=now,
                    **reasons,
                )
            )
        except (Conflict, Invalid, NotAllowed, NotFound) as refusal:
            code = refusal.code if not isinstance(refusal, NotFound) else "gone"
            outcome.left_out[pick.kind, pick.id] = code
    return outcome


def _reasons(pick: Pick, ground: Ground) -> dict[str, Any]:
    language = find_subject(pick.kind, pick.id).statement_language(ActionName.REJECT) or "en"
    return {"ground": ground.code, "statement": draft_statement(ground, language)}
