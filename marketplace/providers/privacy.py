"""What a member's export says about providers: those managed and those claimed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import db
from marketplace.providers.labels import TRADER_LABELS
from marketplace.providers.models import ProviderClaim, ProviderMember, trader_columns


def own_providers(sender: object, *, user: User) -> list[Section]:
    """Memberships and claims."""
    members = db.session.scalars(
        select(ProviderMember).where(ProviderMember.user_id == user.id).order_by(ProviderMember.provider_id)
    )
    claims = db.session.scalars(
        select(ProviderClaim).where(ProviderClaim.user_id == user.id).order_by(ProviderClaim.id)
    )
    return [
        Section(
            "providers",
            _l("Providers you manage"),
            [
                [
                    Field("provider", _l("Provider"), row.provider.name),
                    Field("since", _l("Since"), row.created_at),
                    *(
                        Field(name, TRADER_LABELS[name], value)
                        for name, value in trader_columns(row.provider).items()
                    ),
                    Field("lawful_at", _l("Declared to offer lawful services on"), row.provider.lawful_at),
                ]
                for row in members
            ],
        ),
        Section(
            "claims",
            _l("Providers you claimed"),
            [
                [
                    Field("provider", _l("Provider"), row.provider.name),
                    Field("message", _l("What you wrote"), row.message),
                    Field("status", _l("Status"), row.status),
                    Field("note", _l("What the moderator wrote"), row.note),
                    Field("submitted_at", _l("Sent on"), row.submitted_at),
                ]
                for row in claims
            ],
        ),
    ]
