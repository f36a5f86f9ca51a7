"""Reporting a review, reply, listing or provider (a notice in the sense of article 16 of the EU's Digital Services Act).

Members with a confirmed address report at once. Whoever has no account confirms the address by a link, within three days.
What is reported stays as it is until a moderator has decided. Nothing here commits.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidFields, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.links import new_nonce
from marketplace.listings.models import Listing, ListingStatus
from marketplace.moderation.models import Flag
from marketplace.moderation.reports.mails import queue_confirmation, queue_receipt
from marketplace.moderation.reports.targets import find_flagged, number_of, same_thing
from marketplace.moderation.reports.tokens import read_flag_token, sign_flag
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.text.clean import tidy

EXPLANATION_LENGTH = (30, 2000)
LASTS = timedelta(days=3)
_ALL = ("insult_or_private_data", "contact_or_advertising", "unlawful", "something_else")
REASONS = {
    "review": ("fake_or_bought", "own_or_rival", *_ALL),
    "reply": ("reveals_client", "pressures_author", *_ALL),
    "listing": ("misleading_offer", "poses_as_another", *_ALL),
    "provider": ("fake_or_bought", "misleading_offer", "poses_as_another", *_ALL),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What somebody reports, checked. `language` is that of the mails about it."""

    reason: str
    explanation: str
    language: str


def check_notice(kind: str, *, reason: str, explanation: str, in_good_faith: bool, language: str) -> Notice:
    """The notice as it is kept. Raises `InvalidFields` on `reason`, `explanation` and `good_faith`."""
    explanation, problems = tidy(explanation), {}
    least, most = EXPLANATION_LENGTH
    if reason not in REASONS[kind]:
        problems["reason"] = "flag_reason"
    if len(explanation) < least:
        problems["explanation"] = "flag_short"
    elif len(explanation) > most:
        problems["explanation"] = "flag_long"
    if not in_good_faith:
        problems["good_faith"] = "flag_good_faith"
    if problems:
        raise InvalidFields(problems)
    return Notice(reason, explanation, language)


def report(kind: str, number: int, notice: Notice, *, reporter: User, now: datetime) -> Flag:
    """Take down the report of a member with a confirmed address; it waits for a moderator, and a receipt is mailed.

    Raises `NotFound` where the thing is not shown, `Conflict` (`flag_open`) where this person's report of it is open still.
    """
    row = find_flagged(kind, number, hold=True)
    _refuse_second(kind, number, _of_member(reporter))
    flag = _add(kind, row, notice, now, user_id=reporter.id)
    _submit(flag, now)
    return flag


def report_as_visitor(
    kind: str, number: int, notice: Notice, *, email: str, name: str, now: datetime, secret: str
) -> Flag:
    """Take down the report of somebody without an account, and mail a link that confirms it. Whether this address has
    reported the thing already is told by nothing here. Raises `NotFound` where the thing is not shown."""
    row = find_flagged(kind, number)
    flag = _add(
        kind, row, notice, now, email=email.lower(), name=name, nonce=new_nonce(), status="unconfirmed"
    )
    queue_confirmation(flag, sign_flag(flag.id, flag.nonce, secret))
    return flag


def open_flag(token: str, *, secret: str, now: datetime) -> Flag:
    """The unconfirmed report behind a link. Raises `NotFound` (`flag_link_wrong`) for a link that is not ours or too old,
    `Conflict` (`flag_link_used`) where it was confirmed."""
    found = read_flag_token(token, secret)
    flag = find_row(Flag, found[0]) if found is not None else None
    if found is None or flag is None or not secrets.compare_digest(flag.nonce, found[1]):
        raise NotFound("flag_link_wrong")
    if flag.status != "unconfirmed":
        raise Conflict("flag_link_used")
    if flag.created_at + LASTS <= now:
        raise NotFound("flag_link_wrong")
    return flag


def confirm_flag(token: str, *, secret: str, now: datetime) -> Flag:
    """Let the report behind a link wait for a moderator, and mail a receipt. Where the address belongs to an account, it is
    that member's report.

    Raises what `open_flag` raises, `Conflict` (`flag_gone`) where the thing is not shown any more, (`flag_open`) where
    another report of it from this person is open.
    """
    flag = open_flag(token, secret=secret, now=now)
    try:
        find_flagged(flag.subject, number_of(flag), hold=True)
    except NotFound:
        raise Conflict("flag_gone") from None
    db.session.refresh(flag, with_for_update=True)
    if flag.status != "unconfirmed":
        raise Conflict("flag_link_used")
    member = db.session.scalar(
        select(User).where(User.email == flag.email, User.active, User.confirmed_at.is_not(None))
    )
    by_address: ColumnElement[bool] = Flag.email == flag.email
    _refuse_second(flag.subject, number_of(flag), _of_member(member) if member is not None else by_address)
    if member is not None:
        flag.user_id = member.id
    flag.status = "pending"
    _submit(flag, now)
    return flag


def provider_behind(review: Review, user_id: int) -> int | None:
    """The provider for which a member reports a review: the one reviewed, else one that offers the same procedure; None for
    everybody else."""
    own = select(ProviderMember.provider_id).where(ProviderMember.user_id == user_id)
    providers: Sequence[int] = db.session.scalars(own.order_by(ProviderMember.provider_id)).all()
    if review.listing.provider_id in providers:
        return review.listing.provider_id
    rivals = select(Listing.provider_id).where(
        Listing.topic_id == review.listing.topic_id,
        Listing.provider_id.in_(providers),
        Listing.status != ListingStatus.REJECTED,
    )
    return db.session.scalar(rivals.order_by(Listing.provider_id).limit(1))


def _add(kind: str, row: Any, notice: Notice, now: datetime, **values: Any) -> Flag:
    flag = Flag(
        subject=kind,
        review_id=row.id if kind == "review" else None,
        reply_id=row.id if kind == "reply" else None,
        listing_id=row.id if kind == "listing" else None,
        provider_id=row.id if kind == "provider" else _provider_id(row),
        reason=notice.reason,
        explanation=notice.explanation,
        language=notice.language,
        created_at=now,
        **values,
    )
    db.session.add(flag)
    db.session.flush()
    return flag


def _provider_id(row: Review | Reply | Listing) -> int:
    return row.listing.provider_id if isinstance(row, Review) else row.provider_id


def _of_member(member: User) -> ColumnElement[bool]:
    return or_(Flag.user_id == member.id, Flag.email == member.email)


def _refuse_second(kind: str, number: int, by: ColumnElement[bool]) -> None:
    """The thing is held, so that two at once are seen one after the other."""
    query = select(Flag.id).where(same_thing(kind, number), Flag.status == "pending", by)
    if db.session.scalar(query.limit(1)) is not None:
        raise Conflict("flag_open")


def _submit(flag: Flag, now: datetime) -> None:
    """Into the queue. A report that a provider's member makes of a review stands in that provider's public record."""
    flag.submitted_at = now
    if flag.review is not None and flag.user_id is not None:
        flag.by_provider_id = provider_behind(flag.review, flag.user_id)
    db.session.flush()
    if flag.by_provider_id is not None:
        count_report(flag.by_provider_id, made=1)
    queue_receipt(flag)


def count_report(provider_id: int, *, made: int = 0, upheld: int = 0, dismissed: int = 0) -> None:
    """Add to a provider's public record, and tell caches of its page. Computed by the database: two at once count twice."""
    db.session.execute(
        update(Provider)
        .where(Provider.id == provider_id)
        .values(
            flags_made=Provider.flags_made + made,
            flags_upheld=Provider.flags_upheld + upheld,
            flags_dismissed=Provider.flags_dismissed + dismissed,
            revision=Provider.revision + 1,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.expire(db.session.get_one(Provider, provider_id))
