"""Appealing: signed in, or by the link in the mail to a reporter without an account. Nothing here commits."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.moderation.appeals.queries import appealable, decided_subject
from marketplace.moderation.models import Appeal, Decision, Flag
from marketplace.moderation.reports.mails import APPEAL, read_flag_token
from marketplace.text.clean import tidy

TEXT_LENGTH = (30, 2000)


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
    decided = decided_subject(decision)
    appeal = Appeal(
        decision_id=decision.id,
        provider_id=decided.provider.id,
        listing_id=decided.listing.id if decided.listing is not None else None,
        user_id=actor.id if actor is not None else None,
        text=text,
        language=language,
        submitted_at=now,
    )
    db.session.add(appeal)
    db.session.flush()
    return appeal


def appealable_by_link(token: str, *, secret: str, now: datetime) -> Decision:
    """The dismissal behind a link. Raises `NotFound` (`appeal_link_wrong`) for a link that is not ours, or where the address
    was erased, and the conflicts of `appealable` (`appeal_moot` also where the report was upheld since)."""
    flag = _flag_behind(token, secret)
    try:
        return appealable("flag", flag.id, actor=None, now=now)
    except NotFound:
        raise Conflict("appeal_moot") from None


def appeal_by_link(token: str, *, text: str, language: str, secret: str, now: datetime) -> Appeal:
    """Ask for another moderator's decision. Raises what `appealable_by_link` and `make_appeal` raise."""
    decision = appealable_by_link(token, secret=secret, now=now)
    return make_appeal("flag", decision.subject_id, actor=None, text=text, language=language, now=now)


def _flag_behind(token: str, secret: str) -> Flag:
    found = read_flag_token(token, secret, APPEAL)
    flag = find_row(Flag, found[0]) if found is not None else None
    if found is None or flag is None or flag.email is None:
        raise NotFound("appeal_link_wrong")
    if not flag.nonce or not secrets.compare_digest(flag.nonce, found[1]):
        raise NotFound("appeal_link_wrong")
    return flag
