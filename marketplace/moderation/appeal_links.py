"""Tells the pages of an author's reviews which decisions can be appealed against: a link that is shown must work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from marketplace.accounts.contested import Thing, contest_asked
from marketplace.accounts.models import User
from marketplace.errors import Refusal
from marketplace.moderation.appeals import appealable


@contest_asked.connect
def appealable_things(
    sender: object, *, user: User, things: Collection[Thing], now: datetime
) -> dict[Thing, str]:
    """Those of the things against whose last decision this member can appeal now (`open`), or did (`made`)."""
    return {thing: state for thing in things if (state := _state(thing, user, now)) is not None}


def _state(thing: Thing, user: User, now: datetime) -> str | None:
    kind, number = thing
    try:
        appealable(kind, number, actor=user, now=now)
    except Refusal as refusal:
        return "made" if refusal.code == "appeal_made" else None
    return "open"
