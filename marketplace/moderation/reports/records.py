"""What a moderator compares a report with: who reports what how rightly, and what others say of the same thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from marketplace.core.extensions import db
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.targets import number_of, same_thing

OTHERS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """How many reports were upheld, dismissed, and wait. What nobody confirmed is none."""

    upheld: int
    dismissed: int
    waiting: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.upheld + self.dismissed + self.waiting


@dataclass(frozen=True, slots=True)
class FlagRecord:
    """What stands beside a report. `reporter` are this person's other reports of whatever, None where nobody knows any more
    who it was; `same` the other reports of the same thing, of which `others` are the newest (id, status, reason,
    submitted_at)."""

    reporter: Tally | None
    same: Tally
    others: Sequence[Any]


def flag_record(flag: Flag) -> FlagRecord:
    """The record of a report's maker and of its thing."""
    same = same_thing(flag.subject, number_of(flag))
    maker = _same_maker(flag)
    others = db.session.execute(
        select(Flag.id, Flag.status, Flag.reason, Flag.submitted_at)
        .where(same, Flag.id != flag.id, Flag.status != "unconfirmed")
        .order_by(Flag.submitted_at.desc(), Flag.id.desc())
        .limit(OTHERS_SHOWN)
    ).all()
    return FlagRecord(_tally(flag, maker) if maker is not None else None, _tally(flag, same), others)


def _same_maker(flag: Flag) -> ColumnElement[bool] | None:
    """By account, and by the address that was confirmed: of a member the account's."""
    if flag.user is not None:
        return or_(Flag.user_id == flag.user.id, Flag.email == flag.user.email)
    return Flag.email == flag.email if flag.email is not None else None


def _tally(flag: Flag, which: ColumnElement[bool]) -> Tally:
    rows = db.session.execute(
        select(Flag.status, func.count(Flag.id)).where(which, Flag.id != flag.id).group_by(Flag.status)
    )
    found = {status: count for status, count in rows}
    return Tally(found.get("upheld", 0), found.get("dismissed", 0), found.get("pending", 0))
