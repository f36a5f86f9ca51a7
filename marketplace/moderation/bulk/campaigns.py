"""Waiting reviews that look like one campaign: nearly the same text, the same network, or one listing within an hour.

A group has one reason. A review that fits several stands where the reason is strongest, in that order; one with a proof
stands nowhere, nor one that a moderator has said is no spam.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.decisions.kinds import is_undecided
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.proofs.models import Proof

RUSH = timedelta(hours=1)
ALIKE = ("copied_text", "similar_text")
MOST_LOOKED_AT = 1000


@dataclass(frozen=True, slots=True)
class Suspect:
    """A waiting review as the page shows it. `risk_reasons` are those of `reviews.risk`."""

    id: int
    version: int
    listing_id: int
    submitted_at: datetime
    network: str | None
    risk: int
    risk_reasons: Sequence[Any]
    rating: int
    text: str
    language: str
    topic_id: int
    provider_name: str


@dataclass(frozen=True, slots=True)
class Campaign:
    """Two or more reviews that hang together; `tie` is the code of what ties them: `text`, `network` or `rush`."""

    tie: str
    suspects: tuple[Suspect, ...]


def waiting_campaigns() -> list[Campaign]:
    """The campaigns among the latest reviews that wait, the largest first; at most a hundred reviews in all."""
    columns = (Review.id, Review.version, Review.listing_id, Review.submitted_at, Review.network, Review.risk)
    query = (
        select(
            *columns,
            Review.risk_reasons,
            Review.rating,
            Review.text,
            Review.language,
            Listing.topic_id,
            Provider.name,
        )
        .join(Listing, Listing.id == Review.listing_id)
        .join(Provider, Provider.id == Listing.provider_id)
        .where(Review.status == ReviewStatus.PENDING, is_undecided("review", Review.id))
        .where(Review.cleared_at.is_(None), ~_proven())
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return _shown(campaigns_of([Suspect(*row) for row in rows]))


def _proven() -> ColumnElement[bool]:
    return exists().where(Proof.review_id == Review.id, Proof.deleted_at.is_(None))


def clear_suspects(read: Mapping[int, int], *, actor: User, now: datetime) -> int:
    """Say that waiting reviews are no spam, given by their ids with the versions that were read: they stand on the page no
    more, and wait in the queue as before. What changed meanwhile, or is the actor's own, stays. Returns how many there were.
    """
    as_read = or_(*(and_(Review.id == number, Review.version == version) for number, version in read.items()))
    waiting = (as_read, Review.status == ReviewStatus.PENDING, Review.cleared_at.is_(None))
    others = or_(Review.user_id.is_(None), Review.user_id != actor.id)
    cleared = update(Review).where(*waiting, others).values(cleared_at=now).returning(Review.id)
    return len(db.session.execute(cleared.execution_options(synchronize_session=False)).all())


def campaigns_of(suspects: Iterable[Suspect]) -> list[Campaign]:
    """Put together what one reason ties, over however many steps, the largest first; what stands alone is no campaign.
    Pure."""
    left = sorted(suspects, key=lambda row: (row.submitted_at, row.id))
    found: list[Campaign] = []
    for tie, ties in (("text", _text_ties), ("network", _network_ties), ("rush", _rush_ties)):
        group = _joined(ties(left))
        members: dict[int, list[Suspect]] = {}
        for row in left:
            if row.id in group:
                members.setdefault(group[row.id], []).append(row)
        found += [Campaign(tie, tuple(together)) for together in members.values()]
        left = [row for row in left if row.id not in group]
    return sorted(found, key=lambda one: (-len(one.suspects), one.suspects[0].id))


def _network_ties(rows: Sequence[Suspect]) -> Iterator[tuple[int, int]]:
    networks: dict[str, int] = {}
    for row in rows:
        if row.network and (first := networks.setdefault(row.network, row.id)) != row.id:
            yield row.id, first


def _rush_ties(rows: Sequence[Suspect]) -> Iterator[tuple[int, int]]:
    latest: dict[int, Suspect] = {}
    for row in rows:
        before = latest.get(row.listing_id)
        if before is not None and row.submitted_at - before.submitted_at <= RUSH:
            yield row.id, before.id
        latest[row.listing_id] = row


def _text_ties(rows: Sequence[Suspect]) -> Iterator[tuple[int, int]]:
    """Two that copy a third are alike, whether or not that one still waits."""
    waiting = {row.id for row in rows}
    alike: dict[int, int] = {}
    for row in rows:
        for other in _alike(row.risk_reasons):
            first = other if other in waiting else alike.setdefault(other, row.id)
            if first != row.id:
                yield row.id, first


def _alike(reasons: Sequence[Any]) -> Iterator[int]:
    for reason in reasons:
        if isinstance(reason, dict) and reason.get("code") in ALIKE:
            yield from (int(number) for number, *_ in reason.get("reviews", ()))


def _joined(tied: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Each review that is tied to another, with one review that stands for all it hangs together with."""
    root: dict[int, int] = {}

    def find(node: int) -> int:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for one, other in tied:
        root[find(one)] = find(other)
    return {node: find(node) for node in list(root)}


def _shown(found: Sequence[Campaign]) -> list[Campaign]:
    """As many as can be decided at once; of a larger one its first."""
    shown: list[Campaign] = []
    left = MOST_AT_ONCE
    for campaign in found:
        if left < 2:
            break
        part = campaign.suspects[:left]
        shown.append(Campaign(campaign.tie, part))
        left -= len(part)
    return shown
