"""Sealing the log of actions, and verifying it. Sealing flushes; nothing here commits.

Lines are sealed a little later, by the worker: a request that writes a line holds no lock that others wait for. Two workers
at once cannot fork the chain: positions and `previous` are unique, so that one of them fails and tries again.

The format is stable, so that anybody can compute it again. A link's `digest` is the SHA-256 of one line of JSON in UTF-8:
keys sorted, no spaces, non-ASCII characters as they are, no line break at the end. The keys are `format` (1), `position`,
`previous`, `sealed_at`, and of the line `id`, `at`, `actor_id`, `action`, `subject`, `subject_id`, `version`, `ground` and
`decision_id`; null where there is no value. Moments are in UTC with microseconds: `2026-11-23T12:00:00.000000Z`. The first
link has position 1, and 64 zeros as `previous`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select

from marketplace.core.extensions import db
from marketplace.moderation.models import Decision, LogEntry, LogSeal

FORMAT = 1
START = "0" * 64
BATCH = 500
# Of the lines with lower ids, some may have been committed later: their transactions took longer.
LOOK_BACK = 10_000
# A line that waits longer was kept out of the chain, or no worker runs.
LATEST_SEAL = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """The first thing that is wrong: `entry` is the id of a line, `position` its place in the chain.

    `reason` is `gap` (a link is missing, or does not follow the one before), `missing` (its line is gone), `changed` (the
    line or its link was changed), `decision` (the decision that it names is gone or another), `unsealed` (it was never
    sealed), `unlogged` (a decision without a line: `entry` is the decision’s id), `head` (a published head is not in the
    chain).
    """

    reason: str
    entry: int | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What was verified. `head` is the last digest; `waiting` lines are not sealed yet."""

    entries: int
    head: str
    waiting: int
    fault: Fault | None


def seal_log(*, now: datetime, limit: int = BATCH) -> int:
    """Seal the lines that are not in the chain yet, oldest first, `limit` at most. Returns how many. Flushes."""
    last = db.session.scalar(select(LogSeal).order_by(LogSeal.position.desc()).limit(1))
    position, previous = (last.position, last.digest) if last is not None else (0, START)
    newest = select(func.coalesce(func.max(LogSeal.entry_id), 0)).scalar_subquery()
    waiting = select(LogEntry).where(_unsealed(), LogEntry.id > newest - LOOK_BACK)
    entries = db.session.scalars(waiting.order_by(LogEntry.id).limit(limit)).all()
    for entry in entries:
        position += 1
        digest = digest_of(entry, position=position, previous=previous, sealed_at=now)
        link = LogSeal(position=position, entry_id=entry.id, previous=previous, digest=digest, sealed_at=now)
        db.session.add(link)
        previous = digest
    db.session.flush()
    return len(entries)


def verify_log(*, now: datetime, published_head: str | None = None) -> Report:
    """Compute the chain again, and compare the decisions that its lines name. `published_head` is a digest that somebody
    kept: it has to be in the chain."""
    expected, previous, fault = 1, START, None
    is_known = published_head is None
    for link, entry, decision in _links():
        fault = _fault_of(link, entry, decision, expected, previous)
        if fault is not None:
            break
        expected, previous = expected + 1, link.digest
        is_known = is_known or link.digest == published_head
    if fault is None:
        fault = _outside(now) or (None if is_known else Fault("head"))
    waiting = db.session.scalar(select(func.count(LogEntry.id)).where(_unsealed())) or 0
    return Report(expected - 1, previous, waiting, fault)


def _links() -> Iterator[Any]:
    """Every link with its line and the decision that the line names, in their order, read in pieces."""
    query = (
        select(LogSeal, LogEntry, Decision)
        .outerjoin(LogEntry, LogEntry.id == LogSeal.entry_id)
        .outerjoin(Decision, Decision.id == LogEntry.decision_id)
        .order_by(LogSeal.position)
    )
    yield from db.session.execute(query.execution_options(yield_per=BATCH))


def _fault_of(
    link: LogSeal, entry: LogEntry | None, decision: Decision | None, expected: int, previous: str
) -> Fault | None:
    def fault(reason: str) -> Fault:
        return Fault(reason, link.entry_id, link.position)

    if link.position != expected or link.previous != previous:
        return fault("gap")
    if entry is None:
        return fault("missing")
    digest = digest_of(entry, position=link.position, previous=link.previous, sealed_at=link.sealed_at)
    if link.digest != digest:
        return fault("changed")
    if entry.decision_id is not None and not _fits(entry, decision):
        return fault("decision")
    return None


def _fits(entry: LogEntry, decision: Decision | None) -> bool:
    """Whether a decision says what its line says. Its moderator may have been forgotten since."""
    if decision is None:
        return False
    same = ("subject", "subject_id", "version")
    if any(getattr(entry, name) != getattr(decision, name) for name in same):
        return False
    if entry.action != decision.action:
        return entry.action == "lapse"
    is_actor = decision.actor_id in (None, entry.actor_id)
    return is_actor and (entry.ground, entry.at) == (decision.ground, decision.decided_at)


def _outside(now: datetime) -> Fault | None:
    """What should be in the chain and is not."""
    late = db.session.scalar(
        select(func.min(LogEntry.id)).where(_unsealed(), LogEntry.at <= now - LATEST_SEAL)
    )
    if late is not None:
        return Fault("unsealed", late)
    has_line = exists().where(LogEntry.decision_id == Decision.id)
    unlogged = db.session.scalar(select(func.min(Decision.id)).where(~has_line))
    return Fault("unlogged", unlogged) if unlogged is not None else None


def _unsealed() -> Any:
    return ~exists().where(LogSeal.entry_id == LogEntry.id)


def digest_of(entry: LogEntry, *, position: int, previous: str, sealed_at: datetime) -> str:
    """The digest of a line’s link."""
    return hashlib.sha256(canonical(entry, position, previous, sealed_at)).hexdigest()


def canonical(entry: LogEntry, position: int, previous: str, sealed_at: datetime) -> bytes:
    """The bytes that are hashed."""
    said = {
        "format": FORMAT,
        "position": position,
        "previous": previous,
        "sealed_at": _moment(sealed_at),
        "id": entry.id,
        "at": _moment(entry.at),
        "actor_id": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "subject_id": entry.subject_id,
        "version": entry.version,
        "ground": entry.ground,
        "decision_id": entry.decision_id,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
