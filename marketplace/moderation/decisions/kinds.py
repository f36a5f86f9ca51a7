"""What a kind of the queue declares about itself, once for all its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from marketplace.moderation.decisions.actions import Action
from marketplace.moderation.decisions.grounds import Ground


class Kind:
    """The class variables without a value are set by every kind."""

    kind: ClassVar[str]
    model: ClassVar[Any]
    # Of an edit, what it belongs to: its id names the edit, and it is locked first, as everybody does.
    parent: ClassVar[Any] = None
    parent_kind: ClassVar[str | None] = None
    # What an item is called (with `provider`), in a word, and in the public ledger.
    title: ClassVar[Any]
    word: ClassVar[Any]
    ledger_word: ClassVar[Any]
    # In the order in which a page offers them.
    actions: ClassVar[Mapping[str, Action]]
    # What can be appealed against, each with the action that reverses it; None where the subject waits again.
    reversals: ClassVar[Mapping[str, str | None]] = {}
    # The action that follows from a report that is upheld.
    takedown: ClassVar[str | None] = None
    takedown_effect: ClassVar[Any] = ""
    mail_template: ClassVar[str]
    facts_template: ClassVar[str] = "moderation/kinds/values.html"
    facts_heading: ClassVar[Any] = ""
    form_template: ClassVar[str | None] = None
    quote_template: ClassVar[str] = "moderation/reports/quote_review.html"
    open_label: ClassVar[Any] = ""
    # Buttons and messages that differ from those of `decisions.labels`, by action.
    buttons: ClassVar[Mapping[str, Any]] = {}
    messages: ClassVar[Mapping[str, Any]] = {}
    party_heading: ClassVar[Any] = _l("Members")
    # Whether it is written by one person, who is party to it and reads the statement.
    is_authored: ClassVar[bool] = False
    names_former_author: ClassVar[bool] = False  # where the account was erased
    names_provider: ClassVar[bool] = False  # below the title of its page
    # Whether the page of an edit's parent tells what became of it.
    history_is_parents: ClassVar[bool] = False
    history_kinds: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def all_grounds(cls) -> tuple[Ground, ...]:
        """Every ground that a decision on this kind can have."""
        found: dict[str, Ground] = {}
        for ground in (ground for action in cls.actions.values() for ground in action.grounds):
            found.setdefault(ground.code, ground)
        return tuple(found.values())

    @classmethod
    def title_of(cls, provider_name: str, *, is_new: bool = True) -> str:
        """What an item is called. `is_new` says of a provider whether it waits to be accepted."""
        return str(cls.title) % {"provider": provider_name}
