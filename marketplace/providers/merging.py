"""Providers that are one business: which might be, and how two of them become one.

A merged provider stays as a removed row that names the one it went into: its old addresses lead there, and what Stripe, jobs
or the log remember of it keeps its meaning. Features above move what is theirs when `provider_merged` is sent, and refuse
by answering `merge_problems_requested`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Select, func, or_, select, update

from marketplace.core.errors import Conflict
from marketplace.core.extensions import db
from marketplace.core.locking import lock_row
from marketplace.core.waiting_edits import drop_edit, move_edit
from marketplace.i18n.folding import name_key
from marketplace.providers.claims import file_claim
from marketplace.providers.models import (
    OWN_KEY,
    TOLD,
    ClaimStatus,
    Provider,
    ProviderClaim,
    ProviderEdit,
    ProviderMember,
    ProviderStatus,
    TraderStatus,
    trader_columns,
)
from marketplace.providers.profiles import search_text
from marketplace.providers.signals import (
    bump_provider_version,
    merge_problems_requested,
    provider_merged,
    provider_status_changed,
)
from marketplace.text.clean import sameness_key

# The first is the one to keep, where nothing else decides.
_BY_STANDING = (ProviderStatus.ACTIVE, ProviderStatus.UNCLAIMED, ProviderStatus.PENDING)


@dataclass(frozen=True, slots=True)
class ProposedMerge:
    """Providers that look like one: the same website, and names of the same letters."""

    into: Provider
    others: tuple[Provider, ...]


def propose_merges() -> list[ProposedMerge]:
    """The groups that look like one provider, by host and name. Which one stays: the one with the best standing, of those
    one with members, else the oldest. Reads all providers, so it is for commands only."""
    query = select(Provider).where(
        Provider.merged_into_id.is_(None), Provider.status != ProviderStatus.REMOVED
    )
    managed = set(db.session.scalars(select(ProviderMember.provider_id)))
    found = db.session.scalars(query.order_by(Provider.id))
    keyed = [((one.host, sameness_key(one.name)), one) for one in found]

    def rank(one: Provider) -> tuple[int, bool, int]:
        standing = (
            _BY_STANDING.index(ProviderStatus(one.status))
            if one.status in _BY_STANDING
            else len(_BY_STANDING)
        )
        return standing, one.id not in managed, one.id

    groups = []
    for _, pairs in groupby(sorted(keyed, key=lambda pair: pair[0]), key=lambda pair: pair[0]):
        alike = sorted((one for _, one in pairs), key=rank)
        if len(alike) > 1:
            groups.append(ProposedMerge(alike[0], tuple(alike[1:])))
    return groups


def are_spellings(one: Provider, other: Provider) -> bool:
    """Whether two providers have one identity, and not only names of the same letters."""
    return one.is_identified_by(other.name, other.host)


def count_members(provider_id: int) -> int:
    """How many people manage a provider."""
    query = select(func.count()).where(ProviderMember.provider_id == provider_id)
    return db.session.scalar(query) or 0


def merge_problems(gone: Provider, into: Provider) -> list[str]:
    """The codes of what forbids merging two providers, none where they can be merged."""
    problems = []
    if gone.id == into.id or {gone.status, into.status} - set(_BY_STANDING):
        problems.append("merge_standing")
    for _, found in merge_problems_requested.send(Provider, gone=gone, into=into):
        problems += [code for code in found if code not in problems]
    return sorted(problems)


def merge_provider(gone: Provider, into: Provider, *, now: datetime) -> Provider:
    """Merge `gone` into `into`, for the operator: what belongs to it moves, and its addresses lead there.

    Raises `Conflict` with the first code of `merge_problems`.
    """
    for provider in sorted((gone, into), key=lambda one: one.id):
        lock_row(provider)
    if problems := merge_problems(gone, into):
        raise Conflict(problems[0])
    _fill_profile(gone, into)
    move_edit(gone, into, ProviderEdit)
    _move_claims(gone, into)
    _move_members(gone, into, now)
    provider_merged.send(Provider, gone=gone, into=into, now=now)
    _close(gone, into)
    for provider in (gone, into):
        bump_provider_version(provider)
    db.session.flush()
    provider_status_changed.send(Provider, provider=gone)
    return into


def _fill_profile(gone: Provider, into: Provider) -> None:
    """What the one that stays does not say is said as the other did. A warning and counted reports stand against it."""
    for name in ("countries", "languages"):
        theirs, ours = getattr(gone, name), getattr(into, name)
        setattr(into, name, [*ours, *(value for value in theirs if value not in ours)])
    into.description = into.description or gone.description
    if gone.status == ProviderStatus.PENDING:
        return  # no moderator has read the rest
    if into.trader not in TOLD and gone.trader in TOLD:
        for name, value in trader_columns(gone).items():
            setattr(into, name, value)
    into.lawful_at = into.lawful_at or gone.lawful_at
    into.warned_at = into.warned_at or gone.warned_at
    for name in ("flags_made", "flags_upheld", "flags_dismissed"):
        setattr(into, name, getattr(into, name) + getattr(gone, name))


def _move_claims(gone: Provider, into: Provider) -> None:
    """A person who claimed both keeps one claim: the one that waits, else that on the provider that stays."""
    theirs = select(ProviderClaim).where(ProviderClaim.provider_id == gone.id).order_by(ProviderClaim.id)
    ours = select(ProviderClaim).where(ProviderClaim.provider_id == into.id)
    there = {claim.user_id: claim for claim in db.session.scalars(ours)}
    for claim in db.session.scalars(theirs).all():
        other = there.get(claim.user_id)
        if other is not None:
            waits = claim.status == ClaimStatus.PENDING and other.status == ClaimStatus.REJECTED
            dropped = other if waits else claim
            db.session.delete(dropped)
            db.session.flush()
            if dropped is claim:
                continue
        claim.provider_id = into.id
    db.session.flush()


def _move_members(gone: Provider, into: Provider, now: datetime) -> None:
    """Members manage the one that stays. Those of a registration that no moderator has accepted ask for it, by a claim."""
    there = {member.user_id for member in into.members}
    moving = [(member.user, member.created_at) for member in gone.members]
    gone.members.clear()
    db.session.flush()
    for user, since in moving:
        if user.id in there:
            continue
        if gone.status == ProviderStatus.PENDING:
            file_claim(user, into, message=gone.description, now=now)
        else:
            into.members.append(ProviderMember(user_id=user.id, created_at=since))
    db.session.flush()


def _close(gone: Provider, into: Provider) -> None:
    """Leave of a provider what leads to the other one, and nothing that identifies it."""
    earlier = update(Provider).where(Provider.merged_into_id == gone.id)
    db.session.execute(earlier.values(merged_into_id=into.id).execution_options(synchronize_session=False))
    drop_edit(gone)
    gone.status, gone.note, gone.merged_into_id = ProviderStatus.REMOVED, "", into.id
    gone.name_key, gone.host, gone.website, gone.description = f"{OWN_KEY}{gone.id}", "", "", ""
    gone.trader, gone.lawful_at, gone.warned_at = TraderStatus.UNKNOWN, None, None
    for name, value in trader_columns(gone).items():
        setattr(gone, name, value)
    gone.search_text = search_text(gone.name, "")
    db.session.flush()
    plain = name_key(into.name)
    same = select(Provider.id).where(Provider.name_key == plain, Provider.host == into.host)
    if db.session.scalar(same) is None:
        into.name_key = plain  # the one that had it is gone: imports must find this one


def with_merged(provider_id: int) -> Select[int]:
    """Select the ids of a provider and of those that were merged into it."""
    return select(Provider.id).where(or_(Provider.id == provider_id, Provider.merged_into_id == provider_id))


def merged_slug(slug: str) -> str | None:
    """The address of the provider that the one at this address was merged into, or None."""
    into = select(Provider.merged_into_id).where(Provider.slug == slug).scalar_subquery()
    return db.session.scalar(select(Provider.slug).where(Provider.id == into))
