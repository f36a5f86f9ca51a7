"""Undoing: one button on the page after a decision, and beside each decision of one's own that is fresh enough."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotFound
from marketplace.core.extensions import db, now
from marketplace.moderation.bulk.campaigns import MOST_AT_ONCE
from marketplace.moderation.decisions.undo_offer import forget_offer
from marketplace.moderation.decisions.undoing import undo_decision
from marketplace.moderation.models import Decision
from marketplace.moderation.queue import labels as words
from marketplace.moderation.queue.queries import decisions, queue_count
from marketplace.web.forms import PageForm
from marketplace.web.params import require_ids
from marketplace.web.security import access

bp = Blueprint("moderation_undo", __name__)


@bp.post("/staff/undo/")
@access("moderator")
def undo() -> Response | BaseResponse:
    """Undo the decisions that the button names; what could not be undone is named with the reason, status 409."""
    ids = _asked_decisions()
    if not PageForm().validate():
        flash(_("This page was open for too long. Select “Undo” again."), "error")
        return redirect(url_for("moderation.decisions"))
    undone: list[Decision] = []
    moment = now()  # of the press, however long it takes to undo a lot
    refused: dict[int, str] = {}
    for decision_id in ids:
        try:
            undone.append(undo_decision(decision_id, actor=current_user, now=moment))
        except Conflict as refusal:
            refused[decision_id] = refusal.code
    db.session.commit()
    forget_offer()
    if refused:
        return _refused(refused, len(undone))
    if len(undone) == 1:
        flash(words.done_words(undone[0].subject, "undo"))
        kind, number = undone[0].subject, undone[0].subject_id
        return redirect(url_for("moderation.item", kind=kind, subject_id=number))
    flash(_("Undone. They are all waiting again, and nobody will be told."))
    return redirect(url_for("moderation_spam.spam"))


def _refused(refused: dict[int, str], undone: int) -> Response:
    page = render_template(
        "moderation/decisions/not_undone.html",
        rows=decisions(only=list(refused), limit=MOST_AT_ONCE),
        refused=refused,
        undone=undone,
        undone_words=ngettext("One decision was undone.", "%(num)s decisions were undone.", undone),
        count=queue_count(),
        words=words,
    )
    return make_response(page, 409)


def _asked_decisions() -> list[int]:
    """The ids that were sent, each once. Raises `NotFound` for none, for too many and for what can be none."""
    texts = list(dict.fromkeys(request.form.getlist("decision")))
    if not 1 <= len(texts) <= MOST_AT_ONCE:
        raise NotFound
    return require_ids(texts)
