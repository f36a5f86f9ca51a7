from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from marketplace.accounts.privacy.services import as_file, data_of, erase_account
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, enqueue
from marketplace.reviews.invitations.accepting import mail_keys
from marketplace.reviews.invitations.models import Invite
from tests.factories import NOON, make_user
from tests.reviews.asking import ask, invite_of, invited, offered

CLIENT = "client@example.net"


def test_the_copy_tells_invitations_and_lists_without_the_clients(app: Flask) -> None:
    listing, member = offered()
    ask(listing, CLIENT, "another@example.net")
    copy = as_file(data_of(make_user(email=CLIENT)))
    (told,) = copy["invitations"]
    assert (told["provider"], told["address"]) == (listing.provider.name, CLIENT)
    copy = as_file(data_of(member))
    (sent,) = copy["client_lists"]
    assert (sent["clients"], sent["period_from"]) == (2, "2026-10-01")
    assert CLIENT not in str(copy)


def test_who_goes_is_not_invited_any_more(app: Flask) -> None:
    listing, _ = offered()
    ask(listing, CLIENT, "another@example.net")
    invite_id = invite_of(CLIENT).id
    for key in mail_keys(invite_id):
        enqueue("reviews.send_invites", {}, key=key)
    erase_account(make_user(email=CLIENT), take_down=False, now=NOON)
    states = {row.address: row.state for row in db.session.scalars(select(Invite))}
    assert states == {None: "expired", "another@example.net": "waiting"}
    assert db.session.scalars(select(Job).where(Job.key.in_(mail_keys(invite_id)))).all() == []


def test_an_invitation_that_was_used_stays_used(app: Flask) -> None:
    listing, _ = offered()
    invited(listing, CLIENT, state="used")
    erase_account(make_user(email=CLIENT), take_down=False, now=NOON)
    assert (invite_of(CLIENT).state, invite_of(CLIENT).address) == ("used", None)


def test_an_unconfirmed_address_takes_nothing_from_whose_it_is(app: Flask) -> None:
    listing, _ = offered()
    ask(listing, CLIENT)
    squatter = make_user(email=CLIENT, confirmed=False)
    assert as_file(data_of(squatter))["invitations"] == []
    erase_account(squatter, take_down=False, now=NOON)
    assert (invite_of(CLIENT).state, invite_of(CLIENT).address) == ("waiting", CLIENT)
