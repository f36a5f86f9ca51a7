"""Moves on flags: upheld, which takes the thing out of sight and closes its other open flags; or dismissed.

Neither can be undone: reports of others are closed with it, and their mails leave at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.approvals import remove_listing
from marketplace.moderation.decisions.actions import Choice, Move, is_waiting
from marketplace.moderation.decisions.grounds import UPHELD_BY
from marketplace.moderation.decisions.linked import decide_beside, give_receipt
from marketplace.moderation.decisions.mails import queue_letters
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.touched import Touch
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.reports.mails import queue_flag_letter
from marketplace.moderation.reports.services import count_report
from marketplace.moderation.reports.targets import flagged_by, number_of, same_thing
from marketplace.providers.approvals import remove_unclaimed, suspend_provider
from marketplace.providers.models import SHOWN_PROVIDERS, Provider
from marketplace.reviews.replies.services import hide_reply
from marketplace.reviews.writing.services import hide_review


def not_undone(subject: Subject) -> Sequence[Touch]:
    """What these moves touch for an undo: nothing, as there is none."""
    return []


def _uphold(subject: Subject, decision: Decision, choice: Choice) -> None:
    flag: Flag = subject.row
    others = _other_open(flag)
    _hold_providers([flag, *others])
    _settle(flag, decision)
    for other in others:
        beside = decide_beside(decision, "flag", other, "uphold", other.asked_by)
        _settle(other, beside)
        queue_flag_letter(other, beside)
    _take_out_of_sight(flag, decision, choice)


def _dismiss(subject: Subject, decision: Decision, choice: Choice) -> None:
    _hold_providers([subject.row])
    _settle(subject.row, decision)


def _settle(flag: Flag, decision: Decision) -> None:
    is_upheld = decision.action == "uphold"
    flag.status = "upheld" if is_upheld else "dismissed"
    flag.note, flag.decided_at = decision.statement, decision.decided_at
    flag.version += 1
    db.session.flush()
    if flag.by_provider_id is not None:
        count_report(flag.by_provider_id, upheld=int(is_upheld), dismissed=int(not is_upheld))


def _take_out_of_sight(flag: Flag, decision: Decision, choice: Choice) -> None:
    """By the service that a moderator's own decision would use, told as one in the ledger and by the usual letters; nothing
    where it is out of sight already."""
    thing = flagged_by(flag)
    if not _stands(flag.subject, thing):
        return
    kind, action = UPHELD_BY[flag.subject]
    beside = decide_beside(decision, kind, thing, action, flag.asked_by)
    queue_letters(Subject(kind, thing.id, thing), beside, choice)
    service: Any = {"review": hide_review, "reply": hide_reply, "listing": remove_listing}.get(kind)
    if kind == "provider":
        service = suspend_provider if thing.status == "active" else remove_unclaimed
    service(thing, note=decision.statement, now=choice.now)
    if kind == "review":
        give_receipt(beside, thing.id)


def _stands(kind: str, thing: Any) -> bool:
    """Whether it is shown as far as it goes, whatever became of what it stands on."""
    if kind == "reply":
        return bool(thing.is_shown)
    return thing.status in (SHOWN_PROVIDERS if kind == "provider" else ("published",))


def _other_open(flag: Flag) -> Sequence[Flag]:
    """The other open flags about the same thing, held. The thing itself is held already."""
    query = select(Flag).where(
        same_thing(flag.subject, number_of(flag)), Flag.status == "pending", Flag.id != flag.id
    )
    return db.session.scalars(query.order_by(Flag.id).with_for_update()).all()


def _hold_providers(flags: Sequence[Flag]) -> None:
    """Hold all providers whose pages change, in one order: else two decisions could wait for each other."""
    ids = {flag.provider_id for flag in flags} | {flag.by_provider_id for flag in flags} - {None}
    query = select(Provider.id).where(Provider.id.in_(ids)).order_by(Provider.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


FLAG_MOVES: dict[str, dict[str, Move]] = {
    "flag": {
        "uphold": Move(is_waiting, _uphold, needs_reasons=True, touches=not_undone),
        "dismiss": Move(is_waiting, _dismiss, needs_reasons=True, touches=not_undone),
    },
}
