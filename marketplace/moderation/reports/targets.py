"""The target of a report: a review, a reply, a listing or a provider that is shown; and who is too close to decide on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from marketplace.accounts.models import User
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db, find_row
from marketplace.core.locking import find_locked
from marketplace.listings.models import Listing
from marketplace.moderation.models import Flag, FlagStatus
from marketplace.providers.membership import is_member
from marketplace.providers.models import SHOWN_PROVIDERS, Provider
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.replies.models import Reply

TARGETS: dict[str, Any] = {"review": Review, "listing": Listing, "provider": Provider, "reply": Reply}
COLUMNS = {
    "review": Flag.review_id,
    "reply": Flag.reply_id,
    "listing": Flag.listing_id,
    "provider": Flag.provider_id,
}


def find_target(kind: str, row_id: int, *, lock: bool = False) -> Any:
    """The row, if readers can see it; locked until the transaction ends if `lock`. Raises `NotFound`."""
    model = TARGETS.get(kind)
    row = (find_locked if lock else find_row)(model, row_id) if model is not None else None
    if row is None or not is_shown(row):
        raise NotFound
    return row


def is_shown(row: Any) -> bool:
    """Whether readers can see a review, reply, listing or provider."""
    if isinstance(row, Provider):
        return row.status in SHOWN_PROVIDERS
    if isinstance(row, Review):
        return row.status == ReviewStatus.PUBLISHED and is_shown(row.listing)
    if isinstance(row, Reply):
        return row.is_shown and is_shown(row.review)
    return row.has_page and is_shown(row.provider)


def target_row(flag: Flag) -> Any:
    """The row that was reported."""
    return db.session.get_one(TARGETS[flag.subject], target_id(flag))


def target_id(flag: Flag) -> int:
    """The id of what was reported."""
    found: int = getattr(flag, COLUMNS[flag.subject].key)
    return found


def same_target(kind: str, row_id: int) -> ColumnElement[bool]:
    """The reports of one target."""
    return (Flag.subject == kind) & (COLUMNS[kind] == row_id)


def lock_target(flag_id: int) -> None:
    """Lock the target of a report until the transaction ends."""
    flag = db.session.get(Flag, flag_id)
    if flag is not None:
        find_locked(TARGETS[flag.subject], target_id(flag))


def reported_by(user: User) -> ColumnElement[bool]:
    """Reports of the member, also those sent without signing in; by an unconfirmed address they may be somebody else's."""
    own: ColumnElement[bool] = Flag.user_id == user.id
    return or_(own, Flag.email == user.email) if user.confirmed_at is not None else own


def has_reported(user: User, kind: str, row_id: int) -> bool:
    """Whether the user ever reported this row."""
    if kind not in COLUMNS:
        return False
    query = select(Flag.id).where(reported_by(user), same_target(kind, row_id))
    return db.session.scalar(query.limit(1)) is not None


def is_party_to_flag(user: User, flag: Flag) -> bool:
    """Whether the user reported it, has another open report of the same target, wrote the review (or the one that a
    reported reply answers), or belongs to the provider that reported it."""
    own = reported_by(user)
    same = same_target(flag.subject, target_id(flag)) & (Flag.status == FlagStatus.PENDING)
    if db.session.scalar(select(Flag.id).where(own, or_(Flag.id == flag.id, same)).limit(1)) is not None:
        return True
    texts = (flag.review, flag.reply, flag.reply.review if flag.reply is not None else None)
    if any(text is not None and text.user_id == user.id for text in texts):
        return True
    return flag.by_provider_id is not None and is_member(user.id, flag.by_provider_id)
