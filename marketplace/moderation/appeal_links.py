"""Tells the pages of an author's reviews which decisions can be appealed against: a link that is shown must work."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from marketplace.accounts.models import User
from marketplace.errors import Refusal
from marketplace.moderation.appeals import appealable
from marketplace.reviews.contested import Thing, contest_asked


@contest_asked.connect
def appealable_things(sender: object, *, user: User, things: Collection[Thing], now: datetime) -> set[Thing]:
    """Those of the things whose last decision this member can appeal against now."""
    return {thing for thing in things if _is_appealable(thing, user, now)}


def _is_appealable(thing: Thing, user: User, now: datetime) -> bool:
    kind, number = thing
    try:
        appealable(kind, number, actor=user, now=now)
    except Refusal:
        return False
    return True
