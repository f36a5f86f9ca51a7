"""What moderation keeps of a member: reports, appeals, and the decisions of whoever was a moderator."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.accounts.personal_data import Field, Section, data_asked, erasing
from marketplace.extensions import db
from marketplace.moderation.models import Appeal, Decision, Flag


@data_asked.connect
def own_matters(sender: object, *, user: User) -> list[Section]:
    """Reports, appeals and decisions taken."""
    flags = db.session.scalars(select(Flag).where(Flag.user_id == user.id).order_by(Flag.id))
    appeals = db.session.scalars(select(Appeal).where(Appeal.user_id == user.id).order_by(Appeal.id))
    taken = db.session.scalars(select(Decision).where(Decision.actor_id == user.id).order_by(Decision.id))
    sections = [
        Section(
            "reports",
            _l("Your reports"),
            [
                [
                    Field("about", _l("About"), row.subject),
                    Field("reason", _l("Reason"), row.reason),
                    Field("explanation", _l("What you wrote"), row.explanation),
                    Field("status", _l("Status"), row.status),
                    Field("note", _l("What the moderator wrote"), row.note),
                    Field("created_at", _l("Sent on"), row.created_at),
                ]
                for row in flags
            ],
        ),
        Section(
            "appeals",
            _l("Your appeals"),
            [
                [
                    Field("text", _l("What you wrote"), row.text),
                    Field("status", _l("Status"), row.status),
                    Field("note", _l("What the moderator wrote"), row.note),
                    Field("submitted_at", _l("Sent on"), row.submitted_at),
                ]
                for row in appeals
            ],
        ),
    ]
    if user.is_staff:
        rows = [
            [
                Field("decision", _l("Decision"), row.id),
                Field("about", _l("About"), f"{row.subject} {row.subject_id}"),
                Field("action", _l("Action"), row.action),
                Field("ground", _l("Ground"), row.ground),
                Field("decided_at", _l("Decided on"), row.decided_at),
            ]
            for row in taken
        ]
        sections.append(Section("decisions", _l("Decisions that you took"), rows))
    return sections


@erasing.connect
def forget_reporter(sender: object, *, user: User, take_down: bool, now: datetime) -> None:
    """Reports keep their words; who wrote them is forgotten."""
    own = (Flag.user_id == user.id) | (Flag.email == user.email)
    values = {"email": None, "name": ""}
    db.session.execute(update(Flag).where(own).values(values).execution_options(synchronize_session=False))
