"""Claims: a member says that an existing provider is theirs, and a moderator decides."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.core.locking import lock_in_status
from marketplace.providers.membership import is_member
from marketplace.providers.models import ClaimStatus, Provider, ProviderClaim, ProviderMember, ProviderStatus
from marketplace.providers.signals import bump_provider_version, provider_claimed, provider_status_changed


def file_claim(actor: User, provider: Provider, *, message: str, now: datetime) -> ProviderClaim:
    """Send a claim to the moderators. One that waits already is left as it is, a rejected one is sent again."""
    claim = _claim_of(actor, provider)
    if claim is None:
        try:
            return _add_claim(actor, provider, message, now)
        except IntegrityError:  # sent twice at once
            claim = _claim_of(actor, provider)
            assert claim is not None
    if claim.status != ClaimStatus.PENDING:
        claim.status, claim.message, claim.note, claim.submitted_at = ClaimStatus.PENDING, message, "", now
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
        status=ClaimStatus.PENDING,
        version=1,
        submitted_at=now,
    )
    with db.session.begin_nested():
        db.session.add(claim)
        db.session.flush()
    return claim


def claims_of(actor: User) -> list[ProviderClaim]:
    """A member's claims that are not approved, newest first."""
    query = (
        select(ProviderClaim)
        .where(ProviderClaim.user_id == actor.id, ProviderClaim.status != ClaimStatus.APPROVED)
        .order_by(ProviderClaim.submitted_at.desc(), ProviderClaim.id)
    )
    return list(db.session.scalars(query))


def approve_claim(claim: ProviderClaim, *, now: datetime) -> Provider:
    """Make the claimant a member. An unclaimed provider becomes active. Of a rejected registration the claimant replaces the
    members, and the provider waits for its own decision. Raises `Conflict` where the claim does not wait."""
    lock_in_status(claim, ClaimStatus.PENDING)
    provider = claim.provider
    status = provider.status
    if status == ProviderStatus.REMOVED:
        provider.members.clear()
        db.session.flush()
        provider.status, provider.note = ProviderStatus.PENDING, ""
    elif status == ProviderStatus.UNCLAIMED:
        provider.status = ProviderStatus.ACTIVE
    if not is_member(claim.user_id, provider.id):
        provider.members.append(ProviderMember(user_id=claim.user_id, created_at=now))
    provider_claimed.send(Provider, provider=provider, now=now)
    claim.status, claim.note = ClaimStatus.APPROVED, ""
    claim.version += 1
    bump_provider_version(provider)
    db.session.flush()
    if provider.status != status:
        provider_status_changed.send(Provider, provider=provider)
    return provider


def reject_claim(claim: ProviderClaim, *, note: str, now: datetime) -> ProviderClaim:
    """Reject a claim, with the statement that the claimant reads. Raises `Conflict` where it does not wait."""
    lock_in_status(claim, ClaimStatus.PENDING)
    claim.status, claim.note = ClaimStatus.REJECTED, note
    claim.version += 1
    db.session.flush()
    return claim
