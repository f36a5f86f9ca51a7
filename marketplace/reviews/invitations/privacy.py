"""Export and erasure of a member's invitations: those to the confirmed address, and the lists that the member sent."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, func, select, update

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import current_settings, db
from marketplace.core.jobs.queue import cancel
from marketplace.reviews.invitations.accepting import mail_keys
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.models import OPEN_STATES, Invite, InviteBatch, InviteState

STATE_LABELS = {
    InviteState.WAITING: _l("Not sent yet"),
    InviteState.SENT: _l("Sent"),
    InviteState.USED: _l("Used"),
    InviteState.EXPIRED: _l("Ended"),
    InviteState.OPTED_OUT: _l("Opted out"),
}


def export_invitations(sender: object, *, user: User) -> list[Section]:
    """Export: invitations to the member, and the lists of clients that the member sent (without the clients)."""
    got = db.session.scalars(select(Invite).where(_to(user)).order_by(Invite.id)) if user.confirmed_at else ()
    sizes = select(Invite.batch_id, func.count().label("size")).group_by(Invite.batch_id).subquery()
    sent = db.session.execute(
        select(InviteBatch, sizes.c.size)
        .outerjoin(sizes, sizes.c.batch_id == InviteBatch.id)
        .where(InviteBatch.user_id == user.id)
        .order_by(InviteBatch.id)
    )
    return [
        Section("invitations", _l("Invitations to you"), [_invitation(row) for row in got]),
        Section(
            "client_lists",
            _l("Client lists you sent"),
            [
                [
                    Field("provider", _l("Provider"), batch.listing.provider.name),
                    Field("topic", _l("Procedure"), batch.listing.topic.key),
                    Field("period_from", _l("Clients from"), batch.period_from),
                    Field("period_to", _l("Clients until"), batch.period_to),
                    Field("clients", _l("Clients listed"), size or 0),
                    Field("created_at", _l("Sent on"), batch.created_at),
                ]
                for batch, size in sent
            ],
        ),
    ]


def _invitation(invite: Invite) -> list[Field]:
    return [
        Field("provider", _l("Provider"), invite.batch.listing.provider.name),
        Field("topic", _l("Procedure"), invite.batch.listing.topic.key),
        Field("address", _l("Email address"), invite.address),
        Field("status", _l("Status"), invite.state, STATE_LABELS[InviteState(invite.state)]),
        Field("sent_at", _l("Sent on"), invite.sent_at),
        Field("reminded_at", _l("Reminder sent on"), invite.reminded_at),
        Field("used_at", _l("Used on"), invite.used_at),
    ]


def erase_invitations(sender: object, *, user: User, take_down: bool, now: datetime) -> None:
    """Erasure: invitations to the member's address lose it and expire. The keyed hash stays, so that no list invites the
    address again within the same period."""
    if user.confirmed_at is None:  # the address may be somebody else's
        return
    to_them = _to(user)
    still_open = Invite.state.in_(OPEN_STATES)
    ended = update(Invite).where(to_them, still_open).values(state=InviteState.EXPIRED).returning(Invite.id)
    ids = db.session.scalars(ended.execution_options(synchronize_session=False)).all()
    forgotten = update(Invite).where(to_them).values(address=None)
    db.session.execute(forgotten.execution_options(synchronize_session=False))
    if keys := [key for invite_id in ids for key in mail_keys(invite_id)]:
        cancel(keys)
    db.session.expire_all()


def _to(user: User) -> ColumnElement[bool]:
    return Invite.address_hash == address_hash(user.email, current_settings().secret_key)
