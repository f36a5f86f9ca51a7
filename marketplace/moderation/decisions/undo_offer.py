"""What a moderator can still undo, as the pages of the desk offer it: what their last click decided, kept in the session."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, session
from flask_babel import ngettext
from flask_login import current_user

from marketplace.core.extensions import now
from marketplace.moderation.decisions.undoing import UNDO_SECONDS, undoable
from marketplace.moderation.models import Decision
from marketplace.moderation.queue.labels import done_words
from marketplace.moderation.queue.queries import decisions_by_id
from marketplace.web.forms import PageForm

KEPT = "undo"


@dataclass(frozen=True, slots=True)
class UndoOffer:
    """The decisions that one button takes back. `seconds` are left of the time that is told; `form` gives the token."""

    ids: list[int]
    text: str
    seconds: int
    form: PageForm
    told: int = UNDO_SECONDS


def tell_done(decisions: Sequence[Decision]) -> None:
    """Say on the next page what was decided; where it can be undone, beside a button. Call it after the commit."""
    ids = [decision.id for decision in decisions]
    if undoable(current_user, ids, now()):
        session[KEPT] = ids
    else:
        session.pop(KEPT, None)
        flash(_words(decisions))


def undo_offer() -> UndoOffer | None:
    """What this moderator's last click decided and can still be undone; None where there is nothing."""
    asked = session.get(KEPT)
    ends = undoable(current_user, asked, now()) if asked else {}
    if not ends:
        return None
    left = math.ceil((min(ends.values()) - now()).total_seconds())
    return UndoOffer(list(ends), _words(decisions_by_id(list(ends))), max(0, left), PageForm(formdata=None))


def forget_offer() -> None:
    """Offer it no more: it was pressed."""
    session.pop(KEPT, None)


def _words(decisions: Sequence[Decision]) -> str:
    if len(decisions) == 1:
        return done_words(decisions[0].subject, decisions[0].action)
    return str(
        ngettext(
            "One review rejected. We’ll email its author.",
            "%(num)s reviews rejected. We’ll email their authors.",
            len(decisions),
        )
    )
