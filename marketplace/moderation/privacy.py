"""What moderation keeps of a member: reports, appeals, and the decisions of whoever was a moderator."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, or_, select, update

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import db
from marketplace.moderation.decisions.labels import action_word, ledger_kind
from marketplace.moderation.models import Appeal, Decision, Flag, FlagStatus, LogEntry
from marketplace.moderation.reports.labels import reason_word
from marketplace.moderation.reports.targets import reported_by

STATUSES: Mapping[str, Any] = {
    FlagStatus.UNCONFIRMED: _l("Not confirmed"),
    FlagStatus.PENDING: _l("Waiting for a moderator"),
    FlagStatus.UPHELD: _l("Upheld"),
    FlagStatus.DISMISSED: _l("Dismissed"),
}


def own_matters(sender: object, *, user: User) -> list[Section]:
    """Reports, appeals and decisions taken."""
    flags = db.session.scalars(select(Flag).where(reported_by(user)).order_by(Flag.id))
    appeals = db.session.scalars(select(Appeal).where(_appealed_by(user)).order_by(Appeal.id))
    taken = db.session.scalars(select(Decision).where(Decision.actor_id == user.id).order_by(Decision.id))
    sections = [
        Section(
            "reports",
            _l("Your reports"),
            [
                [
                    Field("about", _l("About"), row.subject, ledger_kind(row.subject)),
                    Field("reason", _l("Reason"), row.reason, reason_word(row.reason)),
                    Field("explanation", _l("What you wrote"), row.explanation),
                    Field("name", _l("Name you gave"), row.name),
                    Field("email", _l("Email address"), row.email),
                    Field("status", _l("Status"), row.status, STATUSES.get(row.status)),
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
                    Field("status", _l("Status"), row.status, STATUSES.get(row.status)),
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
                Field(
                    "about",
                    _l("About"),
                    f"{row.subject} {row.subject_id}",
                    f"{ledger_kind(row.subject)} {row.subject_id}",
                ),
                Field("action", _l("Action"), row.action, action_word(row.action)),
                Field("ground", _l("Ground"), row.ground),
                Field("decided_at", _l("Decided on"), row.decided_at),
            ]
            for row in taken
        ]
        sections.append(Section("decisions", _l("Decisions you made"), rows))
    logged = db.session.scalars(select(LogEntry).where(LogEntry.actor_id == user.id).order_by(LogEntry.id))
    lines = [_log_line(entry) for entry in logged]
    if lines or user.is_staff:
        sections.append(Section("action_log", _l("What the log of actions says of you"), lines))
    return sections


def _log_line(entry: LogEntry) -> list[Field]:
    about = f"{entry.subject} {entry.subject_id}"
    return [
        Field("line", _l("Line"), entry.id),
        Field("at", _l("Date"), entry.at),
        Field("action", _l("Action"), entry.action),
        Field("about", _l("About"), about),
        Field("ground", _l("Ground"), entry.ground),
    ]


def forget_reporter(sender: object, *, user: User) -> None:
    """Reports keep their words; who wrote them is forgotten."""
    forgotten = update(Flag).where(reported_by(user)).values(email=None, name="")
    db.session.execute(forgotten.execution_options(synchronize_session=False))


def _appealed_by(user: User) -> ColumnElement[bool]:
    """Appeals of the member, also those made by the link to a report's address."""
    dismissed = select(Decision.id).join(
        Flag, (Decision.subject == "flag") & (Decision.subject_id == Flag.id) & reported_by(user)
    )
    by_link = Appeal.user_id.is_(None) & Appeal.decision_id.in_(dismissed)
    return or_(Appeal.user_id == user.id, by_link)
