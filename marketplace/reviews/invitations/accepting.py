"""The client's side of an invitation: opening the link, using it once, and opting out.

An invitation belongs to an address: only an account that confirmed the address may use the link. The review that is sent
with it uses it up. If that review is rejected or withdrawn, its author may use the invitation again until the link would
have expired: it is still true that this person was a client. It is counted once.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db, insert_into
from marketplace.core.jobs.queue import cancel
from marketplace.core.links import read_link, sign_link
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.reviews.eligibility import highest, ineligibility, is_listed, latest_counted_review
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.models import OPEN_STATES, Invite, InviteBatch, InviteOptOut, InviteState
from marketplace.reviews.invitations.queries import RETURNING_STATUSES, find_returned_invite, opted_out
from marketplace.reviews.models import ProofLevel, Review, ReviewStatus
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.services import assess_lists_of

INVITATION_TTL = timedelta(days=60)
LINK_PURPOSE = "marketplace.invitation"


class Gone(Refusal):
    """The link is genuine but no longer works. Codes: `opted_out`, `used`, `expired`, `not_shown`."""

    status = 410


def mail_keys(invite_id: int) -> tuple[str, str]:
    """The keys of an invitation's two mails: the first, and the reminder."""
    return f"invite:{invite_id}", f"invite:{invite_id}:again"


def link_token(invite: Invite, *, secret: str) -> str:
    """The token in the link of an invitation."""
    return sign_link(invite.id, invite.nonce, purpose=LINK_PURPOSE, secret=secret)


def find_invite(token: str, *, secret: str) -> Invite:
    """The invitation of a link, whatever its state. Raises `NotFound` (`link_wrong`)."""
    read = read_link(token, purpose=LINK_PURPOSE, secret=secret)
    invite = db.session.get(Invite, read[0]) if read is not None else None
    if read is None or invite is None or not hmac.compare_digest(invite.nonce, read[1]):
        raise NotFound("link_wrong")
    return invite


def open_invite(token: str, *, secret: str, now: datetime) -> Invite:
    """The invitation of a link that works. Raises `NotFound` (`link_wrong`) or `Gone`."""
    invite = find_invite(token, secret=secret)
    if invite.state == InviteState.OPTED_OUT or opted_out([invite.address_hash]):
        raise Gone("opted_out")
    if invite.state == InviteState.USED:
        raise Gone("used")
    if invite.state != InviteState.SENT or invite.sent_at is None or invite.sent_at + INVITATION_TTL <= now:
        raise Gone("expired")
    if not is_listed(invite.batch.listing):
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


def returned_invite(listing_id: int, author: User, now: datetime) -> Invite | None:
    """The invitation of an earlier review by this author that was rejected or withdrawn, if it has not expired."""
    return find_returned_invite(listing_id, author.id, now - INVITATION_TTL)


def use_invite(invite: Invite, review: Review, *, now: datetime) -> None:
    """Use the invitation for a review, in the transaction that writes it. Raises `Gone` (`used`) where another request was
    faster: of two tabs, one gets it."""
    former = select(Review.id).where(Review.id == invite.review_id, Review.status.in_(RETURNING_STATUSES))
    returned = (Invite.state == InviteState.USED) & Invite.review_id.in_(former)
    taken = db.session.execute(
        update(Invite)
        .where(Invite.id == invite.id, (Invite.state == InviteState.SENT) | returned)
        .values(state=InviteState.USED, used_at=now, review_id=review.id, address=None)
        .returning(Invite.id)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        raise Gone("used")
    db.session.expire(invite)
    cancel(mail_keys(invite.id))
    recompute_invited(review.listing_id)


def counted_review(listing_id: int, author: User, now: datetime) -> Review | None:
    """The author's review that counts as the year's."""
    return db.session.scalar(latest_counted_review(listing_id, author.id, now))


def confirm_review(token: str, *, author: User, secret: str, now: datetime) -> Review:
    """Raise the author's existing review to `invited`; a moderator who has it open learns of the change.

    Raises what `invite_for` and `eligibility.ineligibility` find, `NotFound` where there is no such review, `Conflict`
    (`counts_already`) where it has this level or a higher one.
    """
    db.session.execute(select(User.id).where(User.id == author.id).with_for_update(key_share=True))
    invite = invite_for(token, author=author, secret=secret, now=now)
    listing = invite.batch.listing
    refusal = ineligibility(listing, author, now)
    if refusal is not None and refusal.code != "second_review":
        raise refusal
    review = counted_review(listing.id, author, now)
    if review is None:
        raise NotFound
    db.session.refresh(review, with_for_update=True)
    if highest(review.level, ProofLevel.INVITED) == review.level:
        raise Conflict("counts_already")
    use_invite(invite, review, now=now)
    review.level = ProofLevel.INVITED
    review.version += 1
    db.session.flush()
    assess_lists_of(review, now=now)
    if review.status == ReviewStatus.PUBLISHED:
        recompute_ratings(listing.id)
    return review


def opt_out(token: str, *, secret: str, now: datetime) -> None:
    """Send no more invitations to this address, from any provider; queued mails are cancelled. Works with every genuine
    link, however old, and twice. Raises `NotFound`."""
    hashed = find_invite(token, secret=secret).address_hash
    wanted = insert_into(InviteOptOut).values(address_hash=hashed, created_at=now)
    db.session.execute(wanted.on_conflict_do_nothing(index_elements=["address_hash"]))
    db.session.execute(
        update(Invite)
        .where(Invite.address_hash == hashed)
        .values(address=None)
        .execution_options(synchronize_session=False)
    )
    open_ones = update(Invite).where(Invite.address_hash == hashed, Invite.state.in_(OPEN_STATES))
    stopped = db.session.execute(
        open_ones.values(state=InviteState.OPTED_OUT)
        .returning(Invite.id)
        .execution_options(synchronize_session=False)
    ).scalars()
    keys = [key for invite_id in stopped for key in mail_keys(invite_id)]
    if keys:
        cancel(keys)
    db.session.expire_all()


def recompute_invited(listing_id: int) -> None:
    """Recompute how many clients of a listing were invited, over which days, and how many wrote a review; invalidate its
    pages. Part of the caller's transaction.

    Everybody on a list counts as invited, even those who opted out: otherwise the numbers would tell the provider who they
    are. Locks the listing first: of two changes at once, the second sees the first.
    """
    db.session.flush()
    query = select(Listing).where(Listing.id == listing_id).with_for_update(key_share=True)
    listing = db.session.scalars(query).one()
    periods = db.session.execute(
        select(InviteBatch.period_from, InviteBatch.period_to).where(InviteBatch.listing_id == listing_id)
    ).all()
    counts = db.session.execute(
        select(func.count(Invite.id), func.count(Invite.id).filter(Invite.state == InviteState.USED))
        .join(InviteBatch, InviteBatch.id == Invite.batch_id)
        .where(InviteBatch.listing_id == listing_id)
    ).one()
    values = {
        "invited_count": counts[0],
        "answered_count": counts[1],
        "invited_days": sum((row.period_to - row.period_from).days + 1 for row in periods),
        "invited_from": min((row.period_from for row in periods), default=None),
        "invited_to": max((row.period_to for row in periods), default=None),
    }
    db.session.execute(update(Listing).where(Listing.id == listing_id).values(**values))
    invalidate_listing_pages(listing)
