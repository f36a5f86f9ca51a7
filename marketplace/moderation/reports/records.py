"""What a moderator compares a report with: the reporter's others, those of the same target, and later changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from marketplace.core.extensions import db
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import ActionName, Decision, Flag, FlagStatus
from marketplace.moderation.reports.targets import same_target, target_id, target_row
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.replies.models import ReplyVersion

OTHERS_SHOWN = 5
VERSIONS: dict[str, Any] = {"review": ReviewVersion.review_id, "reply": ReplyVersion.reply_id}


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
    """The record of a report's reporter and of its thing."""
    same = same_target(flag.subject, target_id(flag))
    reporter = _same_reporter(flag)
    others = db.session.execute(
        select(Flag.id, Flag.status, Flag.reason, Flag.submitted_at)
        .where(same, Flag.id != flag.id, Flag.status != FlagStatus.UNCONFIRMED)
        .order_by(Flag.submitted_at.desc(), Flag.id.desc())
        .limit(OTHERS_SHOWN)
    ).all()
    return FlagRecord(_tally(flag, reporter) if reporter is not None else None, _tally(flag, same), others)


def _same_reporter(flag: Flag) -> ColumnElement[bool] | None:
    """By account, and by the address that was confirmed: of a member the account's."""
    if flag.user is not None:
        return or_(Flag.user_id == flag.user.id, Flag.email == flag.user.email)
    return Flag.email == flag.email if flag.email is not None else None


def _tally(flag: Flag, which: ColumnElement[bool]) -> Tally:
    rows = db.session.execute(
        select(Flag.status, func.count(Flag.id)).where(which, Flag.id != flag.id).group_by(Flag.status)
    )
    found = {status: count for status, count in rows}
    return Tally(
        found.get(FlagStatus.UPHELD, 0), found.get(FlagStatus.DISMISSED, 0), found.get(FlagStatus.PENDING, 0)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """Other words replaced those that were reported, last at `at`. `text` has both where they are kept: of reviews and
    replies."""

    at: datetime
    text: Fact | None = None


def changed_since(flag: Flag) -> Change | None:
    """What became of the target after the report was written; None where nothing did."""
    if flag.subject in VERSIONS:
        return _replaced(flag)
    # No earlier words of listings and providers are kept, only that a moderator published a change.
    at = db.session.scalar(
        select(func.max(Decision.effective_at)).where(
            Decision.subject == find_kind(flag.subject).edit_kind,
            Decision.subject_id == target_id(flag),
            Decision.action == ActionName.PUBLISH,
            Decision.effective_at > flag.created_at,
        )
    )
    return Change(at) if at is not None else None


def _replaced(flag: Flag) -> Change | None:
    column = VERSIONS[flag.subject]
    version = column.class_
    rows = db.session.execute(
        select(version.text, version.replaced_at)
        .where(column == target_id(flag), version.replaced_at > flag.created_at)
        .order_by(version.id)
    ).all()
    if not rows:
        return None
    target = target_row(flag)
    now = getattr(target, "shown_text", None) or target.text
    text = Fact("text", _("Text"), now, rows[0].text, is_long=True)
    return Change(rows[-1].replaced_at, text if text.is_changed else None)
