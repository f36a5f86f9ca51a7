"""Reporting a review, reply, listing or provider (a notice in the sense of article 16 of the EU's Digital Services Act).

Members with a confirmed address report at once. Whoever has no account confirms the address by a link, within three days.
What is reported stays as it is until a moderator has decided. Nothing here commits.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, InvalidFields, NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.links import new_nonce
from marketplace.listings.models import Listing, ListingStatus
from marketplace.moderation.decisions.log import record_linked_decision
from marketplace.moderation.decisions.mails import queue_mails
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.models import ActionName, Decision, Flag, FlagStatus
from marketplace.moderation.reports.mails import (
    flag_decided_mails,
    queue_confirmation,
    queue_receipt,
    read_flag_token,
    sign_flag,
)
from marketplace.moderation.reports.targets import COLUMNS, find_target, same_target, target_id
from marketplace.providers.membership import acts_for
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import Review
from marketplace.text.clean import normal_address, tidy

EXPLANATION_LENGTH = (30, 2000)
LINK_TTL = timedelta(days=3)
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


def file_report(kind: str, row_id: int, notice: Notice, *, reporter: User, now: datetime) -> Flag:
    """File the report of a member with a confirmed address: it waits for a moderator, and a receipt is mailed.

    Raises `NotFound` where the target is not shown, `Conflict` (`flag_open`) where a report of it by this person is open.
    """
    row = find_target(kind, row_id, lock=True)
    _refuse_second(kind, row_id, _of_member(reporter))
    flag = _add(kind, row, notice, now, user_id=reporter.id)
    _submit(flag, now)
    return flag


def file_report_as_visitor(
    kind: str, row_id: int, notice: Notice, *, email: str, name: str, now: datetime, secret: str
) -> Flag:
    """File the report of somebody without an account, and mail a link that confirms it. Nothing here tells whether this
    address has reported the target already. Raises `NotFound` where the target is not shown."""
    row = find_target(kind, row_id)
    flag = _add(
        kind,
        row,
        notice,
        now,
        email=normal_address(email),
        name=name,
        nonce=new_nonce(),
        status=FlagStatus.UNCONFIRMED,
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
    if flag.status != FlagStatus.UNCONFIRMED:
        raise Conflict("flag_link_used")
    if flag.created_at + LINK_TTL <= now:
        raise NotFound("flag_link_wrong")
    return flag


def confirm_flag(token: str, *, secret: str, now: datetime) -> Flag:
    """Let the report behind a link wait for a moderator, and mail a receipt. Where the address belongs to an account, it is
    that member's report.

    Raises what `open_flag` raises, `Conflict` (`flag_gone`) where the target is not shown any more, (`flag_open`) where
    another report of it from this person is open.
    """
    flag = open_flag(token, secret=secret, now=now)
    try:
        find_target(flag.subject, target_id(flag), lock=True)
    except NotFound:
        raise Conflict("flag_gone") from None
    db.session.refresh(flag, with_for_update=True)
    if flag.status != FlagStatus.UNCONFIRMED:
        raise Conflict("flag_link_used")
    member = db.session.scalar(
        select(User).where(User.email == flag.email, User.active, User.confirmed_at.is_not(None))
    )
    by_address: ColumnElement[bool] = Flag.email == flag.email
    _refuse_second(flag.subject, target_id(flag), _of_member(member) if member is not None else by_address)
    if member is not None:
        flag.user_id = member.id
    flag.status = FlagStatus.PENDING
    _submit(flag, now)
    return flag


def provider_behind(review: Review, user_id: int) -> int | None:
    """The provider for which a member reports a review: the one reviewed, also where the member manages another one with the
    same owner, which is no competitor; else one that offers the same procedure; None for everybody else."""
    if acts_for(user_id, review.listing.provider_id):
        return review.listing.provider_id
    own = select(ProviderMember.provider_id).where(ProviderMember.user_id == user_id)
    rivals = select(Listing.provider_id).where(
        Listing.topic_id == review.listing.topic_id,
        Listing.provider_id.in_(own),
        Listing.status != ListingStatus.REJECTED,
    )
    return db.session.scalar(rivals.order_by(Listing.provider_id).limit(1))


def _add(kind: str, row: Any, notice: Notice, now: datetime, **values: Any) -> Flag:
    flag = Flag(
        subject=kind,
        **{"provider_id": find_kind(kind)(row).provider.id, COLUMNS[kind].key: row.id},
        reason=notice.reason,
        explanation=notice.explanation,
        language=notice.language,
        created_at=now,
        **values,
    )
    db.session.add(flag)
    db.session.flush()
    return flag


def _of_member(member: User) -> ColumnElement[bool]:
    return or_(Flag.user_id == member.id, Flag.email == member.email)


def _refuse_second(kind: str, row_id: int, by: ColumnElement[bool]) -> None:
    """The target is locked, so that two at once are seen one after the other."""
    query = select(Flag.id).where(same_target(kind, row_id), Flag.status == FlagStatus.PENDING, by)
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


def settle_flag(flag: Flag, decision: Decision, *, was_upheld: bool = False) -> None:
    """Let a report end as a decision on it says, in the public record of the provider that made it too. `was_upheld`: it
    had ended that way before. Flushes."""
    is_upheld = decision.action == ActionName.UPHOLD
    flag.status = FlagStatus.UPHELD if is_upheld else FlagStatus.DISMISSED
    flag.note, flag.decided_at = decision.statement, decision.decided_at
    flag.version += 1
    db.session.flush()
    if flag.by_provider_id is not None:
        count_report(
            flag.by_provider_id, upheld=int(is_upheld) - int(was_upheld), dismissed=int(not is_upheld)
        )


def reverse_upheld_flags(former: Decision, decision: Decision) -> list[Flag]:
    """Dismiss the reports that `former` followed, with the reasons of `decision`, which reverses it. Reporters are told, and
    can appeal in turn. Flushes."""
    kind = former.subject
    if former.action != find_kind(kind).takedown:
        return []
    # A report and what follows from it are decided at one moment.
    query = select(Flag).where(
        same_target(kind, former.subject_id),
        Flag.status == FlagStatus.UPHELD,
        Flag.decided_at == former.decided_at,
    )
    flags = list(db.session.scalars(query.order_by(Flag.id).with_for_update()))
    for flag in flags:
        subject = find_kind("flag")(flag)
        linked = record_linked_decision(decision, subject, ActionName.DISMISS, flag.asked_by)
        settle_flag(flag, linked, was_upheld=True)
        queue_mails(flag_decided_mails(flag, linked, is_reversal=True), linked)
    return flags


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
