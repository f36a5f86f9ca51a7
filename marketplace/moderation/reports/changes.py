"""Whether what was reported still says what it said then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.core.extensions import db
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.models import Decision, Flag
from marketplace.moderation.reports.targets import flagged_by, number_of
from marketplace.reviews.models import ReviewVersion
from marketplace.reviews.replies.models import ReplyVersion

VERSIONS: dict[str, Any] = {"review": ReviewVersion.review_id, "reply": ReplyVersion.reply_id}


@dataclass(frozen=True, slots=True)
class Change:
    """Other words took the place of those that were reported, last at `at`. `text` has both, where they are kept: of reviews
    and replies."""

    at: datetime
    text: Fact | None = None


def changed_since(flag: Flag) -> Change | None:
    """What became of the thing after the report was written; None where nothing did."""
    if flag.subject in VERSIONS:
        return _replaced(flag)
    # Of listings and providers no earlier words are kept, only that a moderator let others take their place.
    undo = aliased(Decision)
    undone = select(undo.id).where(undo.reverses_id == Decision.id)
    at = db.session.scalar(
        select(func.max(Decision.decided_at)).where(
            Decision.subject == f"{flag.subject}_edit",
            Decision.subject_id == number_of(flag),
            Decision.action == "publish",
            Decision.decided_at > flag.created_at,
            ~undone.exists(),
        )
    )
    return Change(at) if at is not None else None


def _replaced(flag: Flag) -> Change | None:
    column = VERSIONS[flag.subject]
    version = column.class_
    rows = db.session.execute(
        select(version.text, version.replaced_at)
        .where(column == number_of(flag), version.replaced_at > flag.created_at)
        .order_by(version.id)
    ).all()
    if not rows:
        return None
    thing = flagged_by(flag)
    now = thing.text if flag.subject == "review" else thing.shown_text or thing.text
    text = Fact("text", _("Text"), now, rows[0].text, is_long=True)
    return Change(rows[-1].replaced_at, text if text.is_changed else None)
