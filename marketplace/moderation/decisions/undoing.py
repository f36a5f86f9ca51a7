"""Undoing a decision while its mails still wait: the rows go back, and a decision of its own says so.

`UNDO_SECONDS` is what moderators are told. The server waits a little longer, so that a click in the last second is in time
without any script; the mails leave after that. What a decision replaced is kept until then only: it holds text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed, NotFound
from marketplace.core.extensions import db, find_row, now
from marketplace.core.jobs.queue import Job, task
from marketplace.guides.services import raise_topic_revisions
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages, shown_topics
from marketplace.listings.signals import listing_visibility_changed
from marketplace.moderation.decisions.action_log import log_decision
from marketplace.moderation.decisions.touched import (
    Entry,
    Rows,
    Touch,
    entries_of,
    is_untouched,
    key_of,
    model_of,
    put_back,
    read_rows,
    standing_row,
)
from marketplace.moderation.models import Decision, DecisionUndo
from marketplace.providers.models import Provider
from marketplace.providers.signals import provider_status_changed
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings

UNDO_SECONDS = 10
GRACE_SECONDS = 5


def undo_end(decided_at: datetime) -> datetime:
    """Until when a decision can be undone; its mails leave from then on."""
    return decided_at + timedelta(seconds=UNDO_SECONDS + GRACE_SECONDS)


def mail_key(decision: Decision, rest: str) -> str:
    """The key of a mail that tells a decision: an undo finds by it what still waits."""
    return f"decision:{decision.id}:{rest}"


def keep_undo(decision: Decision, touches: Sequence[Touch], before: Rows) -> None:
    """Keep what a decision that was carried out has replaced. Flushes."""
    entries = entries_of(before, read_rows(touches))
    if not entries:
        return
    kept = DecisionUndo(
        decision_id=decision.id, until=undo_end(decision.decided_at), before={"rows": entries}
    )
    db.session.add(kept)
    db.session.flush()


def undo_decision(decision_id: int, *, actor: User, now: datetime) -> Decision:
    """Put back what a decision changed, take back its mails, and write that as a decision of its own. Flushes.

    Raises `NotAllowed` (`not_moderator`); `NotFound` for anybody but the moderator who decided; `Conflict` where it was
    undone already (`undone`), the time is over or it cannot be undone (`undo_over`), or somebody has changed since what it
    left (`undo_changed`).
    """
    if not actor.is_staff or not actor.active:
        raise NotAllowed("not_moderator")
    decision = find_row(Decision, decision_id)
    if decision is None or decision.actor_id != actor.id:
        raise NotFound
    entries = _open_entries(decision, now)
    rows = [standing_row(entry) for entry in entries]
    if not all(is_untouched(entry, row) for entry, row in zip(entries, rows, strict=True)):
        raise Conflict("undo_changed")
    try:
        with db.session.begin_nested():
            put_back(entries, rows)
    except IntegrityError:
        # What it was is taken, such as a name: somebody changed another row.
        raise Conflict("undo_changed") from None
    undone = _write_undo(decision, actor, now)
    _show(entries, rows)
    return undone


def _open_entries(decision: Decision, moment: datetime) -> list[Entry]:
    """What can be put back; the mails that wait are deleted. Holds the kept row, so that an undo happens once."""
    kept = db.session.get(DecisionUndo, decision.id, with_for_update=True, populate_existing=True)
    if kept is None or moment >= kept.until:
        again = select(Decision.id).where(Decision.reverses_id == decision.id)
        raise Conflict("undone" if db.session.scalar(again) is not None else "undo_over")
    mails = select(Job.id, Job.state).where(Job.key.startswith(mail_key(decision, ""), autoescape=True))
    jobs = db.session.execute(mails.with_for_update()).all()
    if any(job.state != "waiting" for job in jobs):
        raise Conflict("undo_over")
    entries: list[Entry] = list(kept.before["rows"])
    return entries


def _write_undo(decision: Decision, actor: User, moment: datetime) -> Decision:
    waiting = Job.key.startswith(mail_key(decision, ""), autoescape=True)
    db.session.execute(delete(Job).where(waiting, Job.state == "waiting"))
    db.session.execute(delete(DecisionUndo).where(DecisionUndo.decision_id == decision.id))
    undone = Decision(
        subject=decision.subject,
        subject_id=decision.subject_id,
        version=decision.version,
        action="undo",
        asked_by=decision.asked_by,
        rating=decision.rating,
        reverses_id=decision.id,
        actor_id=actor.id,
        decided_at=moment,
    )
    db.session.add(undone)
    db.session.flush()
    log_decision(undone)
    return undone


def _show(entries: Sequence[Entry], rows: Sequence[dict[str, Any] | None]) -> None:
    """Compute anew what is summed, tell readers' caches, and send the signals that a change of status sends."""
    restored = [db.session.get(model_of(entry), key_of(entry)) for entry in entries]
    shown = [row for row, was in zip(restored, rows, strict=True) if _may_show(row, was)]
    listings = {listing.id: listing for row in shown if (listing := _listing_of(row)) is not None}
    for listing in listings.values():
        recompute_ratings(listing.id)
        invalidate_listing_pages(listing)
    for provider in [row for row in restored if isinstance(row, Provider)]:
        provider.revision = Provider.revision + 1
        db.session.flush()
        raise_topic_revisions(shown_topics(provider))
    for row, was in zip(restored, rows, strict=True):
        if isinstance(row, Listing) and was is not None and "published" in _change(row, was):
            listing_visibility_changed.send(Listing, listing=row)
        elif isinstance(row, Provider) and was is not None and _change(row, was):
            provider_status_changed.send(Provider, provider=row)


def _may_show(row: Any, was: dict[str, Any] | None) -> bool:
    """Whether readers can see the difference. Of a review nobody does that was published neither before nor after."""
    return not isinstance(row, Review) or was is None or "published" in (row.status, was["status"])


def _listing_of(row: Any) -> Listing | None:
    found: Listing | None = row if isinstance(row, Listing) else getattr(row, "listing", None)
    return found


def _change(row: Any, was: dict[str, Any]) -> set[str]:
    """The two statuses, where they differ."""
    return {row.status, was["status"]} if row.status != was["status"] else set()


def undoable(actor: User, decision_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Those of the decisions that this moderator can still undo, each with the moment when that ends as they are told."""
    if not decision_ids:
        return {}
    query = (
        select(DecisionUndo.decision_id, DecisionUndo.until)
        .join(Decision, Decision.id == DecisionUndo.decision_id)
        .where(
            DecisionUndo.decision_id.in_(decision_ids),
            DecisionUndo.until > now,
            Decision.actor_id == actor.id,
        )
        .order_by(DecisionUndo.decision_id)
    )
    grace = timedelta(seconds=GRACE_SECONDS)
    return {row.decision_id: row.until - grace for row in db.session.execute(query)}


@task("moderation.forget_undos", every=timedelta(minutes=10))
def forget_undos(payload: dict[str, Any]) -> None:
    """Delete what was kept for undos whose time is over."""
    db.session.execute(delete(DecisionUndo).where(DecisionUndo.until <= now()))
