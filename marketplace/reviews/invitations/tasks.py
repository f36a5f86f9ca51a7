"""Jobs for invitations: mail them, send one reminder, let them expire, and erase addresses.

An address is kept until the reminder was sent, the invitation used, or the client opted out, and for 30 days at most; then
only its keyed hash is left. While a listing is not shown its mails wait.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import or_, select, update

from marketplace.core.extensions import current_settings, db, now
from marketplace.core.jobs.queue import enqueue, task
from marketplace.guides.queries import guide_titles
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import interface_language
from marketplace.mail.queue import queue_mail
from marketplace.reviews.invitations.accepting import INVITATION_TTL, link_token, mail_keys
from marketplace.reviews.invitations.models import OPEN_STATES, Invite, InviteBatch, InviteState
from marketplace.reviews.invitations.queries import invites_to_remind, invites_to_send, opted_out

CHUNK = 50
REMIND_AFTER = timedelta(days=7)
ERASE_AFTER = timedelta(days=30)


@task("reviews.send_invites")
def send_invites(payload: dict[str, Any]) -> None:
    """Mail a chunk of the invitations that are due, and enqueue the next chunk."""
    moment = now()
    invites = _mark_opted_out(invites_to_send(CHUNK))
    for invite in invites:
        if invite.state != InviteState.OPTED_OUT:
            invite.state, invite.sent_at = InviteState.SENT, moment
            _mail(invite, moment, reminder=False)
    if len(invites) == CHUNK:
        enqueue("reviews.send_invites", {})


@task("reviews.remind_clients")
def remind_clients(payload: dict[str, Any]) -> None:
    """Send a chunk of the reminders that are due; these addresses are not needed any more."""
    moment = now()
    invites = _mark_opted_out(invites_to_remind(moment - REMIND_AFTER, CHUNK))
    for invite in invites:
        if invite.state != InviteState.OPTED_OUT:
            _mail(invite, moment, reminder=True)
            invite.reminded_at, invite.address = moment, None
    if len(invites) == CHUNK:
        enqueue("reviews.remind_clients", {})


@task("reviews.tend_invites", every=timedelta(hours=1))
def tend_invites(payload: dict[str, Any]) -> None:
    """Expire old invitations, erase addresses that are no longer needed, and enqueue the mails that are due."""
    moment = now()
    made = select(InviteBatch.id)
    old = InviteBatch.created_at <= moment - INVITATION_TTL
    _set(
        Invite.state.in_(OPEN_STATES),
        or_(Invite.sent_at <= moment - INVITATION_TTL, Invite.batch_id.in_(made.where(old))),
        state=InviteState.EXPIRED,
        address=None,
    )
    kept_long = InviteBatch.created_at <= moment - ERASE_AFTER
    _set(Invite.address.is_not(None), Invite.batch_id.in_(made.where(kept_long)), address=None)
    enqueue("reviews.send_invites", {})
    enqueue("reviews.remind_clients", {})


def _set(*which: Any, **values: Any) -> None:
    statement = update(Invite).where(*which).values(**values)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _mark_opted_out(invites: Sequence[Invite]) -> Sequence[Invite]:
    """The invitations; those whose address opted out meanwhile are marked."""
    unwanted = opted_out([invite.address_hash for invite in invites]) if invites else set()
    for invite in invites:
        if invite.address_hash in unwanted:
            invite.state, invite.address = InviteState.OPTED_OUT, None
    return invites


def _mail(invite: Invite, moment: datetime, *, reminder: bool) -> None:
    settings = current_settings()
    token = link_token(invite, secret=settings.secret_key)
    spoken = interface_language(invite.language)
    places: dict[str, Any] = {"token": token, "_external": True, "_language": spoken}
    listing = invite.batch.listing
    guide = guide_titles([listing.topic_id], spoken).get(listing.topic_id)
    queue_mail(
        str(invite.address),
        "invitation",
        language=spoken,
        key=mail_keys(invite.id)[reminder],
        unsubscribe=url_for("invitation.stop", **places),
        link=url_for("invitation.show", **places),
        provider=listing.provider.name,
        procedure=guide.title if guide else "",
        until=format_date((invite.sent_at or moment) + INVITATION_TTL, spoken),
        again=reminder,
    )
