"""Editing an own review, and dropping a pending or rejected edit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotFound, Refusal
from marketplace.core.extensions import db, now
from marketplace.guides.queries import guide_languages, guide_titles
from marketplace.i18n.dates import latest_date
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.reviews.labels import problem_message
from marketplace.reviews.models import Review, ReviewEdit
from marketplace.reviews.queries import own_review
from marketplace.reviews.risk.sightings import sender_network
from marketplace.reviews.writing.edits import (
    check_edit,
    drop_edit,
    edit_review,
    latest_content,
    reason_cannot_edit,
)
from marketplace.reviews.writing.forms import ReviewForm
from marketplace.reviews.writing.rules import ReviewDraft
from marketplace.web.forms import PageForm
from marketplace.web.security import access

bp = Blueprint("review_edits", __name__)


@bp.route("/account/reviews/<int:review_id>/edit/", methods=["GET", "POST"])
@access("confirmed")
def edit(review_id: int) -> Response | BaseResponse:
    """The form of a review with its content, its preview, and sending the change."""
    review = own_review(current_user.id, review_id)
    if request.method == "GET" and (refusal := reason_cannot_edit(review, current_user)):
        reason = problem_message(refusal)
        return _page("reviews/writing/edit_refused.html", review, status=refusal.status, reason=reason)
    form, start = ReviewForm(), latest_content(review)
    languages = (*interface_languages(), *guide_languages(), start.language)
    form.offer_choices(review.listing, languages=languages, today=latest_date(now()))
    form.fill(start)
    if request.method == "GET" or not form.validate():
        return _page("reviews/writing/edit.html", review, form=form)
    draft = form.read()
    try:
        if request.form.get("do") == "preview":
            check_edit(review, draft, author=current_user, now=now())
            return _page("reviews/writing/edit.html", review, form=form, preview=_preview(review, draft))
        pending = edit_review(review, draft, author=current_user, network=sender_network(), now=now())
    except NotFound:
        raise
    except Refusal as problem:
        db.session.rollback()
        form.show_refusal(problem)
        return _page("reviews/writing/edit.html", review, form=form)
    db.session.commit()
    flash(_sent_message(pending))
    return redirect(url_for("reviews.mine"))


@bp.route("/account/reviews/<int:review_id>/edit/drop/", methods=["GET", "POST"])
@access("member")
def drop(review_id: int) -> Response | BaseResponse:
    """Asks for confirmation, then drops the change."""
    review = own_review(current_user.id, review_id)
    if review.edit is None:
        flash(_("There is no longer a change to this review that you can discard."), "error")
        return redirect(url_for("reviews.mine"))
    form = PageForm()
    if not form.validate_on_submit():
        return _page("reviews/writing/edit_drop.html", review, form=form)
    try:
        drop_edit(review, actor=current_user)
    except Conflict:
        db.session.rollback()
        flash(_("There is no longer a change to this review that you can discard."), "error")
        return redirect(url_for("reviews.mine"))
    db.session.commit()
    flash(_("You have discarded your change. The review stays as it is."))
    return redirect(url_for("reviews.mine"))


def _sent_message(pending: Review | ReviewEdit) -> str:
    if isinstance(pending, ReviewEdit):
        return _(
            "A moderator will read your change, and then we’ll email you. Until then, we’ll show the "
            "published text."
        )
    return _("You have changed your review. A moderator will read the new text, and then we’ll email you.")


def _preview(review: Review, draft: ReviewDraft) -> dict[str, Any]:
    moment = now()
    return {
        **asdict(draft),
        "level": review.level,
        "published_at": review.published_at or moment,
        "edited_at": moment if review.published_at is not None else None,
        "author_name": current_user.name,
    }


def _page(template: str, review: Review, *, status: int | None = None, **context: Any) -> Response:
    listing = review.listing
    titles = guide_titles([listing.topic_id], address_language())
    page = render_template(
        template,
        review=review,
        listing=listing,
        guide=titles.get(listing.topic_id),
        action=url_for("review_edits.edit", review_id=review.id),
        **context,
    )
    return make_response(page, status or context["form"].status_code)
