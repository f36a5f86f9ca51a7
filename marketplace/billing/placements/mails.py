"""The mails about placements: to the provider's members, each in their language, and to admins. Written in the caller's
transaction; a key makes each leave once."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import Placement
from marketplace.billing.placements.mail_words import WRITERS, Matter, told_admin
from marketplace.billing.placements.scopes import Place, place_of
from marketplace.core.extensions import db
from marketplace.i18n.dates import format_date, format_moment
from marketplace.i18n.languages import interface_language
from marketplace.mail.queue import queue_mail, speaking
from marketplace.providers.membership import members_of
from marketplace.values.money import format_money


def tell_members(
    placement: Placement,
    code: str,
    *,
    key: str,
    end: datetime | None = None,
    reason: str = "",
    amount: int = 0,
) -> None:
    """Queue a mail of `WRITERS` to each member of the placement's provider. `key` names the occasion; `amount` is in minor
    units of the placement's currency."""
    for member in members_of(placement.provider_id):
        _queue(member, placement, code, end, reason, amount, key=f"placement:{placement.id}:{code}:{key}")


def tell_admins(placement: Placement, reason: str, *, key: str) -> None:
    """Queue a mail to each admin."""
    admins = select(User).where(User.role == "admin", User.active).order_by(User.id)
    for admin in db.session.scalars(admins):
        _queue(
            admin,
            placement,
            "admin",
            None,
            reason,
            0,
            key=f"placement:{placement.id}:admin:{reason}:{key}",
            staff=True,
        )


def _queue(
    reader: User,
    placement: Placement,
    code: str,
    end: datetime | None,
    reason: str,
    amount: int,
    *,
    key: str,
    staff: bool = False,
) -> None:
    language = interface_language(reader.language)
    place: Place = place_of(placement.scope, language)
    with speaking(language):
        day = _written(code, end, language)
        write = WRITERS[code] if not staff else told_admin
        named = place.name if place.is_topic else str(_("the %(country)s page", country=place.name))
        money = format_money(amount, placement.currency, language)
        words = write(Matter(placement.provider.name, named, day, reason, money))
    queue_mail(
        reader.email,
        "placement",
        language=reader.language,
        key=f"{key}:{reader.id}",
        words=words,
        placement=placement,
        staff=staff,
    )


def _written(code: str, end: datetime | None, language: str) -> str:
    if end is None:
        return ""
    return format_moment(end, language) if code == "slot_free" else format_date(end, language)
