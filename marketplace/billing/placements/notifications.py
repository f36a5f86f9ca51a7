"""The emails about placements: to the provider's members, each in their language, and to admins. Queued in the caller's
transaction; a key makes each leave once. Their sentences are in `templates/emails/placement/<mail>.txt`."""

from __future__ import annotations

from datetime import datetime

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


def notify_members(
    placement: Placement,
    mail: str,
    *,
    key: str,
    end: datetime | None = None,
    reason: str = "",
    amount: int = 0,
) -> None:
    """Queue a mail to each member of the placement's provider. `key` names the occasion; `amount` is in minor units of the
    placement's currency."""
    for member in members_of(placement.provider_id):
        key_of_mail = f"placement:{placement.id}:{mail}:{key}"
        _queue(member, placement, mail, key=key_of_mail, end=end, reason=reason, amount=amount)


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
