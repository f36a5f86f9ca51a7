"""What a member may export and have erased. Features above accounts hold most of it: they connect to these signals.

`export_requested` (argument `user`): receivers return a list of `Section`s, what their feature stores about the member.

`before_erasure` (argument `user`): sent while all rows still exist. Receivers raise what forbids the erasure, and forget
what depends on rows of other features. Receivers of one signal run in no fixed order.

`account_erased` (arguments `user`, `take_down`, `now`): receivers delete their data in the caller's transaction, before the
account's row is deleted; an exception undoes everything. `take_down` means that published texts go too; otherwise they stay
without a name.

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blinker import Namespace

_signals = Namespace()
export_requested = _signals.signal("export-requested", doc="What is stored about this member?")
before_erasure = _signals.signal("before-erasure", doc="This member wants their account erased.")
account_erased = _signals.signal("account-erased", doc="This member's account is erased.")


@dataclass(frozen=True, slots=True)
class Field:
    """One value: `code` names it in the file, `label` on the page. `shown` are the words for it in the language of the page,
    where the value itself is a code; empty where another field tells it."""

    code: str
    label: Any
    value: Any
    shown: Any = None

    @property
    def on_page(self) -> Any:
        """What the page shows; nothing where there is nothing to show."""
        return self.value if self.shown is None or self.value is None else self.shown


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind."""

    code: str
    title: Any
    rows: Sequence[Sequence[Field]]


def written(value: Any) -> Any:
    """A value as the file holds it: text, number, truth or nothing."""
    return value.isoformat() if hasattr(value, "isoformat") else value
