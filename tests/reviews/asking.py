"""A provider's list of clients and the links that come of it, for tests."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from datetime import date
from threading import Barrier, Thread
from typing import Any

from flask import Flask, current_app
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.errors import Refusal
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.providers.models import ProviderMember
from marketplace.reviews.invitations.accepting import link_token
from marketplace.reviews.invitations.addresses import address_hash
from marketplace.reviews.invitations.inviting import ClientList, invite_clients
from marketplace.reviews.invitations.models import Invite, InviteBatch
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


def secret() -> str:
    """The setting that hashes and links hang on."""
    return str(current_app.extensions["settings"].secret_key)


def offered(**values: Any) -> tuple[Listing, User]:
    """A published listing and a member of its provider."""
    member = make_user()
    return make_listing(make_topic(), make_provider(member), **values), member


def client_list(text: str, period: tuple[date | None, date | None] = OCTOBER, **values: Any) -> ClientList:
    """What a member gives."""
    given: dict[str, Any] = {"language": "en", "declared": True, **values}
    return ClientList(period_from=period[0], period_to=period[1], text=text, **given)


def ask(
    listing: Listing,
    *addresses: str,
    period: tuple[date, date] = OCTOBER,
    now: Any = NOON,
    language: str = "en",
) -> InviteBatch:
    """Invite these clients of a listing, as a member of its provider; nothing is mailed yet."""
    query = select(User).join(ProviderMember, ProviderMember.user_id == User.id)
    member = db.session.scalars(query.where(ProviderMember.provider_id == listing.provider_id)).first()
    if member is None:
        member = make_user()
        db.session.add(ProviderMember(provider_id=listing.provider_id, user_id=member.id, created_at=NOON))
        db.session.flush()
    clients = client_list("\n".join(addresses), period, language=language)
    return invite_clients(listing, clients, actor=member, secret=secret(), now=now)


def invited(listing: Listing, address: str, **values: Any) -> str:
    """The token of a link that was mailed to a client at noon."""
    batch = ask(listing, address)
    invite = invite_of(address, batch.id)
    invite.state, invite.sent_at = "sent", NOON
    for name, value in values.items():
        setattr(invite, name, value)
    db.session.flush()
    return link_token(invite, secret=secret())


def invite_of(address: str, batch_id: int | None = None) -> Invite:
    """The invitation of an address, as it stands in the database."""
    query = select(Invite).where(Invite.address_hash == address_hash(address, secret()))
    if batch_id is not None:
        query = query.where(Invite.batch_id == batch_id)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def in_parallel(app: Flask, *tasks: Callable[[], Any]) -> list[object]:
    """What each task returned or refused with, all started at once, each in its own transaction."""
    barrier, results = Barrier(len(tasks)), [object()] * len(tasks)

    def run(number: int, task: Callable[[], Any]) -> None:
        with app.app_context(), writing():
            barrier.wait()
            try:
                results[number] = task()
                db.session.commit()
            except Refusal as refusal:
                db.session.rollback()
                results[number] = refusal.code

    threads = [Thread(target=Context().run, args=(run, number, task)) for number, task in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
