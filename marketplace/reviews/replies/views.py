"""The provider's pages: the reviews it received, and its reply to each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db, now
from marketplace.guides.queries import guide_languages, guide_titles
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.providers.desk.pages import Need, desk_page, topic_name
from marketplace.providers.membership import own_provider
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.reviews.models import Review
from marketplace.reviews.replies import queries
from marketplace.reviews.replies.forms import STATUS_LABELS, ReplyForm, WithdrawForm, reply_problem_message
from marketplace.reviews.replies.models import Reply, ReplyStatus
from marketplace.reviews.replies.services import (
    check_may_reply,
    check_reply,
    edit_reply,
    reply_to,
    withdraw_reply,
    write_reply,
)
from marketplace.web.paging import cursor_page, read_cursor, write_cursor
from marketplace.web.security import access

bp = Blueprint("replies", __name__)


@bp.get("/manage/<provider>/reviews/")
@access("member")
def reviews(provider: str) -> Response:
    """The published reviews of a provider's listings, newest first, with the status of each reply."""
    own = own_provider(current_user, provider)
    show, before = request.args.get("show", ""), request.args.get("before") or None
    if show and show not in queries.FILTERS:
        raise NotFound("no_such_filter")
    cursor = read_cursor(before) if before else None
    rows = queries.desk_reviews(own.id, show=show, before=cursor, limit=queries.PAGE_SIZE + 1)
    page = cursor_page(rows, queries.PAGE_SIZE, lambda row: write_cursor(row.published_at, row.id))
    return desk_page(
        "reviews/replies/received.html",
        own,
        rows=page.rows,
        show=show,
        before=before,
        more=page.next,
        total=queries.count_reviews(own.id, show=show),
        titles=guide_titles([row.topic_id for row in page.rows], address_language()),
        status_labels=STATUS_LABELS,
    )


@bp.route("/manage/<provider>/reviews/<int:review_id>/reply/", methods=["GET", "POST"])
@access("confirmed")
def reply(provider: str, review_id: int) -> BaseResponse:
    """The form of a reply, its preview, and sending it."""
    own = own_provider(current_user, provider)
    review = queries.received_review(own.id, review_id)
    check_may_reply(review, current_user)
    answer = reply_to(review.id)
    form = ReplyForm()
    form.offer(answer, (*interface_languages(), *guide_languages()))
    if request.method == "GET":
        return _page(own, review, answer, form)
    if not form.validate():
        return _page(own, review, answer, form)
    text, language = form.text.data or "", form.language.data or ""
    try:
        if request.form.get("do") == "preview":
            return _page(own, review, answer, form, preview=check_reply(text, language))
        sent = _send(review, answer, form, text, language)
    except (Conflict, Invalid) as refusal:
        db.session.rollback()
        return _refused(own, review_id, form, refusal)
    db.session.commit()
    flash(_said(sent))
    return redirect(url_for("replies.reviews", provider=own.slug, _anchor=f"review-{review_id}"))


@bp.route("/manage/<provider>/reviews/<int:review_id>/reply/withdraw/", methods=["GET", "POST"])
@access("confirmed")
def withdraw(provider: str, review_id: int) -> BaseResponse:
    """Asks for confirmation, then withdraws the reply."""
    own = own_provider(current_user, provider)
    review = queries.received_review(own.id, review_id)
    answer = reply_to(review.id)
    if answer is None or answer.status == ReplyStatus.WITHDRAWN:
        raise NotFound
    form = WithdrawForm()
    if not form.validate_on_submit():
        form.version.data, form.version.raw_data = answer.version, None
        return desk_page("reviews/replies/withdraw_reply.html", own, review=review, reply=answer, form=form)
    try:
        withdraw_reply(answer, actor=current_user, version=form.version.data or 0, now=now())
    except Conflict as refusal:
        db.session.rollback()
        flash(reply_problem_message(refusal), "error")
        return redirect(url_for("replies.reviews", provider=own.slug, _anchor=f"review-{review_id}"))
    db.session.commit()
    flash(_("You have withdrawn your reply. It is no longer shown."))
    return redirect(url_for("replies.reviews", provider=own.slug, _anchor=f"review-{review_id}"))


def _send(review: Review, answer: Reply | None, form: ReplyForm, text: str, language: str) -> Reply:
    version = form.version.data or 0
    if answer is None or version == 0:
        return write_reply(review, actor=current_user, text=text, language=language, now=now())
    return edit_reply(answer, actor=current_user, text=text, language=language, version=version, now=now())


def _said(sent: Reply) -> str:
    if sent.status == ReplyStatus.PUBLISHED:
        return _("Your reply stays as it is shown. There is nothing for a moderator to read.")
    return _("Reply sent. A moderator will read it within two working days, and then we’ll email you.")


def _refused(own: Provider, review_id: int, form: ReplyForm, refusal: Conflict | Invalid) -> Response:
    """The form again with what was typed; after somebody else's change with the current reply, status 409."""
    review = queries.received_review(own.id, review_id)
    answer = reply_to(review.id)
    if isinstance(refusal, Conflict):
        form.remember(answer)
        form.refusal_status = refusal.status
        return _page(own, review, answer, form, conflict=True)
    form.show_refusal(refusal)
    return _page(own, review, answer, form)


def _page(own: Provider, review: Review, answer: Reply | None, form: ReplyForm, **context: Any) -> Response:
    return desk_page(
        "reviews/replies/reply.html",
        own,
        review=review,
        reply=answer,
        name=topic_name(review.listing.topic),
        form=form,
        now=now(),
        status_labels=STATUS_LABELS,
        **context,
    )


def review_needs(sender: Any, *, provider: Provider) -> list[Need]:
    """What awaits the provider: new and critical reviews without a reply, and rejected replies. One query."""
    if provider.status != ProviderStatus.ACTIVE:
        return []
    waiting, refused = queries.count_waiting(provider.id)
    needs = []
    if refused:
        title = ngettext("A reply was not accepted", "%(num)s replies were not accepted", refused)
        text = _("Read why, change it and send it again.")
        needs.append(_need(provider, str(title), str(text), str(_("Correct it")), refused, show="refused"))
    if waiting:
        title = ngettext(
            "One review is waiting for your reply", "%(num)s reviews are waiting for your reply", waiting
        )
        text = _(
            "New reviews, and those with three stars or fewer. Everyone can see your reply, but a moderator reads it first."
        )
        needs.append(_need(provider, str(title), str(text), str(_("See them")), waiting, show="waiting"))
    return needs


def _need(provider: Provider, title: str, text: str, button: str, count: int, *, show: str) -> Need:
    address = url_for("replies.reviews", provider=provider.slug, show=show)
    return Need("reviews", title, text, address, button, count=count)
