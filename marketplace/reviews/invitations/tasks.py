"""What the worker does for invitations: mails them, reminds once, lets them end, and erases addresses.

An address is kept until it has been reminded, was used or wants no mails, and for 30 days at most; then only its keyed
hash is left. A listing that is not shown meanwhile sends nothing; its mails leave when it is shown again in time.
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
from marketplace.reviews.invitations.models import Invite, InviteBatch
from marketplace.reviews.invitations.queries import invites_to_remind, invites_to_send, opted_out

CHUNK = 50
REMIND_AFTER = timedelta(days=7)
ERASE_AFTER = timedelta(days=30)


@task("reviews.send_invites")
def send_invites(payload: dict[str, Any]) -> None:
    """Mail some of the invitations that wait, and have the next ones mailed."""
    moment = now()
    invites = _wanted(invites_to_send(CHUNK))
    for invite in invites:
        if invite.state != "opted_out":
            invite.state, invite.sent_at = "sent", moment
            _mail(invite, moment, again=False)
    if len(invites) == CHUNK:
        enqueue("reviews.send_invites", {})


@task("reviews.remind_clients")
def remind_clients(payload: dict[str, Any]) -> None:
    """Remind some of those who did not answer, each once; their addresses are not needed afterwards."""
    moment = now()
    invites = _wanted(invites_to_remind(moment - REMIND_AFTER, CHUNK))
    for invite in invites:
        if invite.state != "opted_out":
            _mail(invite, moment, again=True)
            invite.reminded_at, invite.address = moment, None
    if len(invites) == CHUNK:
        enqueue("reviews.remind_clients", {})


@task("reviews.tend_invites", every=timedelta(hours=1))
def tend_invites(payload: dict[str, Any]) -> None:
    """Let what is old end, erase addresses that are no longer needed, and see to mails that wait."""
    moment = now()
    made = select(InviteBatch.id)
    old = InviteBatch.created_at <= moment - INVITATION_TTL
    _set(
        Invite.state.in_(("waiting", "sent")),
        or_(Invite.sent_at <= moment - INVITATION_TTL, Invite.batch_id.in_(made.where(old))),
        state="expired",
        address=None,
    )
    kept_long = InviteBatch.created_at <= moment - ERASE_AFTER
    _set(Invite.address.is_not(None), Invite.batch_id.in_(made.where(kept_long)), address=None)
    enqueue("reviews.send_invites", {})
    enqueue("reviews.remind_clients", {})


def _set(*which: Any, **values: Any) -> None:
    statement = update(Invite).where(*which).values(**values)
    db.session.execute(statement.execution_options(synchronize_session=False))


def _wanted(invites: Sequence[Invite]) -> Sequence[Invite]:
    """The invitations, those marked whose address opted out while its list was being kept."""
    unwanted = opted_out([invite.address_hash for invite in invites]) if invites else set()
    for invite in invites:
        if invite.address_hash in unwanted:
            invite.state, invite.address = "opted_out", None
    return invites


def _mail(invite: Invite, moment: datetime, *, again: bool) -> None:
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
        key=mail_keys(invite.id)[again],
        unsubscribe=url_for("invitation.stop", **places),
        link=url_for("invitation.show", **places),
        provider=listing.provider.name,
        procedure=guide.title if guide else "",
        until=format_date((invite.sent_at or moment) + INVITATION_TTL, spoken),
        again=again,
    )
