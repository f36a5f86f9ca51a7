"""What a kind of the queue declares about itself, once for all its rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Integer, Select, cast, exists, func, literal, null, select

from marketplace.core.waiting_edits import EditStatus
from marketplace.moderation.decisions.actions import Action
from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.models import Decision, DecisionState
from marketplace.providers.merging import with_merged

EXCERPT_LENGTH = 140
NO_RISK = literal(0)
NO_NUMBER = cast(null(), Integer)


def is_undecided(kind: str, subject_id: Any) -> ColumnElement[bool]:
    """The condition that no decision on a subject is about to take effect."""
    decided = exists().where(
        Decision.is_about(kind, subject_id),
        Decision.state == DecisionState.PENDING,
    )
    return ~decided


class Kind(ABC):
    """The class variables without a value are set by every kind."""

    kind: ClassVar[str]
    model: ClassVar[Any]
    # Of an edit, what it belongs to: its id names the edit, and it is locked first, as everybody does.
    parent: ClassVar[Any] = None
    parent_kind: ClassVar[str | None] = None
    # The kind of its changes, and the columns with what it says.
    edit_kind: ClassVar[str | None] = None
    content_fields: ClassVar[tuple[str, ...]] = ()
    # What an item is called (with `provider`), in a word, and in the public ledger.
    title: ClassVar[Any]
    word: ClassVar[Any]
    ledger_word: ClassVar[Any]
    # The column with what was written, whose first words its row of the queue shows.
    excerpt: ClassVar[str] = "text"
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
    statement_heading: ClassVar[Any] = _l("Statement to the provider")
    # For statements of reasons (`decisions.reasons`): effects and what led to a decision where they differ, whether it is
    # something that somebody wrote for readers, and whether programs look at it first.
    effects: ClassVar[Mapping[str, Any]] = {}
    source: ClassVar[Any] = None
    is_content: ClassVar[bool] = True
    is_screened: ClassVar[bool] = False
    # Whether a page lets all that wait of one provider be decided on together.
    is_decided_together: ClassVar[bool] = False
    # Whether rejections of its subjects stand in the record of their provider.
    is_counted_against: ClassVar[bool] = False
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

    @classmethod
    @abstractmethod
    def waiting(cls) -> Select[Any]:
        """The rows of the queue, by `waiting_rows`."""

    @classmethod
    def provider_id_of(cls, subject_id: Any) -> Any:
        """An expression for the provider's id, by the subject's."""
        model = cls.parent or cls.model
        return select(model.provider_id).where(model.id == subject_id).scalar_subquery()

    @classmethod
    def ids_of_provider(cls, provider_id: int) -> Any:
        """The ids of a provider's subjects, for kinds that are counted against it."""
        model = cls.parent or cls.model
        return select(model.id).where(model.provider_id.in_(with_merged(provider_id)))

    @classmethod
    def row_words(cls, ids: Collection[int]) -> Select[Any]:
        """A select of kind, id, author's id (null where it is the provider's) and first words of these subjects."""
        (key,) = cls.model.__table__.primary_key.columns
        author: Any = NO_NUMBER
        if hasattr(cls.model, "user_id"):
            author = cls.model.user_id
        elif hasattr(cls.parent, "user_id"):
            author = select(cls.parent.user_id).where(cls.parent.id == key).scalar_subquery()
        return select(
            literal(cls.kind).label("kind"),
            key.label("id"),
            author.label("author_id"),
            func.substr(getattr(cls.model, cls.excerpt), 1, EXCERPT_LENGTH).label("excerpt"),
        ).where(key.in_(ids))

    @classmethod
    def waiting_rows(
        cls,
        since: Any,
        provider_id: Any,
        topic_id: Any = NO_NUMBER,
        rating: Any = NO_NUMBER,
        risk: Any = NO_RISK,
    ) -> Select[Any]:
        """A select of the queue's columns over what waits and is not decided yet."""
        (key,) = cls.model.__table__.primary_key.columns
        return (
            select(
                literal(cls.kind).label("kind"),
                key.label("id"),
                since.label("since"),
                provider_id.label("provider_id"),
                topic_id.label("topic_id"),
                rating.label("rating"),
                risk.label("risk"),
            )
            .select_from(cls.model)
            .where(cls.model.status == EditStatus.PENDING, is_undecided(cls.kind, key))
        )
