"""What a kind of subject says about itself: its actions, and the mails and details that go with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.models import AskedBy, Decision


@dataclass(frozen=True, slots=True)
class Choice:
    """What the moderator chose besides action and ground. `now` is the moment of the decision, later that of its effect.

    `read` is what the moderator read, as `Subject.words_read` gave it; None stands for the decision's version. `level` is a
    review's level of proof. `covered` are the findings of personal data to cover, by their keys
    (`reviews.writing.redaction`); `leaves_rest` says that the moderator looked at the others and leaves them.
    """

    now: datetime
    actor_id: int | None = None
    read: str | None = None
    level: str | None = None
    covered: tuple[str, ...] = ()
    leaves_rest: bool = False


is_waiting: Callable[[Any], bool] = attrgetter("is_waiting")


class TooEarly(Exception):
    """Another decision takes effect first. No refusal: the job of this one comes back for it."""


def no_check(subject: Any, choice: Choice) -> None:
    """The check of an action that has none."""


def by(service: Callable[..., Any]) -> Callable[[Any, Decision, Choice], Any]:
    """An `apply` that calls a service with the row."""
    return lambda subject, _decision, choice: service(subject.row, now=choice.now)


def with_note(service: Callable[..., Any]) -> Callable[[Any, Decision, Choice], Any]:
    """An `apply` that calls a service with the row and the statement, which the row keeps."""
    return lambda subject, decision, choice: service(subject.row, note=decision.statement, now=choice.now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """`apply` changes the subject once the undo time is over. An action with `grounds` needs one of them and a statement.

    `is_open` says whether the subject is in a state for it. `check` raises `Invalid` where something else must come first;
    both are asked when the moderator decides, and again before the effect, where `still_fits` takes the place of `is_open`
    if it is given. One that `rests_on_words` has no effect where these have changed meanwhile; others are about a provider
    or a published text as such, and what its author does meanwhile cannot stop them. `mail` is the template that tells it,
    by default the kind's. `asked_by` is whose matter it is, for the ledger. After one that `stays` the moderator stays on
    the page.
    """

    apply: Callable[[Any, Decision, Choice], Any]
    grounds: tuple[Ground, ...] = ()
    is_open: Callable[[Any], bool] = is_waiting
    still_fits: Callable[[Any], bool] | None = None
    check: Callable[[Any, Choice], None] = no_check
    rests_on_words: bool = True
    asked_by: AskedBy = AskedBy.MODERATOR
    mail: str | None = None
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail that tells a decision to an address. `key` tells the mails of one decision apart."""

    template: str
    address: str
    language: str
    key: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Details:
    """What a page shows of some kinds only: personal data found (`findings`), earlier `versions`, the `risk`, and whatever
    the kind's own template needs (`extra`)."""

    findings: Sequence[Any] = ()
    versions: Sequence[Any] = ()
    risk: Any = None
    extra: Mapping[str, Any] = field(default_factory=dict)
