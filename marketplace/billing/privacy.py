"""What is paid for ends before the account that answers for it."""

from __future__ import annotations

from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.billing.models import LIVE, Placement
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.providers.membership import held_alone


def keep_payer(sender: object, *, user: User) -> None:
    """Raises `Conflict` (`paid_place`, with `name`) for the only member of a provider with a place that is being bought, is
    paid for or renews."""
    live = select(Placement.id).where(Placement.state.in_(LIVE)).limit(1)
    for provider in held_alone(user):
        if db.session.scalar(live.where(Placement.provider_id == provider.id)) is not None:
            raise Conflict("paid_place", name=provider.name)
