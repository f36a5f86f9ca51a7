"""What listings keep of a member: providers managed and claimed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section, data_asked, parting
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.membership import held_alone
from marketplace.providers.models import ProviderClaim, ProviderMember

# Somebody must be there for what clients can still see, or what a moderator is about to show.
KEPT_BY_MEMBERS = ("published", "pending", "paused")


@data_asked.connect
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


@parting.connect
def leave_providers(sender: object, *, user: User) -> None:
    """Memberships go with the account. Raises `Conflict` (`only_member`, with `name`) where nobody else could answer for
    what a provider offers."""
    offers = select(Listing.id).where(Listing.status.in_(KEPT_BY_MEMBERS)).limit(1)
    for provider in held_alone(user):
        if db.session.scalar(offers.where(Listing.provider_id == provider.id)) is not None:
            raise Conflict("only_member", name=provider.name)
