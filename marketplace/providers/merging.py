"""Providers that are one business: which might be, and how two of them become one.

A merged provider stays as a removed row that names the one it went into: its old addresses lead there, and what Stripe, jobs
or the log remember of it keeps its meaning. Features above move what is theirs when `provider_merged` is sent, and refuse
by answering `merge_problems_requested`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select, update

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import drop_edit
from marketplace.providers.models import Provider, ProviderClaim, ProviderMember, ProviderStatus
from marketplace.providers.signals import (
    bump_provider_version,
    merge_problems_requested,
    provider_merged,
    provider_status_changed,
)
from marketplace.text.clean import sameness_key

# The first is the one to keep, where nothing else decides.
_BY_STANDING = (ProviderStatus.ACTIVE, ProviderStatus.PENDING, ProviderStatus.UNCLAIMED)


@dataclass(frozen=True, slots=True)
class ProposedMerge:
    """Providers that look like one: the same website, and names of the same letters."""

    into: Provider
    others: tuple[Provider, ...]


def propose_merges() -> list[ProposedMerge]:
    """The groups that look like one provider, by host and name. Which one stays: one with members, else the one with the
    best standing, else the oldest. Reads all providers, so it is for commands only."""
    query = select(Provider).where(Provider.status.in_(_BY_STANDING)).order_by(Provider.id)
    managed = set(db.session.scalars(select(ProviderMember.provider_id)))
    keyed = [((found.host, sameness_key(found.name)), found) for found in db.session.scalars(query)]
    groups = []
    for _, pairs in groupby(sorted(keyed, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        alike = sorted(
            (found for _, found in pairs),
            key=lambda one: (one.id not in managed, _BY_STANDING.index(ProviderStatus(one.status)), one.id),
        )
        if len(alike) > 1:
            groups.append(ProposedMerge(alike[0], tuple(alike[1:])))
    return groups


def merge_problems(gone: Provider, into: Provider) -> list[str]:
    """The codes of what forbids merging two providers, none where they can be merged."""
    members = [set(_members(provider.id)) for provider in (gone, into)]
    problems = [] if members[0] <= members[1] else ["merge_members"]
    if gone.id == into.id or {gone.status, into.status} - set(_BY_STANDING):
        problems.append("merge_standing")
    for _, found in merge_problems_requested.send(Provider, gone=gone, into=into):
        problems += found
    return problems


def merge_provider(gone: Provider, into: Provider, *, now: datetime) -> Provider:
    """Merge `gone` into `into`, for the operator: listings, reviews, claims and reports move, and its addresses lead there.

    Raises `Conflict` with the first code of `merge_problems`.
    """
    for provider in sorted((gone, into), key=lambda one: one.id):
        lock_row(provider)
    if problems := merge_problems(gone, into):
        raise Conflict(problems[0])
    drop_edit(gone)
    for name in ("countries", "languages"):
        theirs, ours = getattr(gone, name), getattr(into, name)
        setattr(into, name, [*ours, *(value for value in theirs if value not in ours)])
    _move_claims(gone.id, into.id)
    provider_merged.send(Provider, gone=gone, into=into, now=now)
    earlier = update(Provider).where(Provider.merged_into_id == gone.id)
    db.session.execute(earlier.values(merged_into_id=into.id).execution_options(synchronize_session=False))
    gone.status, gone.merged_into_id = ProviderStatus.REMOVED, into.id
    gone.name_key = f"{gone.name_key}\x01{gone.id}"
    for provider in (gone, into):
        bump_provider_version(provider)
    db.session.flush()
    provider_status_changed.send(Provider, provider=gone)
    return into


def merged_slug(slug: str) -> str | None:
    """The address of the provider that the one at this address was merged into, or None."""
    into = select(Provider.merged_into_id).where(Provider.slug == slug).scalar_subquery()
    return db.session.scalar(select(Provider.slug).where(Provider.id == into))


def _members(provider_id: int) -> Sequence[int]:
    return db.session.scalars(
        select(ProviderMember.user_id).where(ProviderMember.provider_id == provider_id)
    ).all()


def _move_claims(gone_id: int, into_id: int) -> None:
    """A person who claimed both keeps the claim on the one that stays."""
    claimed = select(ProviderClaim.user_id).where(ProviderClaim.provider_id == into_id)
    claimants = set(db.session.scalars(claimed))
    for claim in db.session.scalars(select(ProviderClaim).where(ProviderClaim.provider_id == gone_id)):
        if claim.user_id in claimants:
            db.session.delete(claim)
        else:
            claim.provider_id = into_id
    db.session.flush()
