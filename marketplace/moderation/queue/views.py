"""The moderators' desk: the queue, an item of it, deciding, and the decisions made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.differences import changes_since, read_snapshot
from marketplace.moderation.decisions.forms import DecisionForm
from marketplace.moderation.decisions.queries import (
    has_decider,
    last_decision,
    reason_cannot_decide,
    recent_decisions,
    undoable_until,
)
from marketplace.moderation.decisions.registry import find_ground, find_kind, find_subject
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.decisions.undo_offer import offer_undo, undo_offer
from marketplace.moderation.models import Decision, DecisionState
from marketplace.moderation.queue import queries
from marketplace.moderation.queue.items import Item, load_item
from marketplace.moderation.queue.proofs import visible_proofs
from marketplace.moderation.queue.rows import row_words
from marketplace.moderation.reports import labels as flag_words
from marketplace.reviews.models import ProofLevel
from marketplace.web.forms import PageForm
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("moderation", __name__)
DECISIONS_SHOWN = 50


@bp.get("/staff/")
@access("moderator")
def queue() -> str | BaseResponse:
    """What waits, by risk and age; the first of the page is open."""
    after_text = request.args.get("after")
    after = queries.read_cursor(after_text) if after_text is not None else None
    narrowed = _narrowed()
    rows = queries.waiting_items(after=after, limit=queries.PAGE_SIZE + 1, **narrowed.options)
    if after is not None and not rows:
        return redirect(url_for("moderation.queue", **narrowed.query))
    opened = load_item(find_subject(rows[0].kind, rows[0].id)) if rows else None
    return _desk(opened, _new_form(opened) if opened is not None else None, rows, paged=after is not None)


@bp.route("/staff/queue/<kind>/<int:subject_id>/", methods=["GET", "POST"])
@access("moderator")
def item(kind: str, subject_id: int) -> Response | BaseResponse | str:
    """One item: read it, draft a statement, decide."""
    if request.method == "GET":
        opened = load_item(find_subject(kind, subject_id))
        return _desk(opened, _new_form(opened))
    form = DecisionForm()
    action = request.form.get("do", "")
    if not form.validate() or action == "draft":
        try:
            opened = load_item(find_subject(kind, subject_id))
        except NotFound:
            return _gone(kind, subject_id, form)
        _offer(form, opened)
        if not form.errors:
            form.draft()
        return make_response(_desk(opened, form), form.status_code)
    try:
        decision = _decide(kind, subject_id, form, action)
    except NotFound:
        return _gone(kind, subject_id, form)
    except (Conflict, Invalid, NotAllowed) as refusal:
        db.session.rollback()
        return _refused(kind, subject_id, form, refusal, action)
    subject = find_subject(kind, subject_id)
    cursor, stays = queries.cursor_of(subject), subject.actions[action].stays
    offer_undo([decision])
    db.session.commit()
    if stays:
        return redirect(item_address(kind, subject_id))
    return redirect(_next_address(cursor))


@bp.get("/staff/decisions/")
@access("moderator")
def decisions() -> str:
    """The decisions made, newest first; or those of the moderator that had no effect and that they have not looked at."""
    show = request.args.get("show", "")
    if show not in ("", "unread"):
        raise NotFound
    rows = recent_decisions(
        before=requested_id("before"),
        limit=DECISIONS_SHOWN + 1,
        unread_by=current_user if show else None,
    )
    page = cursor_page(rows, DECISIONS_SHOWN)
    return render_template(
        "moderation/decisions/decisions.html",
        rows=page.rows,
        show=show,
        states=DecisionState,
        undo=undo_offer(),
        undoable=undoable_until(current_user, [row.id for row in page.rows], now()),
        form=PageForm(formdata=None),
        more=page.next,
        find_ground=find_ground,
        find_kind=find_kind,
        words=words,
    )


def _new_form(opened: Item) -> DecisionForm:
    form = DecisionForm(formdata=None)
    _offer(form, opened)
    form.remember(opened.subject, opened.facts)
    return form


def _offer(form: DecisionForm, opened: Item) -> None:
    action = _requested_action(opened) or "reject"
    form.offer(opened.subject, action, opened.statement_language(action))
    form.offer_redaction(opened.details.findings)


def _requested_action(opened: Item) -> str | None:
    """The action for which the form asks reasons: the one of the button or the address, else the first."""
    for requested in (request.form.get("do"), request.args.get("move")):
        if requested in opened.other_actions(None):
            return requested
    return opened.reasoned_action


def _decide(kind: str, subject_id: int, form: DecisionForm, action: str) -> Decision:
    return decide(
        kind,
        subject_id,
        actor=current_user,
        action=action,
        version=form.version.data or 0,
        ground=form.ground.data,
        statement=form.statement.data or "",
        level=ProofLevel.DOCUMENTED if form.documented.data else None,
        covered=form.cover.data or (),
        leaves_rest=form.leaves_rest.data,
        now=now(),
    )


def _refused(kind: str, subject_id: int, form: DecisionForm, refusal: Refusal, action: str) -> Response:
    """The item again with what was typed: 409 with what changed since it was read, else the reasons of the refusal."""
    try:
        opened = load_item(find_subject(kind, subject_id))
    except NotFound:
        return _gone(kind, subject_id, form)
    is_open = action in opened.actions
    if isinstance(refusal, Conflict) and refusal.field is None:
        changes = changes_since(read_snapshot(form.read.data or ""), opened.facts)
        typed = form.statement.data or ""
        if is_open:
            _offer(form, opened)
            form.remember(opened.subject, opened.facts)
        else:  # the statement was for another decision than the one that is open now: it is quoted, not filled in
            form = _new_form(opened)
        page = _desk(opened, form, conflict=refusal.code, changes=changes, typed=typed, is_open=is_open)
        return make_response(page, 409)
    _offer(form, opened)
    form.show_refusal(refusal)
    return make_response(_desk(opened, form), 422 if isinstance(refusal, Conflict) else refusal.status)


def _gone(kind: str, subject_id: int, form: DecisionForm) -> Response:
    """An edit that was applied or withdrawn is no more: say so, and give the statement back."""
    decision = last_decision(kind, subject_id)
    if decision is None:
        find_subject(find_kind(kind).parent_kind or kind, subject_id)  # else there never was one
    page = render_template(
        "moderation/decisions/gone.html",
        decision=decision if decision is not None and decision.version == form.version.data else None,
        statement=form.statement.data or "",
        words=words,
    )
    return make_response(page, 409)


def _desk(
    opened: Item | None,
    form: DecisionForm | None,
    rows: Sequence[queries.Waiting] | None = None,
    **context: Any,
) -> str:
    """The queue with an item open above the others that wait (by default the first); a settled provider stands alone."""
    if opened is not None and opened.subject.has_own_page:
        return _page("moderation/queue/provider.html", opened, form, **context)
    if rows is None:
        rows = queries.waiting_items(limit=queries.PAGE_SIZE + 1, **_narrowed().options)
    shown = rows[: queries.PAGE_SIZE]
    others = shown
    if opened is not None:
        others = [row for row in shown if (row.kind, row.id) != (opened.kind, opened.subject.id)]
        context |= _neighbours(opened, others)
    topics = [row.topic_id for row in others if row.topic_id is not None]
    return _page(
        "moderation/queue/queue.html",
        opened,
        form,
        rows=others,
        more=queries.write_cursor(shown[-1].cursor) if len(rows) > len(shown) else None,
        titles=guide_titles(topics, address_language()),
        said=row_words(others),
        risks=queries.RISKS,
        **context,
    )


def _page(template: str, opened: Item | None, form: DecisionForm | None, **context: Any) -> str:
    if opened is not None:
        reasoned = _requested_action(opened)
        refusal = reason_cannot_decide(current_user, opened.subject) if opened.pending is None else None
        context |= {
            "reasoned": reasoned,
            "effects": opened.subject.effects_of(reasoned) if reasoned else [],
            "proofs": visible_proofs(opened.subject, current_user),
            "refusal": refusal,
            "is_alone": refusal is not None and opened.is_waiting and not has_decider(opened.subject),
        }
    return render_template(
        template,
        item=opened,
        form=form,
        undo=undo_offer(),
        narrowed=_narrowed(),
        item_address=item_address,
        now=now(),
        words=words,
        flag_words=flag_words,
        find_ground=find_ground,
        **context,
    )


def _narrowed() -> queries.Narrowed:
    """What the address narrows the queue to; in an item's address its kind is called `only`."""
    kind = request.args.get("only" if "kind" in (request.view_args or {}) else "kind", "")
    show = request.args.get("show", "")
    if show not in ("", "appeals"):
        raise NotFound
    if show:  # as it was called
        kind = queries.APPEALS
    return queries.narrowed_to(kind, request.args.get("risk", ""))


def item_address(kind: str, subject_id: int) -> str:
    """The address of an item in the queue as it is narrowed now."""
    narrowed = _narrowed()
    kept: dict[str, Any] = {"only": narrowed.kind or None, "risk": narrowed.risk or None}
    return url_for("moderation.item", kind=kind, subject_id=subject_id, **kept)


def _neighbours(opened: Item, others: Sequence[queries.Waiting]) -> dict[str, str]:
    """The addresses of the items before and after the open one in the queue, for the keys."""
    subject = opened.subject
    cursor = queries.cursor_of(subject)
    before = [row for row in others if row.cursor < cursor]
    after = queries.waiting_items(after=cursor, limit=1, **_narrowed().options)
    return {
        "previous_address": _address(before[-1]) if before else "",
        "next_address": _address(after[0]) if after else "",
    }


def _next_address(cursor: queries.QueueCursor) -> str:
    """The next item after this one in the queue, else its first, else the empty queue."""
    narrowed = _narrowed()
    following = queries.waiting_items(after=cursor, limit=1, **narrowed.options)
    following = following or queries.waiting_items(limit=1, **narrowed.options)
    return _address(following[0]) if following else url_for("moderation.queue", **narrowed.query)


def _address(row: queries.Waiting) -> str:
    return item_address(row.kind, row.id)
