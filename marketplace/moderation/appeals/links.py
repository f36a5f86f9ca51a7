"""Tells the pages that show a decision whether it can be appealed against: a link that is shown must work."""

from __future__ import annotations

from datetime import datetime

from marketplace.accounts.models import User
from marketplace.core.errors import Refusal
from marketplace.moderation.appeals.services import appealable


def appeal_state(sender: object, *, user: User, kind: str, number: int, now: datetime) -> str | None:
    """`open` where this member can appeal against the last decision on a thing, `made` where somebody did, else None."""
    try:
        appealable(kind, number, actor=user, now=now)
    except Refusal as refusal:
        return "made" if refusal.code == "appeal_made" else None
    return "open"
