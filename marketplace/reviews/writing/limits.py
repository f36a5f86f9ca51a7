"""How often reviews may be sent: by account and by address. Only what is really sent counts, never a preview or a mistake.

A person writes about a handful of services; a whole office or a mobile network may stand behind one address, so an address
has room for many. What comes on top is for the moderators' risk, not for a closed door.
"""

from __future__ import annotations

from flask import request

from marketplace.core.extensions import current_settings, now
from marketplace.reviews.risk.networks import Network, network_of
from marketplace.web.limits import client_network, count_try

BY_ACCOUNT = "10/hour"
BY_ADDRESS = "60/hour"


def count_review(author_id: int) -> None:
    """Count one review that is about to be sent. Raises werkzeug's `TooManyRequests` with the seconds to wait."""
    count_try(BY_ACCOUNT, "reviews.write", "account", str(author_id))
    count_try(BY_ADDRESS, "reviews.write", "address", client_network())


def sender_network() -> Network | None:
    """The network that this request comes from, as a keyed hash; None where it has no address."""
    key = current_settings().risk_hash_key
    return network_of(request.remote_addr, key=key, now=now())
