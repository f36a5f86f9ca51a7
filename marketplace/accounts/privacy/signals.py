"""What a member may take away and have erased. Features above keep most of it: they listen here.

`data_asked` (argument `user`): receivers return a list of `Section`s, what their feature keeps of the member and of nobody
else.

`parting` (argument `user`): comes before `erasing`, while all rows are there still. Receivers raise what forbids going, and
forget what hangs on rows of other features. Receivers of one signal come in no order.

`erasing` (arguments `user`, `take_down`, `now`): receivers remove it, in the caller's transaction, before the account's row
is deleted; what one raises undoes all. `take_down` says that published texts go too; else they stay without a name.

blinker holds receivers weakly: a function of a module stays, one made inside another function must be kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from blinker import Namespace

_signals = Namespace()
data_asked = _signals.signal("data-asked", doc="What do you keep of this member?")
parting = _signals.signal("parting", doc="This member wants to go.")
erasing = _signals.signal("erasing", doc="This member goes.")


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
