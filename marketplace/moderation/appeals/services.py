"""Appeals (DSA Art. 20): whoever a decision went against asks once, within six months, for another moderator."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import EditStatus
from marketplace.listings.models import Listing
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.providers.membership import is_member
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.text.clean import tidy

WITHIN = timedelta(days=183)
TEXT_LENGTH = (30, 2000)
MODELS: dict[str, Any] = {
    "review": Review,
    "review_edit": Review,
    "reply": Reply,
    "listing": Listing,
    "provider": Provider,
    "flag": Flag,
}
# What went against somebody: kind of thing and action.
AGAINST = frozenset(
    {
        ("review", "reject"),
        ("review", "hide"),
        ("review_edit", "reject"),
        ("reply", "reject"),
        ("reply", "hide"),
        ("listing", "reject"),
        ("provider", "suspend"),
        ("provider", "warn"),
        ("flag", "dismiss"),
    }
)
# What an upheld appeal puts back into the queue: to reverse it, something else has to be read.
READ_AGAIN = ("review_edit", "flag")


def thing_of(decision: Decision) -> Any:
    """The row that was decided on, of an edit its review; None where it is gone."""
    return db.session.get(MODELS[decision.subject], decision.subject_id)


def still_stands(decision: Decision, thing: Any) -> bool:
    """Whether what was decided is how things are."""
    if decision.subject == "review_edit":
        return thing.edit is not None and thing.edit.status == EditStatus.REJECTED
    if decision.action == "warn":
        return thing.warned_at is not None
    wanted = {"reject": "rejected", "hide": "hidden", "suspend": "suspended", "dismiss": "dismissed"}
    return bool(thing.status == wanted[decision.action])


def decided_once(kind: str, subject_id: int, *, actor_id: int, since: datetime) -> bool:
    """Whether this moderator decided on a thing as it was sent at `since`, and an appeal against that was upheld: then
    somebody else decides now."""
    query = (
        select(Appeal.id)
        .join(Decision, Decision.id == Appeal.decision_id)
        .where(
            Appeal.status == "upheld",
            Decision.subject == kind,
            Decision.subject_id == subject_id,
            Decision.actor_id == actor_id,
            Decision.decided_at >= since,
        )
    )
    return db.session.scalar(query.limit(1)) is not None


def appealable(kind: str, subject_id: int, *, actor: User | None, now: datetime) -> Decision:
    """The last decision on a thing, if it went against this person. `actor` is None for somebody without an account whom a
    link names (`visitor_appeals`): of a report.

    Raises `NotFound` for strangers and where nothing did; `Conflict` (`appeal_made`, `appeal_late`, `appeal_moot` where it
    does not stand any more).
    """
    if kind not in MODELS or not 0 < subject_id <= LARGEST_ID:
        raise NotFound
    reversal = aliased(Decision)
    undone = select(reversal.id).where(reversal.reverses_id == Decision.id)
    query = select(Decision).where(
        Decision.subject == kind,
        Decision.subject_id == subject_id,
        Decision.action != "undo",
        ~undone.exists(),
    )
    decision = db.session.scalar(query.order_by(Decision.id.desc()).limit(1))
    if decision is None or (kind, decision.action) not in AGAINST:
        raise NotFound
    thing = thing_of(decision)
    if thing is None or not _concerns(kind, thing, actor):
        raise NotFound
    made = select(Appeal.id).where(Appeal.decision_id == decision.id)
    if db.session.scalar(made.limit(1)) is not None:
        raise Conflict("appeal_made")
    if not still_stands(decision, thing):
        raise Conflict("appeal_moot")
    if decision.decided_at + WITHIN <= now:
        raise Conflict("appeal_late")
    return decision


def _concerns(kind: str, thing: Any, actor: User | None) -> bool:
    if actor is None:
        return kind == "flag" and thing.user_id is None
    if kind in ("review", "review_edit", "flag"):
        return thing.user_id is not None and thing.user_id == actor.id
    return is_member(actor.id, thing.id if kind == "provider" else thing.provider_id)


def make_appeal(
    kind: str, subject_id: int, *, actor: User | None, text: str, language: str, now: datetime
) -> Appeal:
    """Ask for another moderator's decision. Raises what `appealable` raises, and `Invalid` (`appeal_short`, `appeal_long`)
    on `text`."""
    text = tidy(text)
    least, most = TEXT_LENGTH
    if len(text) < least:
        raise Invalid("appeal_short", "text", least=least)
    if len(text) > most:
        raise Invalid("appeal_long", "text", most=most)
    if actor is not None:
        db.session.execute(select(User.id).where(User.id == actor.id).with_for_update(key_share=True))
    decision = appealable(kind, subject_id, actor=actor, now=now)
    # Two members of one provider, or two clicks: the second waits, and sees the first one's appeal.
    db.session.execute(select(Decision.id).where(Decision.id == decision.id).with_for_update(key_share=True))
    decision = appealable(kind, subject_id, actor=actor, now=now)
    thing = thing_of(decision)
    listing = thing if kind == "listing" else None
    if kind in ("review", "review_edit", "reply"):
        listing = thing.listing
    elif kind == "flag":
        listing = thing.offer
    provider_id = thing.id if kind == "provider" else (listing or thing).provider_id
    appeal = Appeal(
        decision_id=decision.id,
        provider_id=provider_id,
        listing_id=listing.id if listing is not None else None,
        user_id=actor.id if actor is not None else None,
        text=text,
        language=language,
        submitted_at=now,
    )
    db.session.add(appeal)
    db.session.flush()
    return appeal
