"""Waiting reviews that look like one campaign: the same network, nearly the same text, or one listing within an hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.decisions.kinds import is_undecided
from marketplace.moderation.decisions.queries import MOST_AT_ONCE
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review, ReviewStatus

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
    """Two or more reviews that hang together. `ties` are the codes of what ties them: `network`, `text`, `rush`."""

    ties: tuple[str, ...]
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
        .order_by(Review.submitted_at.desc(), Review.id.desc())
        .limit(MOST_LOOKED_AT)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    return _shown(campaigns_of([Suspect(*row) for row in rows]))


def campaigns_of(suspects: Iterable[Suspect]) -> list[Campaign]:
    """Put together what hangs together, over however many steps; what stands alone is no campaign. Pure."""
    rows = sorted(suspects, key=lambda row: (row.submitted_at, row.id))
    tied = list(_ties(rows))
    group = _joined(tied)
    members: dict[Any, list[Suspect]] = {}
    for row in rows:
        members.setdefault(group.get(("review", row.id), ("review", row.id)), []).append(row)
    found = []
    for root, together in members.items():
        if len(together) < 2:
            continue
        ties = {code for code, one, _ in tied if group[one] == root}
        found.append(
            Campaign(tuple(code for code in ("network", "text", "rush") if code in ties), tuple(together))
        )
    return sorted(found, key=lambda one: (-len(one.suspects), one.suspects[0].id))


def _ties(rows: Sequence[Suspect]) -> Iterator[tuple[str, Any, Any]]:
    """(what ties, one node, another); a node is a waiting review, a network, or any review whose text is alike."""
    networks: dict[str, int] = {}
    latest: dict[int, Suspect] = {}
    waiting = {row.id for row in rows}
    alike: dict[int, int] = {}
    for row in rows:
        node = ("review", row.id)
        if row.network:
            first = networks.setdefault(row.network, row.id)
            if first != row.id:
                yield "network", node, ("review", first)
        before = latest.get(row.listing_id)
        if before is not None and row.submitted_at - before.submitted_at <= RUSH:
            yield "rush", node, ("review", before.id)
        latest[row.listing_id] = row
        for other in _alike(row.risk_reasons):
            # Two that copy a third are alike, whether or not that one still waits.
            first = other if other in waiting else alike.setdefault(other, row.id)
            if first != row.id:
                yield "text", node, ("review", first)


def _alike(reasons: Sequence[Any]) -> Iterator[int]:
    for reason in reasons:
        if isinstance(reason, dict) and reason.get("code") in ALIKE:
            yield from (int(number) for number, *_ in reason.get("reviews", ()))


def _joined(tied: Iterable[tuple[str, Any, Any]]) -> dict[Any, Any]:
    """Each node that is tied to another, with one node that stands for all it hangs together with."""
    root: dict[Any, Any] = {}

    def find(node: Any) -> Any:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for _code, one, other in tied:
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
        shown.append(Campaign(campaign.ties, part))
        left -= len(part)
    return shown
