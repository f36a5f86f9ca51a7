"""Who manages a provider. Every change checks here first; a stranger gets `NotFound`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from marketplace.accounts.models import User
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.providers.models import Provider, ProviderEdit, ProviderMember, ProviderStatus


def is_member(user_id: int, provider_id: int) -> bool:
    """Whether a user manages a provider."""
    return db.session.get(ProviderMember, (provider_id, user_id)) is not None


def members_of(provider_id: int) -> list[User]:
    """The members of a provider who may sign in, oldest first."""
    return list(
        db.session.scalars(
            select(User)
            .join(ProviderMember, ProviderMember.user_id == User.id)
            .where(ProviderMember.provider_id == provider_id, User.active)
            .order_by(ProviderMember.created_at, User.id)
        )
    )


def sharing_member(provider_id: Any) -> Select[int]:
    """Select the ids of the other providers that have a member of this one. `provider_id` may be a column."""
    mine, theirs = aliased(ProviderMember), aliased(ProviderMember)
    return (
        select(theirs.provider_id)
        .join(mine, mine.user_id == theirs.user_id)
        .where(mine.provider_id == provider_id, theirs.provider_id != provider_id)
    )


def same_owner(provider_id: int) -> list[Provider]:
    """The other providers that have a member of this one, by name: for rules and readers they have the same owner."""
    query = select(Provider).where(Provider.id.in_(sharing_member(provider_id)))
    return list(db.session.scalars(query.order_by(Provider.sort_name, Provider.id)))


def same_papers(row: Provider | ProviderEdit) -> list[Provider]:
    """The other providers that give the same VAT number, place in a register or contact, by name: for moderators only, since
    anybody can type somebody else's."""
    own_id = row.id if isinstance(row, Provider) else row.provider_id
    alike: list[ColumnElement[bool]] = []
    if row.vat_number:
        alike.append((Provider.vat_number == row.vat_number) & (Provider.seat == row.seat))
    if row.register_number:
        numbers = (Provider.register_number == row.register_number) & (Provider.seat == row.seat)
        alike.append(numbers)
    if row.contact:
        alike.append(func.lower(Provider.contact) == row.contact.lower())
    if not alike:
        return []
    query = (
        select(Provider).where(Provider.id != own_id, or_(*alike)).order_by(Provider.sort_name, Provider.id)
    )
    return list(db.session.scalars(query))


def acts_for(user_id: int, provider_id: int) -> bool:
    """Whether a user manages a provider, or another one with the same owner."""
    own = select(ProviderMember.provider_id).where(ProviderMember.user_id == user_id)
    either = own.where(
        or_(
            ProviderMember.provider_id == provider_id,
            ProviderMember.provider_id.in_(sharing_member(provider_id)),
        )
    )
    return db.session.scalar(either.limit(1)) is not None


def require_member(actor: User, provider: Provider) -> None:
    """Raises `NotFound` for a stranger, `NotAllowed` where the address is not confirmed or the provider is suspended."""
    if not is_member(actor.id, provider.id):
        raise NotFound
    require_confirmed(actor)
    if provider.status == ProviderStatus.SUSPENDED:
        raise NotAllowed("provider_suspended")


def require_confirmed(actor: User) -> None:
    """Raises `NotAllowed` where the actor has not confirmed the address yet."""
    if actor.confirmed_at is None:
        raise NotAllowed("address_unconfirmed")


def providers_of(actor: User) -> list[Provider]:
    """The providers that a member manages, by name."""
    query = (
        select(Provider)
        .join(ProviderMember, ProviderMember.provider_id == Provider.id)
        .where(ProviderMember.user_id == actor.id)
        .order_by(Provider.sort_name, Provider.id)
    )
    return list(db.session.scalars(query))


def held_alone(actor: User) -> list[Provider]:
    """The providers that nobody else manages, by name. All of the member's are locked until the transaction ends,
    so that two members who leave at once are handled one after the other."""
    own = select(ProviderMember.provider_id).where(ProviderMember.user_id == actor.id)
    held = select(Provider.id).where(Provider.id.in_(own)).order_by(Provider.id).with_for_update()
    db.session.execute(held).all()
    others = select(ProviderMember.provider_id).where(ProviderMember.user_id != actor.id)
    return [
        provider
        for provider in providers_of(actor)
        if db.session.scalar(others.where(ProviderMember.provider_id == provider.id).limit(1)) is None
    ]


def own_provider(actor: User, slug: str) -> Provider:
    """The member's provider with this slug, or the one that it was merged into: mails lead to the old address. Raises
    `NotFound`."""
    provider = db.session.scalar(select(Provider).where(Provider.slug == slug))
    if provider is not None and provider.merged_into_id is not None:
        provider = db.session.get(Provider, provider.merged_into_id)
    if provider is None or not is_member(actor.id, provider.id):
        raise NotFound
    return provider
