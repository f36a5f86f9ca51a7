"""A provider invites all clients of a period: checking the list of clients, and keeping it.

Providers must not pick the satisfied ones: a period has at least four weeks, two lists may not share a day, the member
declares that every client is on the list, and the listing's page shows how many were invited and how many of them wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import enqueue
from marketplace.core.links import new_nonce
from marketplace.core.locking import lock_row
from marketplace.i18n.dates import latest_date
from marketplace.i18n.languages import interface_languages
from marketplace.listings.models import Listing, ListingStatus
from marketplace.providers.membership import require_member
from marketplace.providers.models import Provider
from marketplace.reviews.eligibility import is_listed
from marketplace.reviews.invitations.accepting import recompute_invited
from marketplace.reviews.invitations.addresses import Reading, Unread, address_hash, read_addresses, shown
from marketplace.reviews.invitations.models import Invite, InviteBatch, InviteState
from marketplace.reviews.invitations.queries import (
    count_listed,
    listed_before,
    opted_out,
    overlapping_batch,
)
from marketplace.reviews.risk.mailboxes import address_signs
from marketplace.reviews.risk.queries import member_addresses

SHORTEST_PERIOD_DAYS = 28
OLDEST_PERIOD = timedelta(days=365)
BATCH_LIMIT = 500
MONTH = timedelta(days=30)
MONTHLY_LIMIT = 2000
REINVITE_AFTER = timedelta(days=365)
# On a shorter list, the number of those who get no mail would tell who they are.
FEWEST_COUNTED = 10


@dataclass(frozen=True, slots=True)
class ClientList:
    """What a member submits: the period (None where a day could not be read), the text with the addresses, the language of
    the clients, and whether the member declared that all are on the list."""

    period_from: date | None
    period_to: date | None
    text: str
    language: str
    declared: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The outcome of a list: addresses by hash, hashes of those who opted out, how many were invited before or listed twice,
    and what could not be read."""

    clients: dict[str, str]
    opted_out: frozenset[str]
    invited_before: int
    repeated: int
    unread: tuple[Unread, ...]

    @property
    def not_written_to(self) -> int | None:
        """How many addresses get no mail; None where the number could identify somebody."""
        named = len(self.clients) + self.invited_before
        return len(self.opted_out) + self.invited_before if named >= FEWEST_COUNTED else None


def require_inviting(listing: Listing, actor: User) -> None:
    """Raises `NotFound` for a stranger, what `require_member` raises, and `Conflict` (`listing_not_shown`)."""
    require_member(actor, listing.provider)
    if not is_listed(listing) or listing.status != ListingStatus.PUBLISHED:
        raise Conflict("listing_not_shown")


def plan_batch(listing: Listing, clients: ClientList, *, actor: User, secret: str, now: datetime) -> Plan:
    """The outcome of a list; writes nothing. `secret` is the key of address hashes.

    Raises what `require_inviting` raises, or `InvalidFields` with all problems: `period_missing`, `period_future`,
    `period_old`, `period_order`, `period_short`, `period_taken`, `addresses_missing`, `too_many_lines`,
    `too_many_addresses`, `month_full`, `nobody_new`, `language_unknown`, `not_declared`.
    """
    require_inviting(listing, actor)
    problems = [*_period_problems(listing, clients, now)]
    plan = None
    try:
        plan = _plan(listing, read_addresses(clients.text), secret, now)
    except Invalid as problem:
        problems.append(problem)
    if clients.language not in interface_languages():
        problems.append(Invalid("language_unknown", "language"))
    if not clients.declared:
        problems.append(Invalid("not_declared", "declared"))
    if problems or plan is None:
        raise InvalidFields(problems)
    return plan


def invite_clients(
    listing: Listing, clients: ClientList, *, actor: User, secret: str, now: datetime
) -> InviteBatch:
    """Store the list and enqueue its mails. Raises what `plan_batch` raises."""
    require_inviting(listing, actor)
    lock_row(listing)
    lock_row(listing.provider)  # of two lists at once, the second sees the size of the first
    plan = plan_batch(listing, clients, actor=actor, secret=secret, now=now)
    batch = InviteBatch(
        listing_id=listing.id,
        user_id=actor.id,
        period_from=clients.period_from,
        period_to=clients.period_to,
        created_at=now,
        listed=len(plan.clients),
        **_signs(listing.provider, plan),
    )
    db.session.add(batch)
    db.session.flush()
    db.session.add_all(
        Invite(
            batch_id=batch.id,
            address=None if hashed in plan.opted_out else address,
            address_hash=hashed,
            language=clients.language,
            nonce=new_nonce(),
            state=InviteState.OPTED_OUT if hashed in plan.opted_out else InviteState.WAITING,
        )
        for hashed, address in plan.clients.items()
    )
    recompute_invited(listing.id)
    enqueue("reviews.send_invites", {})
    return batch


def _signs(provider: Provider, plan: Plan) -> dict[str, int]:
    members = member_addresses(provider.id)
    return asdict(address_signs(plan.clients.values(), host=provider.host, members=members))


def _period_problems(listing: Listing, clients: ClientList, now: datetime) -> Iterator[Invalid]:
    first, last = clients.period_from, clients.period_to
    for field, day in (("period_from", first), ("period_to", last)):
        if day is None:
            yield Invalid("period_missing", field)
        elif day > latest_date(now):
            yield Invalid("period_future", field)
        elif day < now.date() - OLDEST_PERIOD:
            yield Invalid("period_old", field)
    if first is None or last is None:
        return
    if first > last:
        yield Invalid("period_order", "period_to")
    elif (last - first).days + 1 < SHORTEST_PERIOD_DAYS:
        yield Invalid("period_short", "period_to", days=SHORTEST_PERIOD_DAYS)
    elif taken := overlapping_batch(listing.id, first, last):
        yield Invalid("period_taken", "period_from", first=taken.period_from, last=taken.period_to)


def _plan(listing: Listing, reading: Reading, secret: str, now: datetime) -> Plan:
    own = {address_hash(address, secret) for address in member_addresses(listing.provider_id)}
    hashes = {address_hash(address, secret): address for address in reading.addresses}
    members = tuple(
        Unread(reading.addresses[address], shown(address), "member")
        for hashed, address in hashes.items()
        if hashed in own
    )
    clients = {hashed: address for hashed, address in hashes.items() if hashed not in own}
    if not clients:
        raise Invalid("addresses_missing", "addresses")
    if len(clients) > BATCH_LIMIT:
        raise Invalid("too_many_addresses", "addresses", most=BATCH_LIMIT, found=len(clients))
    before = listed_before(listing.provider_id, clients, now - REINVITE_AFTER)
    new = {hashed: address for hashed, address in clients.items() if hashed not in before}
    if not new:
        raise Invalid("nobody_new", "addresses")
    left = MONTHLY_LIMIT - count_listed(listing.provider_id, now - MONTH)
    if len(new) > left:
        raise Invalid("month_full", "addresses", most=MONTHLY_LIMIT, left=max(0, left))
    unread = tuple(sorted((*reading.unread, *members), key=lambda one: one.line))
    return Plan(new, frozenset(opted_out(new)), len(before), reading.repeated, unread)
