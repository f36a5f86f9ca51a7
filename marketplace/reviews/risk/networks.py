"""Pure: where a review came from, as a keyed hash of the sender's address range that nobody can turn back.

The range is a /24 of IPv4 or a /48 of IPv6: an office, a household, a small provider's customers. The key is made anew for
each ISO week from the setting `RISK_HASH_KEY`, so that what was sent in different weeks cannot be put together; a sender
is compared within this week and the one before. No address is stored or logged.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

IPV4_PREFIX = 24
IPV6_PREFIX = 48
WEEK = timedelta(weeks=1)
KEPT_FOR = timedelta(days=30)
ERASED_AFTER = KEPT_FOR - timedelta(days=1)  # the job runs once a day: none is kept longer than promised


@dataclass(frozen=True, slots=True)
class Network:
    """A sender's network: `hash` of this week is stored with the review, `before` is the one it had a week ago."""

    hash: str
    before: str

    @property
    def hashes(self) -> tuple[str, str]:
        """What the network was stored under in this week and in the last."""
        return (self.hash, self.before)


def network_of(address: str | None, *, key: str, now: datetime) -> Network | None:
    """The network of a sender's address (`request.remote_addr`); None where there is none that can be read."""
    prefix = address_range(address)
    if prefix is None:
        return None
    return Network(hash_range(prefix, key=key, moment=now), hash_range(prefix, key=key, moment=now - WEEK))


def address_range(address: str | None) -> str | None:
    """The range an address lies in, as text; IPv4 inside IPv6 counts as IPv4. None for what is no address."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    length = IPV6_PREFIX if isinstance(parsed, ipaddress.IPv6Address) else IPV4_PREFIX
    return str(ipaddress.ip_network((parsed, length), strict=False))


def hash_range(prefix: str, *, key: str, moment: datetime) -> str:
    """HMAC-SHA256 of a range with the key of the moment's ISO week, in hexadecimal (64 characters)."""
    year, week, _ = moment.isocalendar()
    week_key = hmac.new(key.encode(), f"network:{year}-W{week:02}".encode(), hashlib.sha256).digest()
    return hmac.new(week_key, prefix.encode(), hashlib.sha256).hexdigest()
