"""Which decisions a member can contest now: asked of whoever decides, who stands above the pages that show them.

`contest_asked` (arguments `user`, `now`, and `things`, pairs of a kind and an id) is sent when such a page is shown;
receivers return what can be done: `open` where the member can appeal, `made` where somebody did. With no receiver no page
offers it.

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from blinker import Namespace

from marketplace.accounts.models import User

Thing = tuple[str, int]
contest_asked = Namespace().signal("contest-asked", doc="Against which of these decisions can be appealed?")


def contestable(user: User, things: Collection[Thing], now: datetime) -> Mapping[Thing, str]:
    """Those of the things that can be contested (`open`) or were (`made`)."""
    if not things:
        return {}
    answers = contest_asked.send(None, user=user, things=things, now=now)
    return {thing: state for _, found in answers for thing, state in found.items()}
