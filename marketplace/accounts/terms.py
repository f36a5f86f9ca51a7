"""The versions of the terms, and how members learn of a new one.

The newest version is announced by the worker: every member who accepted an older one gets a mail, and it applies fifteen
days later. On a site where nobody has accepted an older one it applies at once. The text of each version is kept as
`templates/public/about/terms/<name>.html`, and what changed as `changes` here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Date, String, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.accounts.models import User
from marketplace.core.database import UTCDateTime
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue, task
from marketplace.core.revisions import raise_site_revision
from marketplace.i18n.dates import format_date
from marketplace.mail.queue import queue_mail

NOTICE_DAYS = 15
BATCH = 200


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the terms: its name, and what it changed, in sentences."""

    name: str
    changes: Sequence[Any] = ()


VERSIONS = (
    Version("1"),
    Version(
        "2",
        (
            _l("Providers say who is behind them, or that they are private persons. We show it to clients."),
            _l("Providers declare that they only offer services that comply with the law."),
            _l(
                "We tell members by email at least 15 days before new terms apply, and keep the earlier ones."
            ),
        ),
    ),
)
NEWEST = VERSIONS[-1]


class TermsNotice(db.Model):
    """When members were told of a version of the terms, and the day from which it applies."""

    __tablename__ = "terms_notice"
    version: Mapped[str] = mapped_column(String(10), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applies_on: Mapped[date] = mapped_column(Date)


@dataclass(frozen=True, slots=True)
class Terms:
    """The version that applies, one that will apply later if any, and the first days of those that were announced."""

    current: Version
    coming: Version | None
    days: dict[str, date]


def terms_on(day: date) -> Terms:
    """The terms on a day. One query."""
    days = {row.version: row.applies_on for row in db.session.scalars(select(TermsNotice))}
    applying = [version for version in VERSIONS if version.name in days and days[version.name] <= day]
    current = applying[-1] if applying else NEWEST
    coming = NEWEST if NEWEST is not current and NEWEST.name in days else None
    return Terms(current, coming, days)


def find_version(name: str) -> Version | None:
    """The version of this name."""
    return next((version for version in VERSIONS if version.name == name), None)


def _to_tell() -> ColumnElement[bool]:
    """Members whose address is theirs and who have not accepted the newest version."""
    older = or_(User.terms_version.is_(None), User.terms_version != NEWEST.name)
    return older & User.active & User.confirmed_at.is_not(None)


@task("terms.announce", every=timedelta(days=1))
def announce_terms(payload: dict[str, Any]) -> None:
    """Announce the newest version once: from then on its day stands."""
    if db.session.get(TermsNotice, NEWEST.name) is not None:
        return
    moment = now()
    told = db.session.scalar(select(User.id).where(_to_tell()).limit(1)) is not None
    # A day more than the notice: the last mail leaves some time after the first.
    first_day = (moment + timedelta(days=NOTICE_DAYS + 1)).date() if told else moment.date()
    db.session.add(TermsNotice(version=NEWEST.name, told_at=moment, applies_on=first_day))
    raise_site_revision()
    if told:
        enqueue("terms.tell", {"version": NEWEST.name, "after": 0})


@task("terms.tell")
def tell_members(payload: dict[str, Any]) -> None:
    """Mail some members that new terms will apply, and go on with the next ones. Nobody gets the mail twice."""
    version, notice = find_version(payload["version"]), db.session.get(TermsNotice, payload["version"])
    if version is None or notice is None:
        return
    query = select(User).where(_to_tell(), User.id > payload["after"]).order_by(User.id).limit(BATCH)
    members = db.session.scalars(query).all()
    for user in members:
        queue_mail(
            user.email,
            "terms_changed",
            language=user.language,
            key=f"terms:{version.name}:{user.id}",
            day=format_date(notice.applies_on, user.language),
            changes=version.changes,
            link=url_for("about.terms", _external=True, _language=user.language),
        )
    if len(members) == BATCH:
        enqueue("terms.tell", {"version": version.name, "after": members[-1].id})
