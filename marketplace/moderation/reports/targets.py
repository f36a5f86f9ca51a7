"""What a flag is about: a review, a reply, a listing or a provider that is shown, and who stands too close to decide it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select

from marketplace.accounts.models import User
from marketplace.core.database import LARGEST_ID
from marketplace.core.errors import NotFound
from marketplace.core.extensions import db
from marketplace.core.locking import NO_KEY_UPDATE
from marketplace.listings.models import Listing
from marketplace.moderation.models import Flag
from marketplace.providers.membership import is_member
from marketplace.providers.models import SHOWN_PROVIDERS, Provider
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply

THINGS: dict[str, Any] = {"review": Review, "reply": Reply, "listing": Listing, "provider": Provider}
COLUMNS = {
    "review": Flag.review_id,
    "reply": Flag.reply_id,
    "listing": Flag.listing_id,
    "provider": Flag.provider_id,
}


def find_flagged(kind: str, number: int, *, hold: bool = False) -> Any:
    """The row, if readers can see it; held until the transaction ends if `hold`. Raises `NotFound`."""
    model = THINGS.get(kind)
    if model is None or not 0 < number <= LARGEST_ID:
        raise NotFound
    options: dict[str, Any] = {"with_for_update": NO_KEY_UPDATE, "populate_existing": True} if hold else {}
    row = db.session.get(model, number, **options)
    if row is None or not is_shown(row):
        raise NotFound
    return row


def is_shown(row: Any) -> bool:
    """Whether readers can see a review, reply, listing or provider."""
    if isinstance(row, Provider):
        return row.status in SHOWN_PROVIDERS
    if isinstance(row, Review):
        return row.status == "published" and is_shown(row.listing)
    if isinstance(row, Reply):
        return row.is_shown and is_shown(row.review)
    return row.status == "published" and is_shown(row.provider)


def flagged_by(flag: Flag) -> Any:
    """The row that a flag is about."""
    return db.session.get_one(THINGS[flag.subject], number_of(flag))


def number_of(flag: Flag) -> int:
    """The id of what a flag is about."""
    number: int = getattr(flag, COLUMNS[flag.subject].key)
    return number


def version_read(flag: Flag) -> int:
    """What a decision on a flag says was read. Both versions only rise, so their sum tells any change of either: nothing is
    taken down in words that no moderator read."""
    return flag.version + int(flagged_by(flag).version)


def same_thing(subject: str, number: int) -> ColumnElement[bool]:
    """The flags about one thing."""
    return (Flag.subject == subject) & (COLUMNS[subject] == number)


def hold_flagged(flag_id: int) -> None:
    """Hold what a flag is about until the transaction ends, before the flag itself: whoever decides on another flag about
    the same holds it first too, and neither waits for the other in a circle."""
    flag = db.session.get(Flag, flag_id)
    if flag is not None:
        db.session.get(
            THINGS[flag.subject], number_of(flag), with_for_update=NO_KEY_UPDATE, populate_existing=True
        )


def reported_by(user: User) -> ColumnElement[bool]:
    """Reports of the member, also those sent without signing in; by an unconfirmed address they may be somebody else's."""
    own: ColumnElement[bool] = Flag.user_id == user.id
    return or_(own, Flag.email == user.email) if user.confirmed_at is not None else own


def has_reported(user: User, kind: str, number: int) -> bool:
    """Whether the user ever reported this thing."""
    if kind not in COLUMNS:
        return False
    query = select(Flag.id).where(reported_by(user), same_thing(kind, number))
    return db.session.scalar(query.limit(1)) is not None


def is_party_to_flag(user: User, flag: Flag) -> bool:
    """Whether the user reported it, has another open report about the same, wrote the review (or the one that a reported
    reply answers, or that reply), or belongs to the provider that reported it."""
    own = reported_by(user)
    same = same_thing(flag.subject, number_of(flag)) & (Flag.status == "pending")
    if db.session.scalar(select(Flag.id).where(own, or_(Flag.id == flag.id, same)).limit(1)) is not None:
        return True
    writers = (flag.review, flag.reply, flag.reply.review if flag.reply is not None else None)
    if any(written is not None and written.user_id == user.id for written in writers):
        return True
    return flag.by_provider_id is not None and is_member(user.id, flag.by_provider_id)
