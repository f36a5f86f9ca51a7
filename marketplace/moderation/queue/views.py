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
from marketplace.moderation.decisions.deciders import bar_on, has_decider
from marketplace.moderation.decisions.differences import changes_since, read_snapshot
from marketplace.moderation.decisions.forms import DecisionForm
from marketplace.moderation.decisions.grounds import find_ground
from marketplace.moderation.decisions.services import decide, decided
from marketplace.moderation.decisions.subjects import STANDING_ACTIONS, find_subject
from marketplace.moderation.decisions.undo_offer import tell_done, undo_offer
from marketplace.moderation.decisions.undoing import undoable
from marketplace.moderation.models import Decision
from marketplace.moderation.queue import labels as words
from marketplace.moderation.queue import queries
from marketplace.moderation.queue.items import Item, load_item
from marketplace.moderation.queue.priority import risk_word
from marketplace.moderation.queue.proofs import proofs_to_see
from marketplace.moderation.reports import labels as words_flags
from marketplace.providers.desk.pages import effects_of_suspension
from marketplace.web.forms import PageForm
from marketplace.web.paging import cursor_page
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("moderation", __name__)
DECISIONS_SHOWN = 50
# What the queue can be narrowed to, by the word in its address.
SHOWS = {"": None, "appeals": "appeal"}


@bp.get("/staff/")
@access("moderator")
def queue() -> str | BaseResponse:
    """What waits, by risk and age; the first of the page is open."""
    asked = request.args.get("after")
    after = queries.read_place(asked) if asked is not None else None
    show = _show()
    rows = queries.waiting(after=after, limit=queries.PAGE_SIZE + 1, kind=SHOWS[show])
    if after is not None and not rows:
        return redirect(url_for("moderation.queue", show=show or None))
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
    try:
        opened = load_item(find_subject(kind, subject_id))
    except NotFound:
        return _gone(kind, subject_id, form)
    _offer(form, opened)
    if not form.validate():
        return make_response(_desk(opened, form), form.status_code)
    action = request.form.get("do", "")
    if action == "draft":
        form.draft()
        return make_response(_desk(opened, form), form.status_code)
    place = queries.place_of(opened.subject)
    try:
        decision = _decide(kind, subject_id, form, action)
    except (Conflict, Invalid, NotAllowed) as refusal:
        db.session.rollback()
        return _refused(kind, subject_id, form, refusal, action)
    db.session.commit()
    tell_done([decision])
    if action in STANDING_ACTIONS:
        return redirect(url_for("moderation.item", kind=kind, subject_id=subject_id))
    return redirect(_next_address(place))


@bp.get("/staff/decisions/")
@access("moderator")
def decisions() -> str:
    """The decisions made, newest first."""
    rows = queries.decisions(before=requested_id("before"), limit=DECISIONS_SHOWN + 1)
    page = cursor_page(rows, DECISIONS_SHOWN)
    return render_template(
        "moderation/decisions/decisions.html",
        rows=page.rows,
        undo=undo_offer(),
        undoable=undoable(current_user, [row.id for row in page.rows], now()),
        form=PageForm(formdata=None),
        more=page.next,
        count=queries.queue_count(),
        find_ground=find_ground,
        words=words,
    )


def _new_form(opened: Item) -> DecisionForm:
    form = DecisionForm(formdata=None)
    _offer(form, opened)
    form.remember(opened.subject, opened.facts)
    return form


def _offer(form: DecisionForm, opened: Item) -> None:
    action = _asked_move(opened) or "reject"
    form.offer(opened.kind, opened.reader_language(action), action, opened.subject.about)
    form.offer_covering(opened.findings)


def _asked_move(opened: Item) -> str | None:
    """The move for which the form asks reasons: the one that was pressed or asked for in the address, else the first."""
    for asked in (request.form.get("do"), request.args.get("move")):
        if asked in opened.moves_instead(None):
            return asked
    return opened.reasoned_move


def _decide(kind: str, subject_id: int, form: DecisionForm, action: str) -> Decision:
    proven = form.documented.data and kind == "review" and action == "publish"
    return decide(
        kind,
        subject_id,
        actor=current_user,
        action=action,
        version=form.version.data or 0,
        ground=form.ground.data,
        statement=form.statement.data or "",
        level="documented" if proven else None,
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
    if isinstance(refusal, Conflict) and refusal.field is None:
        changes = changes_since(read_snapshot(form.read.data or ""), opened.facts)
        typed = form.statement.data or ""
        if action in opened.moves:
            _offer(form, opened)
            form.remember(opened.subject, opened.facts)
        else:  # the statement was for another decision than the one that is open now: it is quoted, not filled in
            form = _new_form(opened)
        page = _desk(
            opened, form, conflict=True, changes=changes, typed=typed, is_open=action in opened.moves
        )
        return make_response(page, 409)
    form.show_refusal(refusal)
    return make_response(_desk(opened, form), 422 if isinstance(refusal, Conflict) else refusal.status)


def _gone(kind: str, subject_id: int, form: DecisionForm) -> Response:
    """An edit that was applied or taken back meanwhile is no more: say so, and give the statement back."""
    decision = decided(kind, subject_id)
    if decision is None:
        find_subject(kind.removesuffix("_edit"), subject_id)  # else there never was one
    page = render_template(
        "moderation/decisions/gone.html",
        decision=decision if decision is not None and decision.version == form.version.data else None,
        statement=form.statement.data or "",
        count=queries.queue_count(),
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
    if opened is not None and opened.is_settled_provider:
        return _page("moderation/queue/provider.html", opened, form, **context)
    if rows is None:
        rows = queries.waiting(limit=queries.PAGE_SIZE + 1, kind=SHOWS[_show()])
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
        more=queries.write_place(shown[-1].place) if len(rows) > len(shown) else None,
        titles=guide_titles(topics, address_language()),
        **context,
    )


def _page(template: str, opened: Item | None, form: DecisionForm | None, **context: Any) -> str:
    reasoned = _asked_move(opened) if opened is not None else None
    bar = bar_on(current_user, opened.subject) if opened is not None else None
    return render_template(
        template,
        item=opened,
        form=form,
        reasoned=reasoned,
        effects=effects_of_suspension(opened.subject.provider)
        if opened is not None and reasoned == "suspend"
        else [],
        undo=undo_offer(),
        risk_word=risk_word,
        proofs=proofs_to_see(opened.subject, current_user) if opened is not None else [],
        bar=bar,
        is_alone=bar is not None and opened is not None and _is_alone(opened),
        count=queries.queue_count(),
        appeals=queries.appeal_count(),
        show=_show(),
        now=now(),
        words=words,
        flag_words=words_flags,
        find_ground=find_ground,
        **context,
    )


def _show() -> str:
    show = request.args.get("show", "")
    if show not in SHOWS:
        raise NotFound
    return show


def _is_alone(opened: Item) -> bool:
    """Whether an item waits that nobody may decide on: the page says how somebody else comes in."""
    return opened.subject.is_waiting and not has_decider(opened.subject)


def _neighbours(opened: Item, others: Sequence[queries.Waiting]) -> dict[str, str]:
    """The addresses of the items before and after the open one in the queue, for the keys."""
    subject = opened.subject
    place = queries.place_of(subject)
    before = [row for row in others if row.place < place]
    after = queries.waiting(after=place, limit=1, kind=SHOWS[_show()])
    return {
        "previous_address": _address(before[-1]) if before else "",
        "next_address": _address(after[0]) if after else "",
    }


def _next_address(place: queries.Place) -> str:
    """The next item after this place of the queue, else its first, else the empty queue."""
    kind = SHOWS[_show()]
    following = queries.waiting(after=place, limit=1, kind=kind) or queries.waiting(limit=1, kind=kind)
    return _address(following[0]) if following else url_for("moderation.queue", show=_show() or None)


def _address(row: queries.Waiting) -> str:
    return url_for("moderation.item", kind=row.kind, subject_id=row.id, show=_show() or None)
