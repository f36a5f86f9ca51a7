"""Writing a review, and the member's reviews."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_languages, guide_titles
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.listings.models import Listing
from marketplace.reviews import queries
from marketplace.reviews.eligibility import obstacle, reviewable_listing
from marketplace.reviews.invitations.accepting import invite_for, kept_invite
from marketplace.reviews.invitations.labels import lost_words
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.labels import problem_words, status_words, wait_words
from marketplace.reviews.levels import level_for
from marketplace.reviews.proofs.services import is_provable
from marketplace.reviews.receipts.services import receipts_of
from marketplace.reviews.writing.edits import EDITABLE
from marketplace.reviews.writing.forms import ReviewForm
from marketplace.reviews.writing.history import MAY_HAVE_EDITS, earlier_versions, edits_of, is_covered
from marketplace.reviews.writing.limits import count_review, sender_network
from marketplace.reviews.writing.rules import Draft
from marketplace.reviews.writing.services import WITHDRAWABLE, check_draft, withdraw_review, write_review
from marketplace.web.forms import PageForm
from marketplace.web.params import require_id
from marketplace.web.responses import form_page, too_many
from marketplace.web.security import access

bp = Blueprint("reviews", __name__)


@bp.get("/account/reviews/")
@access("member")
def mine() -> str:
    """The member's reviews with what became of them."""
    reviews = queries.my_reviews(current_user.id)
    titles = guide_titles([row.topic_id for row in reviews], address_language())
    ids = [row.id for row in reviews]
    return render_template(
        "reviews/writing/mine.html",
        reviews=reviews,
        titles=titles,
        withdrawable=WITHDRAWABLE,
        editable=EDITABLE,
        edits=edits_of([row.id for row in reviews if row.status in MAY_HAVE_EDITS]),
        versions=earlier_versions(ids),
        is_covered=is_covered,
        is_provable=is_provable,
        status_words=status_words,
        receipts=receipts_of(current_user.id, now()),
    )


@bp.route("/account/reviews/new/", methods=["GET", "POST"])
@access("confirmed")
def write() -> Response | BaseResponse:
    """The form of a review, its preview, and sending it."""
    listing = _asked_listing()
    refusal = obstacle(listing, current_user, now())
    if request.method == "GET" and refusal is not None:
        return _page(
            "reviews/writing/refused.html", listing, status=refusal.status, reason=problem_words(refusal)
        )
    token = request.args.get("invitation", "")
    invite, lost = _asked_invite(listing, token)
    if request.method == "GET" and lost is not None:
        return redirect(url_for("invitation.accept", token=token))
    form = ReviewForm()
    form.offer_choices(listing, languages=(*interface_languages(), *guide_languages()), today=now().date())
    shown: dict[str, Any] = {"form": form, "invitation": token if invite else None}
    shown["level"] = level_for(listing, current_user, invited=invite is not None)
    if request.method == "GET":
        return _page("reviews/writing/write.html", listing, **shown)
    if not form.validate():
        return _page("reviews/writing/write.html", listing, **shown)
    if lost is not None:
        form.refuse(None, lost_words(lost), status=lost.status)
        return _page("reviews/writing/write.html", listing, **shown)
    try:
        draft = _checked(form, listing)
    except NotFound:
        raise
    except Refusal as problem:
        form.show_refusal(problem)
        return _page("reviews/writing/write.html", listing, **shown)
    if request.form.get("do") == "preview":
        return _page("reviews/writing/write.html", listing, **shown, preview=_preview(draft, shown["level"]))
    try:
        count_review(current_user.id)
    except TooManyRequests as problem:
        return _too_many(listing, problem, shown)
    write_review(
        listing, author=current_user, network=sender_network(), now=now(), invite=invite, **asdict(draft)
    )
    db.session.commit()
    flash(
        _("Thank you. A moderator will read your review within two working days, and then we’ll email you.")
    )
    return redirect(url_for("reviews.mine"))


@bp.route("/account/reviews/<int:review_id>/withdraw/", methods=["GET", "POST"])
@access("member")
def withdraw(review_id: int) -> Response | BaseResponse:
    """Asks once more, then takes the review back."""
    review = queries.own_review(current_user.id, review_id)
    form = PageForm()
    if not form.validate_on_submit():
        titles = guide_titles([review.listing.topic_id], address_language())
        return form_page("reviews/writing/withdraw.html", form, review=review, titles=titles)
    try:
        withdraw_review(review, actor=current_user, now=now())
    except Conflict:
        db.session.rollback()
        flash(_("You can no longer withdraw this review."), "error")
        return redirect(url_for("reviews.mine"))
    db.session.commit()
    flash(_("You have withdrawn your review. It is no longer shown."))
    return redirect(url_for("reviews.mine"))


def _asked_listing() -> Listing:
    return reviewable_listing(require_id(request.args.get("listing", "")))


def _checked(form: ReviewForm, listing: Listing) -> Draft:
    draft, unread = form.read()
    check_draft(listing, draft, author=current_user, now=now(), unread=unread)
    return draft


def _too_many(listing: Listing, problem: TooManyRequests, shown: dict[str, Any]) -> Response:
    """The form with all that was typed, and how long to wait."""
    seconds = problem.retry_after
    assert isinstance(seconds, int)
    shown["form"].refuse(None, wait_words(seconds))
    return too_many(_page("reviews/writing/write.html", listing, **shown), problem)


def _asked_invite(listing: Listing, token: str) -> tuple[Invite | None, Refusal | None]:
    """The invitation that the address carries, or why it cannot be used; neither where it carries none."""
    if not token:
        return kept_invite(listing.id, current_user, now()), None
    secret = current_settings().secret_key
    try:
        found = invite_for(token, author=current_user, secret=secret, now=now(), listing_id=listing.id)
    except Refusal as refusal:
        return None, refusal
    return found, None


def _preview(draft: Draft, level: str) -> dict[str, Any]:
    return {**asdict(draft), "level": level, "published_at": now(), "author_name": current_user.name}


def _page(template: str, listing: Listing, *, status: int | None = None, **context: Any) -> Response:
    titles = guide_titles([listing.topic_id], address_language())
    page = render_template(template, listing=listing, guide=titles.get(listing.topic_id), **context)
    return make_response(page, status or context["form"].status_code)
