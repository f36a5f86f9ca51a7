"""Which decisions a member can contest now: asked of whoever decides, who stands above the pages that show them.

`contest_asked` (arguments `user`, `kind` and `number` of a thing, and `now`) is sent when such a page is shown; receivers
return `open` where the member can appeal against the last decision on it, `made` where somebody did, else None. With no
receiver no page offers it.

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from datetime import datetime

from blinker import Namespace

from marketplace.accounts.models import User

contest_asked = Namespace().signal("contest-asked", doc="Can this decision be appealed against?")


def contestable(user: User, kind: str, number: int, now: datetime) -> str | None:
    """`open` or `made`, where somebody says so."""
    answers = contest_asked.send(None, user=user, kind=kind, number=number, now=now)
    return next((state for _, state in answers if state is not None), None)
