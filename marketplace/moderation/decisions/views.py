"""Undoing a decision: a button on the page after it, and beside each of one's own that can still be undone."""

from __future__ import annotations

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotAllowed, NotFound
from marketplace.core.extensions import db, now
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.queries import MOST_AT_ONCE, recent_decisions
from marketplace.moderation.decisions.registry import find_kind, find_subject
from marketplace.moderation.decisions.services import mark_as_read, undo_decision
from marketplace.moderation.decisions.undo_offer import withdraw_offer
from marketplace.moderation.models import ActionName, Decision
from marketplace.web.forms import PageForm
from marketplace.web.params import require_ids
from marketplace.web.responses import flash_stale_page
from marketplace.web.security import access

bp = Blueprint("moderation_undo", __name__)


@bp.post("/staff/undo/")
@access("moderator")
def undo() -> Response | BaseResponse:
    """Undo the decisions that the button names; what could not be undone is named with the reason, status 409."""
    ids = _requested_ids()
    if not PageForm().validate():
        flash(_("This page was open for too long. Select “Undo” again."), "error")
        return redirect(url_for("moderation.decisions"))
    undone: list[Decision] = []
    moment = now()  # when the button was pressed, however long undoing many takes
    refused: dict[int, str] = {}
    for decision_id in ids:
        try:
            undone.append(undo_decision(decision_id, actor=current_user, now=moment))
        except (Conflict, NotAllowed) as refusal:
            refused[decision_id] = refusal.code
    db.session.commit()
    withdraw_offer()
    if refused:
        return _refused(refused, len(undone))
    if len(undone) == 1:
        flash(words.decided_message(undone[0].subject, ActionName.UNDO))
        only = undone[0]
        return redirect(url_for("moderation.item", kind=only.subject, subject_id=only.subject_id))
    flash(_("Undone. They are all waiting again, and nobody will be told."))
    return redirect(_decided_on(undone))


def _decided_on(undone: list[Decision]) -> str:
    """The page on which several were decided together."""
    if {decision.subject for decision in undone} == {"review"}:
        return url_for("moderation_spam.spam")
    provider_id = find_subject(undone[0].subject, undone[0].subject_id).provider.id
    return url_for("moderation_spam.listings", provider_id=provider_id)


@bp.post("/staff/decisions/read/")
@access("moderator")
def read() -> BaseResponse:
    """Note that the moderator has seen which decisions had no effect."""
    ids = _requested_ids()
    if not PageForm().validate():
        flash_stale_page()
        return redirect(url_for("moderation.decisions", show="unread"))
    mark_as_read(ids, actor=current_user)
    db.session.commit()
    return redirect(url_for("moderation.queue"))


def _refused(refused: dict[int, str], undone: int) -> Response:
    page = render_template(
        "moderation/decisions/not_undone.html",
        rows=recent_decisions(only=list(refused), limit=MOST_AT_ONCE),
        refused=refused,
        find_kind=find_kind,
        undone=undone,
        undone_words=ngettext("One decision was undone.", "%(num)s decisions were undone.", undone),
        words=words,
    )
    return make_response(page, 409)


def _requested_ids() -> list[int]:
    """The ids that were sent, each once. Raises `NotFound` for none, for too many and for what can be none."""
    texts = list(dict.fromkeys(request.form.getlist("decision")))
    if not 1 <= len(texts) <= MOST_AT_ONCE:
        raise NotFound
    return require_ids(texts)
