"""Registering a provider and changing its profile.

A registration waits for a moderator (`pending`); an active provider's name, website and description wait as a
`ProviderEdit` while the live ones stay; languages and countries take effect at once. A website whose host a provider
has already becomes a claim: nothing is doubled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import drop_edit, propose_edit
from marketplace.guides.queries import topic_countries
from marketplace.i18n.folding import name_key
from marketplace.providers.claims import file_claim
from marketplace.providers.membership import is_member, require_confirmed, require_member
from marketplace.providers.models import Provider, ProviderClaim, ProviderEdit, ProviderMember, ProviderStatus
from marketplace.providers.profiles import Profile, new_provider, read_profile, search_text
from marketplace.providers.signals import bump_provider_version, provider_status_changed
from marketplace.providers.slugs import Slugs, slug_base

TRIES = 8  # of as many people at once, one wins each round


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration led to: a new provider, or a claim on the one that has this website already."""

    provider: Provider
    claim: ProviderClaim | None = None


def register_provider(
    *, actor: User, now: datetime, claimed: Provider | None = None, **typed: Any
) -> Registration:
    """Register a provider with the actor as its member, pending a moderator; or claim the one with this website. `typed` is
    the profile, as `read_profile` takes it; `claimed` is the provider that is meant, if one is.

    Raises `InvalidFields`, `Invalid` on `website` where the actor has that provider already or the website is not the
    claimed one's, `NotAllowed` without a confirmed address.
    """
    require_confirmed(actor)
    countries = {*topic_countries(), *(claimed.countries if claimed is not None else ())}
    profile = read_profile(**typed, known_countries=sorted(countries))
    if claimed is not None:
        return Registration(claimed, _claim(actor, claimed, profile, now))
    for _ in range(TRIES):
        existing = provider_with_host(profile.website.host, profile.name)
        if existing is not None:
            if is_member(actor.id, existing.id):
                raise Invalid("website_yours", "website")
            return Registration(existing, file_claim(actor, existing, message=profile.description, now=now))
        try:
            return Registration(_add_provider(actor, profile, now))
        except IntegrityError:
            continue  # somebody took the slug or the name and host meanwhile: look again
    raise Conflict("register_again")


def claimable_provider(slug: str) -> Provider | None:
    """The provider at an address, if it can be claimed."""
    claimable = Provider.status.in_((ProviderStatus.UNCLAIMED, ProviderStatus.ACTIVE))
    return db.session.scalar(select(Provider).where(Provider.slug == slug, claimable))


def provider_with_host(host: str, name: str) -> Provider | None:
    """The provider that has a website's host: of several the one of this name, else an unclaimed one, else the oldest."""
    query = select(Provider).where(Provider.host == host, Provider.merged_into_id.is_(None))
    key, found = name_key(name), db.session.scalars(query).all()
    return min(
        found, key=lambda p: (p.name_key != key, p.status != ProviderStatus.UNCLAIMED, p.id), default=None
    )


def free_slug(name: str) -> str:
    """A slug that no provider has."""
    near = (slug_base(name) or "provider") + "%"
    return Slugs(db.session.scalars(select(Provider.slug).where(Provider.slug.like(near)))).take(name)


def _claim(actor: User, claimed: Provider, profile: Profile, now: datetime) -> ProviderClaim:
    if is_member(actor.id, claimed.id):
        raise Invalid("website_yours", "website")
    if claimed.host and profile.website.host != claimed.host:
        raise Invalid("website_not_claimed", "website")
    # A row without a website can be somebody's too: the moderator reads which one the claimant has.
    message = profile.description if claimed.host else f"{profile.website.url}\n{profile.description}".strip()
    return file_claim(actor, claimed, message=message, now=now)


def _add_provider(actor: User, profile: Profile, now: datetime) -> Provider:
    with db.session.begin_nested():
        provider = new_provider(
            profile.name,
            profile.website,
            slug=free_slug(profile.name),
            status=ProviderStatus.PENDING,
            now=now,
            description=profile.description,
            languages=list(profile.languages),
            countries=list(profile.countries),
            lawful_at=now if profile.lawful else None,
            **profile.trader,
        )
        db.session.add(provider)
        db.session.flush()
        db.session.add(ProviderMember(provider_id=provider.id, user_id=actor.id, created_at=now))
        db.session.flush()
    return provider


def change_provider(*, actor: User, provider: Provider, now: datetime, **typed: Any) -> Provider:
    """Change a profile to what was `typed`. An active provider's name, website and description wait in `provider.edit`; a
    pending one's are changed directly, and a refused registration is sent again by it.

    Raises `NotFound` for a stranger, `NotAllowed` where suspended, `InvalidFields`, and `Invalid` on `website` where
    another provider has its host.
    """
    require_member(actor, provider)
    known_countries = sorted({*topic_countries(), *provider.countries})
    profile = read_profile(**typed, known_countries=known_countries)
    lock_row(provider)
    _refuse_taken(provider, profile)
    if profile.lawful:
        provider.lawful_at = now
    standing = provider.status
    if standing == ProviderStatus.ACTIVE:
        _take_effect(provider, profile)
        wanted = {
            "name": profile.name,
            "website": profile.website.url,
            "description": profile.description,
            **profile.trader,
        }
        propose_edit(provider, ProviderEdit, wanted, now=now)
    else:
        _rewrite(provider, profile)
    db.session.flush()
    if provider.status != standing:
        provider_status_changed.send(Provider, provider=provider)
    return provider


def _refuse_taken(provider: Provider, profile: Profile) -> None:
    other = provider_with_host(profile.website.host, profile.name)
    if other is None or other.id == provider.id:
        return
    if provider.is_identified_by(profile.name, profile.website.host):
        return  # one of two that were there before names were folded may keep what it has
    if profile.website.host != provider.host or name_key(profile.name) == other.name_key:
        raise Invalid("website_taken", "website")


def _take_effect(provider: Provider, profile: Profile) -> None:
    languages, countries = list(profile.languages), list(profile.countries)
    if (provider.languages, provider.countries) != (languages, countries):
        provider.languages, provider.countries = languages, countries
        bump_provider_version(provider)


def _rewrite(provider: Provider, profile: Profile) -> None:
    provider.take_identity(profile.name, profile.website.url, profile.website.host)
    provider.description = profile.description
    for name, value in profile.trader.items():
        setattr(provider, name, value)
    provider.languages, provider.countries = list(profile.languages), list(profile.countries)
    provider.search_text = search_text(profile.name, profile.website.host)
    if provider.status == ProviderStatus.REMOVED:
        provider.status = ProviderStatus.PENDING
    provider.note = ""
    bump_provider_version(provider, shown=False)


def drop_provider_edit(*, actor: User, provider: Provider) -> Provider:
    """Take back a change that waits or was refused. Raises `NotFound` for a stranger."""
    require_member(actor, provider)
    lock_row(provider)
    drop_edit(provider)
    db.session.flush()
    return provider
