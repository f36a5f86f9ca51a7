"""Where members are seen: a keyed hash of the network they sign up, sign in and send lists of clients from.

Ten mailboxes that write from where their provider signs in are one person's. As with reviews, no address is stored.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request

from marketplace.accounts.models import User
from marketplace.core.database import writing
from marketplace.core.extensions import current_settings, db, insert_into
from marketplace.core.extensions import now as current_time
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.networks import Network, network_of

# A network that was seen today is not written again.
SEEN_AGAIN_AFTER = timedelta(days=1)


def sender_network() -> Network | None:
    """The network that this request comes from, as a keyed hash; None where it has no address."""
    return network_of(request.remote_addr, key=current_settings().risk_hash_key, now=current_time())


def see_member(user_id: int, network: Network | None, *, now: datetime) -> None:
    """Remember that a member did something from a network. Part of the caller's transaction."""
    if network is None or not _is_new(user_id, network, now):
        return
    seen = insert_into(NetworkSighting).values(user_id=user_id, network=network.hash, seen_at=now)
    db.session.execute(
        seen.on_conflict_do_update(index_elements=["user_id", "network"], set_={"seen_at": now})
    )


def seen_at_registration(sender: Flask, *, user: User, **_: Any) -> None:
    """A member signed up; part of the transaction that makes the account."""
    db.session.flush()
    see_member(user.id, sender_network(), now=current_time())


def seen_at_sign_in(sender: Flask, *, user: User, **_: Any) -> None:
    """A member signed in. Commits: signing in is no unit that writes, and on SQLite one that only read cannot begin to."""
    if request.method != "POST":
        return
    network, moment, user_id = sender_network(), current_time(), user.id
    if network is None or not _is_new(user_id, network, moment):
        return
    db.session.commit()
    with writing():
        see_member(user_id, network, now=moment)
        db.session.commit()


def _is_new(user_id: int, network: Network, now: datetime) -> bool:
    seen = db.session.get(NetworkSighting, (user_id, network.hash))
    return seen is None or seen.seen_at < now - SEEN_AGAIN_AFTER
