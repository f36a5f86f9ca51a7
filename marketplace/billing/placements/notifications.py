"""The emails about placements: to the provider's members, each in their language, and to admins. Queued in the caller's
transaction; a key makes each leave once. Their sentences are in `templates/emails/placement/<mail>.txt`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import Placement
from marketplace.billing.placements.scopes import scope_label
from marketplace.core.extensions import db
from marketplace.i18n.dates import format_date, format_moment
from marketplace.i18n.languages import interface_language
from marketplace.mail.queue import queue_mail, speaking
from marketplace.providers.membership import members_of
from marketplace.values.money import format_money


def notify_members(placement: Placement, mail: str, *, key: str, **details: Any) -> None:
    """Queue a mail to each member of the placement's provider. `key` names the occasion; `details` are those of `_queue`."""
    for member in members_of(placement.provider_id):
        _queue(member, placement, mail, key=f"placement:{placement.id}:{mail}:{key}", **details)


def notify_admins(placement: Placement, reason: str, *, key: str) -> None:
    """Queue a mail to each admin."""
    admins = select(User).where(User.role == "admin", User.active).order_by(User.id)
    for admin in db.session.scalars(admins):
        _queue(admin, placement, "admin", key=f"placement:{placement.id}:admin:{reason}:{key}", reason=reason)


def _queue(
    reader: User,
    placement: Placement,
    mail: str,
    *,
    key: str,
    end: datetime | None = None,
    reason: str = "",
    amount: int = 0,
) -> None:
    """One mail. `end` is the moment that it names, `amount` is in minor units of the placement's currency."""
    language = interface_language(reader.language)
    place = scope_label(placement.scope, language)
    format_end = format_moment if mail == "slot_free" else format_date
    with speaking(language):
        where = place.name if place.is_topic else str(_("the %(country)s page", country=place.name))
        day = format_end(end, language) if end is not None else ""
        money = format_money(amount, placement.currency, language)
    queue_mail(
        reader.email,
        "placement",
        language=reader.language,
        key=f"{key}:{reader.id}",
        mail=mail,
        placement=placement,
        provider=placement.provider.name,
        where=where,
        day=day,
        reason=reason,
        amount=money,
    )
