"""How well it is shown that an author was a client: which level a review gets when it is written.

Other features may know of a client: `proof_asked` (arguments `listing` and `author`) is sent when a review is written,
and each receiver returns whether this author had an enquiry about this listing answered on this site. With no receiver
nothing is confirmed, and no page speaks of it. The sender is `Listing`; receivers write nothing.

    @proof_asked.connect
    def was_answered(sender: type[Listing], *, listing: Listing, author: User) -> bool: ...

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from collections.abc import Collection

from blinker import Namespace

from marketplace.accounts.models import User
from marketplace.listings.models import Listing
from marketplace.reviews.models import LEVELS

proof_asked = Namespace().signal("proof-asked", doc="Was this author a client of this listing?")


def level_for(listing: Listing, author: User, *, invited: bool) -> str:
    """The level of a new review: the highest of what is known. `documented` is a moderator's to give."""
    known = ["unverified"]
    if any(answer for _, answer in proof_asked.send(Listing, listing=listing, author=author)):
        known.append("confirmed")
    if invited:
        known.append("invited")
    return highest(*known)


def highest(*levels: str) -> str:
    """The level among these that proves most."""
    return max(levels, key=LEVELS.index)


def levels_in_use(present: Collection[str] = ()) -> tuple[str, ...]:
    """The levels that pages tell of, lowest first: `confirmed` only where something can confirm, or a review has it."""
    return tuple(
        level for level in LEVELS if level != "confirmed" or proof_asked.receivers or level in present
    )
