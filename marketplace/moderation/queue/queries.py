"""The queue: everything that waits for a moderator, by priority and age; and the list of all providers.

| priority | what |
| --- | --- |
| 0 | what has waited for more than two working days, whatever its risk: nothing starves |
| 1 | high risk, 60 and more |
| 2 | some risk, 30 to 59 |
| 3 | the rest |

Within a priority the oldest comes first. Working days are Monday to Friday in UTC; holidays are not known here. Only
reviews and what becomes of them have a risk (`reviews.risk`, 0 to 100); everything else counts as 0.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from marketplace.core.errors import Invalid, NotFound
from marketplace.core.extensions import db, now
from marketplace.i18n.locales import fold_text
from marketplace.listings.models import Listing, ListingStatus
from marketplace.moderation.decisions.registry import kinds
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import Decision
from marketplace.providers.models import Provider
from marketplace.providers.websites import read_website
from marketplace.reviews.risk import rules

PAGE_SIZE = 20
LONGEST_WAIT = 2  # working days
OVERDUE, HIGH, SOME, LOW = range(4)
SATURDAY = 5
APPEALS = "appeal"
RISKS = {"": 0, "some": rules.RAISED, "high": rules.HIGH}
WORD_LIMIT = 8
BY_NAME = Provider.sort_name
CURSOR = re.compile(
    "(?P<overdue>[0-9]{1,9})-(?P<priority>[0-3])-(?P<since>[0-9]{1,16})-(?P<kind>[a-z_]{1,20})-(?P<id>[0-9]{1,9})"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class QueueCursor:
    """A place in the queue. It carries `overdue`, so that priorities stay the same from page to page. What becomes overdue
    meanwhile stands at the front once the queue is opened anew."""

    overdue: datetime
    priority: int
    since: datetime
    kind: str
    id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row of the queue. `topic_id` is None for a provider's matters, `rating` for all but reviews and their edits.
    `overdue` is the moment by which priorities were compared."""

    kind: str
    id: int
    since: datetime
    provider_id: int
    provider_name: str
    provider_status: str
    topic_id: int | None
    rating: int | None
    risk: int
    priority: int
    overdue: datetime

    @property
    def cursor(self) -> QueueCursor:
        """Where it stands in the queue."""
        return QueueCursor(self.overdue, self.priority, self.since, self.kind, self.id)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How much waits, since when, and of which kinds. `unread` are a moderator's decisions without effect that they have not
    looked at."""

    total: int
    oldest: datetime | None
    unread: int
    by_kind: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A part of the queue: of a kind, of some risk and more, or both; empty words are all of it."""

    kind: str = ""
    risk: str = ""

    @property
    def query(self) -> dict[str, Any]:
        """For addresses that keep it."""
        return {name: value for name, value in (("kind", self.kind), ("risk", self.risk)) if value}

    @property
    def options(self) -> dict[str, Any]:
        """As `waiting_items` takes it."""
        return {"kind": self.kind or None, "least_risk": RISKS[self.risk]}


def narrowed_to(kind: str, risk: str) -> Narrowed:
    """Raises `NotFound` for a kind or risk that is none."""
    if risk not in RISKS or (kind and kind not in {one.kind for one in kinds()}):
        raise NotFound
    return Narrowed(kind, risk)


def overdue_before(now: datetime) -> datetime:
    """The moment two working days ago, to the minute: what was sent before it comes first."""
    moment = now.replace(second=0, microsecond=0)
    if moment.weekday() >= SATURDAY:  # a weekend counts as its beginning
        moment = (moment - timedelta(days=moment.weekday() - SATURDAY)).replace(hour=0, minute=0)
    left = LONGEST_WAIT
    while left:
        moment -= timedelta(days=1)
        left -= moment.weekday() < SATURDAY
    return moment


def priority_of(since: datetime, risk: int, overdue: datetime) -> int:
    """The priority of one thing."""
    if since < overdue:
        return OVERDUE
    return HIGH if risk >= rules.HIGH else SOME if risk >= rules.RAISED else LOW


def priority_column(since: Any, risk: Any, overdue: datetime) -> Any:
    """The same, computed by the database."""
    return cast(
        case((since < overdue, OVERDUE), (risk >= rules.HIGH, HIGH), (risk >= rules.RAISED, SOME), else_=LOW),
        Integer,
    )


def cursor_of(subject: Subject[Any]) -> QueueCursor:
    """Where a subject stands in the queue now."""
    overdue = overdue_before(now())
    priority = priority_of(subject.since, getattr(subject.row, "risk", 0), overdue)
    return QueueCursor(overdue, priority, subject.since, subject.kind, subject.id)


def write_cursor(cursor: QueueCursor) -> str:
    """A cursor as an address carries it: minutes and microseconds count from 1970."""
    overdue = (cursor.overdue - EPOCH) // timedelta(minutes=1)
    since = (cursor.since - EPOCH) // timedelta(microseconds=1)
    return f"{overdue}-{cursor.priority}-{since}-{cursor.kind}-{cursor.id}"


def read_cursor(text: str) -> QueueCursor:
    """A cursor from an address. Raises `NotFound` for what is none."""
    found = CURSOR.fullmatch(text)
    if found is None or found["kind"] not in {kind.kind for kind in kinds()}:
        raise NotFound
    return QueueCursor(
        EPOCH + timedelta(minutes=int(found["overdue"])),
        int(found["priority"]),
        EPOCH + timedelta(microseconds=int(found["since"])),
        found["kind"],
        int(found["id"]),
    )


def waiting_items(
    *, after: QueueCursor | None = None, limit: int = PAGE_SIZE, kind: str | None = None, least_risk: int = 0
) -> list[Waiting]:
    """What waits, or of it what is of one kind or has some risk, by priority and age, from the start or after a place."""
    overdue = after.overdue if after is not None else overdue_before(now())
    queue = _waiting_rows().subquery()
    priority = priority_column(queue.c.since, queue.c.risk, overdue)
    order = (priority, queue.c.since, queue.c.kind, queue.c.id)
    query = (
        select(
            queue.c.kind,
            queue.c.id,
            queue.c.since,
            Provider.id,
            Provider.name,
            Provider.status,
            queue.c.topic_id,
            queue.c.rating,
            queue.c.risk,
            priority,
        )
        .join(Provider, Provider.id == queue.c.provider_id)
        .order_by(*order)
        .limit(limit)
    )
    if kind is not None:
        query = query.where(queue.c.kind == kind)
    if least_risk:
        query = query.where(queue.c.risk >= least_risk)
    if after is not None:
        values = (after.priority, after.since, after.kind, after.id)
        query = query.where(
            or_(
                *(
                    and_(
                        *(order[equal] == values[equal] for equal in range(part)), order[part] > values[part]
                    )
                    for part in range(len(order))
                )
            )
        )
    rows: Sequence[Any] = db.session.execute(query).all()
    return [Waiting(*(*row, overdue)) for row in rows]


@cache
def _waiting_rows() -> CompoundSelect[Any]:
    """One row for each thing that waits: kind, id, since, provider_id, topic_id, rating, risk. Made once."""
    return union_all(*(kind.waiting() for kind in kinds()))


def queue_count(reader_id: int | None = None) -> QueueCount:
    """How much waits, in all and of each kind in the order in which pages list them, the oldest's moment, and the `unread`
    of a moderator. One query."""
    queue = _waiting_rows().subquery()
    unread = select(func.count(Decision.id)).where(Decision.actor_id == reader_id, Decision.is_unread)
    columns = (queue.c.kind, func.count(queue.c.id), func.min(queue.c.since), unread.scalar_subquery())
    # The row without a kind is there also where nothing waits, to tell what is unread.
    nothing = select(null(), literal(0), null(), unread.scalar_subquery())
    rows = db.session.execute(union_all(select(*columns).group_by(queue.c.kind), nothing)).all()
    found = {row[0]: row for row in rows}
    by_kind = {kind.kind: int(found[kind.kind][1]) for kind in kinds() if kind.kind in found}
    oldest = min((row[2] for row in rows if row[2] is not None), default=None)
    return QueueCount(sum(by_kind.values()), oldest, int(rows[0][3]), by_kind)


def find_providers(
    *, text: str = "", status: str = "", after: int | None = None, limit: int = 50
) -> Sequence[Any]:
    """Providers whose name or website hold all words, by name, from the start or after the provider of an id: (id, name,
    host, status, created_at, listings), the last the number of published ones."""
    published = select(func.count(Listing.id)).where(
        Listing.provider_id == Provider.id, Listing.status == ListingStatus.PUBLISHED
    )
    query = _matching(text, status).add_columns(
        Provider.id,
        Provider.name,
        Provider.host,
        Provider.status,
        Provider.created_at,
        published.scalar_subquery().label("listings"),
    )
    if after is not None:
        last = select(BY_NAME).where(Provider.id == after).scalar_subquery()
        query = query.where(or_(last < BY_NAME, (last == BY_NAME) & (Provider.id > after)))
    return db.session.execute(query.order_by(BY_NAME, Provider.id).limit(limit)).all()


def count_providers(*, text: str = "", status: str = "") -> int:
    """How many providers match."""
    return db.session.scalar(_matching(text, status).add_columns(func.count(Provider.id))) or 0


def _matching(text: str, status: str) -> Select[Any]:
    query: Select[Any] = select().select_from(Provider).where(Provider.merged_into_id.is_(None))
    for word in text.split()[:WORD_LIMIT]:
        query = query.where(Provider.search_text.contains(_folded(word), autoescape=True))
    return query.where(Provider.status == status) if status else query


def _folded(word: str) -> str:
    """A word as it stands in what is searched; of a pasted address its host."""
    if "://" in word:
        try:
            return fold_text(read_website(word).host)
        except Invalid:
            pass
    return fold_text(word)
