"""The client's side of an invitation: opening the link, using it once, and wanting no more of them.

An invitation belongs to an address: only an account that confirmed it may use the link. It is used up by the review that
is sent with it. A review that is rejected or withdrawn afterwards gives it back, to the same author and until the day on
which the link would have ended: what it shows, that this person was a client, is still true. It is counted once.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db, insert_into
from marketplace.core.jobs.queue import cancel
from marketplace.core.links import read_link, sign_link
from marketplace.listings.models import ListingStatus
from marketplace.providers.models import ProviderStatus
from marketplace.reviews.eligibility import ONCE_IN, TAKES_PLACE, obstacle
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.models import Invite, InviteOptOut
from marketplace.reviews.invitations.queries import FORMER, invite_given_back, opted_out
from marketplace.reviews.invitations.sums import recompute_invited
from marketplace.reviews.levels import highest
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.sums import recompute_ratings

INVITATION_TTL = timedelta(days=60)
LINK_PURPOSE = "marketplace.invitation"


class Gone(Refusal):
    """The link is one of ours and works no more. Codes: `opted_out`, `used`, `expired`, `not_shown`."""

    status = 410


def mail_keys(invite_id: int) -> tuple[str, str]:
    """The keys of an invitation's two mails: the first, and the reminder."""
    return f"invite:{invite_id}", f"invite:{invite_id}:again"


def link_token(invite: Invite, *, secret: str) -> str:
    """The token in the link of an invitation."""
    return sign_link(invite.id, invite.nonce, purpose=LINK_PURPOSE, secret=secret)


def find_invite(token: str, *, secret: str) -> Invite:
    """The invitation of a link, whatever became of it. Raises `NotFound` (`link_wrong`)."""
    read = read_link(token, purpose=LINK_PURPOSE, secret=secret)
    invite = db.session.get(Invite, read[0]) if read is not None else None
    if read is None or invite is None or not hmac.compare_digest(invite.nonce, read[1]):
        raise NotFound("link_wrong")
    return invite


def open_invite(token: str, *, secret: str, now: datetime) -> Invite:
    """The invitation of a link that works. Raises `NotFound` (`link_wrong`) or `Gone`."""
    invite = find_invite(token, secret=secret)
    if invite.state == "opted_out" or opted_out([invite.address_hash]):
        raise Gone("opted_out")
    if invite.state == "used":
        raise Gone("used")
    if invite.state != "sent" or invite.sent_at is None or invite.sent_at + INVITATION_TTL <= now:
        raise Gone("expired")
    listing = invite.batch.listing
    if listing.status != ListingStatus.PUBLISHED or listing.provider.status != ProviderStatus.ACTIVE:
        raise Gone("not_shown")
    return invite


def invite_for(
    token: str, *, author: User, secret: str, now: datetime, listing_id: int | None = None
) -> Invite:
    """The invitation of a link for the member to whom it was sent. Raises what `open_invite` raises, `NotFound` where it
    is about another listing, `NotAllowed` (`unconfirmed`, `other_address`)."""
    invite = open_invite(token, secret=secret, now=now)
    if author.confirmed_at is None:
        raise NotAllowed("unconfirmed")
    if not hmac.compare_digest(address_hash(author.email, secret), invite.address_hash):
        raise NotAllowed("other_address")
    if listing_id is not None and invite.batch.listing_id != listing_id:
        raise NotFound("link_wrong")
    return invite


def kept_invite(listing_id: int, author: User, now: datetime) -> Invite | None:
    """The invitation that an earlier review of this author gave back, if its time is not over."""
    return invite_given_back(listing_id, author.id, now - INVITATION_TTL)


def take_invite(invite: Invite, review: Review, *, now: datetime) -> None:
    """Use the invitation up for a review, in the transaction that writes it. Raises `Gone` (`used`) where somebody was
    quicker: of two tabs one gets it."""
    former = select(Review.id).where(Review.id == invite.review_id, Review.status.in_(FORMER))
    given_back = (Invite.state == "used") & Invite.review_id.in_(former)
    taken = db.session.execute(
        update(Invite)
        .where(Invite.id == invite.id, (Invite.state == "sent") | given_back)
        .values(state="used", used_at=now, review_id=review.id, address=None)
        .returning(Invite.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise Gone("used")
    db.session.expire(invite)
    cancel(mail_keys(invite.id))
    recompute_invited(review.listing_id)


def standing_review(listing_id: int, author: User, now: datetime) -> Review | None:
    """The author's review that takes the year's place."""
    query = select(Review).where(Review.user_id == author.id, Review.listing_id == listing_id)
    query = query.where(Review.status.in_(TAKES_PLACE), Review.submitted_at > now - ONCE_IN)
    return db.session.scalar(query.order_by(Review.submitted_at.desc()).limit(1))


def raise_review(token: str, *, author: User, secret: str, now: datetime) -> Review:
    """Let the invitation count for the review that the author wrote before; a moderator who reads it learns of the change.

    Raises what `invite_for` and `eligibility.obstacle` find, `NotFound` where there is no such review, `Conflict`
    (`counts_already`) where it has this level or a higher one.
    """
    db.session.execute(select(User.id).where(User.id == author.id).with_for_update(key_share=True))
    invite = invite_for(token, author=author, secret=secret, now=now)
    listing = invite.batch.listing
    refusal = obstacle(listing, author, now)
    if refusal is not None and refusal.code != "second_review":
        raise refusal
    review = standing_review(listing.id, author, now)
    if review is None:
        raise NotFound
    db.session.refresh(review, with_for_update=True)
    if highest(review.level, "invited") == review.level:
        raise Conflict("counts_already")
    take_invite(invite, review, now=now)
    review.level = "invited"
    review.version += 1
    db.session.flush()
    if review.status == "published":
        recompute_ratings(listing.id)
    return review


def opt_out(token: str, *, secret: str, now: datetime) -> None:
    """Send this address no invitation any more, whoever asks for it; mails that wait are taken back. Works with every link
    of ours, however old, and twice. Raises `NotFound`."""
    hashed = find_invite(token, secret=secret).address_hash
    wanted = insert_into(InviteOptOut).values(address_hash=hashed, created_at=now)
    db.session.execute(wanted.on_conflict_do_nothing(index_elements=["address_hash"]))
    db.session.execute(
        update(Invite)
        .where(Invite.address_hash == hashed)
        .values(address=None)
        .execution_options(synchronize_session=False)
    )
    open_ones = update(Invite).where(Invite.address_hash == hashed, Invite.state.in_(("waiting", "sent")))
    stopped = db.session.execute(
        open_ones.values(state="opted_out").returning(Invite.id).execution_options(synchronize_session=False)
    ).scalars()
    keys = [key for invite_id in stopped for key in mail_keys(invite_id)]
    if keys:
        cancel(keys)
    db.session.expire_all()
