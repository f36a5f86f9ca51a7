"""Claims: a member's word that an existing provider is theirs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.providers.models import Provider, ProviderClaim


def file_claim(actor: User, provider: Provider, *, message: str, now: datetime) -> ProviderClaim:
    """Put a claim into the moderators' queue; one that waits already is left as it is, a refused one is sent again."""
    claim = _claim_of(actor, provider)
    if claim is None:
        try:
            return _add_claim(actor, provider, message, now)
        except IntegrityError:  # sent twice at once
            claim = _claim_of(actor, provider)
            assert claim is not None
    if claim.status != "pending":
        claim.status, claim.message, claim.note, claim.submitted_at = "pending", message, "", now
        claim.version += 1
    db.session.flush()
    return claim


def _claim_of(actor: User, provider: Provider) -> ProviderClaim | None:
    query = select(ProviderClaim).where(ProviderClaim.provider_id == provider.id)
    return db.session.scalar(query.where(ProviderClaim.user_id == actor.id))


def _add_claim(actor: User, provider: Provider, message: str, now: datetime) -> ProviderClaim:
    claim = ProviderClaim(
        provider_id=provider.id,
        user_id=actor.id,
        message=message,
        status="pending",
        version=1,
        submitted_at=now,
    )
    with db.session.begin_nested():
        db.session.add(claim)
        db.session.flush()
    return claim


def claims_of(actor: User) -> list[ProviderClaim]:
    """A member's claims that wait or were refused, newest first."""
    query = (
        select(ProviderClaim)
        .where(ProviderClaim.user_id == actor.id, ProviderClaim.status != "approved")
        .order_by(ProviderClaim.submitted_at.desc(), ProviderClaim.id)
    )
    return list(db.session.scalars(query))
