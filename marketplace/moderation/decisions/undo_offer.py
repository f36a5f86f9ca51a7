"""What a moderator can still undo: the decisions of their last click, which the session keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask import session
from flask_babel import ngettext
from flask_login import current_user

from marketplace.core.extensions import now
from marketplace.moderation.decisions.labels import decided_message
from marketplace.moderation.decisions.queries import UNDO_SECONDS, decisions_by_id, undoable_until
from marketplace.moderation.models import ActionName, Decision
from marketplace.web.forms import PageForm

SESSION_KEY = "undo"


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """The decisions that one button undoes. `seconds` are left of the `total`; `form` gives the token."""

    ids: list[int]
    text: str
    seconds: int
    form: PageForm
    total: int = UNDO_SECONDS


def offer_undo(decisions: Sequence[Decision]) -> None:
    """Say on the next page what was decided, beside a button that undoes it."""
    session[SESSION_KEY] = [decision.id for decision in decisions]


def undo_offer() -> UndoOffer | None:
    """What this moderator's last click decided and can still be undone; None where there is nothing."""
    kept = session.get(SESSION_KEY)
    ends = undoable_until(current_user, kept, now()) if kept else {}
    if not ends:
        return None
    left = math.ceil((min(ends.values()) - now()).total_seconds())
    return UndoOffer(list(ends), _words(decisions_by_id(list(ends))), max(0, left), PageForm(formdata=None))


def withdraw_offer() -> None:
    """Offer it no more: it was pressed."""
    session.pop(SESSION_KEY, None)


def _words(decisions: Sequence[Decision]) -> str:
    if len(decisions) == 1:
        return decided_message(decisions[0].subject, decisions[0].action)
    if {decision.action for decision in decisions} == {ActionName.PUBLISH}:
        return str(
            ngettext(
                "One published. We’ll email those concerned.",
                "%(num)s published. We’ll email those concerned.",
                len(decisions),
            )
        )
    if {decision.subject for decision in decisions} - {"review"}:
        return str(
            ngettext(
                "One rejected. We’ll email those concerned.",
                "%(num)s rejected. We’ll email those concerned.",
                len(decisions),
            )
        )
    return str(
        ngettext(
            "One review rejected. We’ll email its author.",
            "%(num)s reviews rejected. We’ll email their authors.",
            len(decisions),
        )
    )
