"""Writing a review, and the member's reviews."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_languages, guide_titles
from marketplace.i18n.dates import latest_date
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.listings.models import KEEPS_PAGE, Listing
from marketplace.reviews import queries
from marketplace.reviews.eligibility import ineligibility, level_for, reviewable_listing
from marketplace.reviews.invitations.accepting import invite_for, returned_invite
from marketplace.reviews.invitations.labels import lost_invitation_message
from marketplace.reviews.invitations.models import Invite
from marketplace.reviews.labels import STATUS_LABELS, problem_message, rate_limit_message
from marketplace.reviews.proofs.services import is_provable
from marketplace.reviews.receipts.services import receipts_of
from marketplace.reviews.risk.sightings import sender_network
from marketplace.reviews.writing.drafts import draft_of, drop_draft, keep_draft
from marketplace.reviews.writing.edits import EDITABLE
from marketplace.reviews.writing.forms import ReviewForm
from marketplace.reviews.writing.redaction import is_covered
from marketplace.reviews.writing.rules import LIMIT_BY_ACCOUNT, LIMIT_BY_ADDRESS, ReviewDraft
from marketplace.reviews.writing.services import WITHDRAWABLE, check_draft, withdraw_review, write_review
from marketplace.reviews.writing.versions import MAY_HAVE_EDITS, earlier_versions, edits_of
from marketplace.web.errors import kept_fields
from marketplace.web.forms import PageForm
from marketplace.web.limits import client_network, count_attempt
from marketplace.web.params import require_id
from marketplace.web.responses import form_page, too_many
from marketplace.web.security import access

bp = Blueprint("reviews", __name__)


@bp.get("/account/reviews/")
@access("member")
def mine() -> str:
    """The member's reviews with their status."""
    reviews = queries.my_reviews(current_user.id)
    titles = guide_titles([row.topic_id for row in reviews], address_language())
    ids = [row.id for row in reviews]
    return render_template(
        "reviews/writing/mine.html",
        reviews=reviews,
        titles=titles,
        kept_statuses=KEEPS_PAGE,
        withdrawable=WITHDRAWABLE,
        editable=EDITABLE,
        edits=edits_of([row.id for row in reviews if row.status in MAY_HAVE_EDITS]),
        versions=earlier_versions(ids),
        is_covered=is_covered,
        is_provable=is_provable,
        status_labels=STATUS_LABELS,
        receipts=receipts_of(current_user.id, now()),
    )


@bp.route("/account/reviews/new/", methods=["GET", "POST"])
@access("member")
def write() -> Response | BaseResponse:
    """The form of a review, its preview, and sending it. Before the address is confirmed what is sent is kept as a draft."""
    listing = _requested_listing()
    if current_user.confirmed_at is None:
        return _write_draft(listing)
    token = request.args.get("invitation", "")
    if request.method == "GET" and (refusal := ineligibility(listing, current_user, now())):
        reason = problem_message(refusal)
        return _page("reviews/writing/refused.html", listing, status=refusal.status, reason=reason)
    invite, lost = _requested_invite(listing, token)
    if request.method == "GET" and lost is not None:
        return redirect(url_for("invitation.accept", token=token))
    draft_fields = draft_of(current_user, listing) if request.method == "GET" else None
    form = _form(listing, draft_fields)
    level = level_for(listing, current_user, invited=invite is not None)

    def page(**context: Any) -> Response:
        kept = draft_fields is not None
        shown = {
            "form": form,
            "level": level,
            "invitation": token if invite else None,
            "kept": kept,
            **context,
        }
        return _page("reviews/writing/write.html", listing, **shown)

    if request.method == "GET" or not form.validate():
        return page()
    if lost is not None:
        form.refuse(None, lost_invitation_message(lost), status=lost.status)
        return page()
    try:
        draft = form.read()
        if request.form.get("do") == "preview":
            check_draft(listing, draft, author=current_user, now=now())
            return page(preview=_preview(draft, level))
        network = sender_network()
        write_review(listing, draft, author=current_user, network=network, now=now(), invite=invite)
        count_review(current_user.id)
        drop_draft(current_user, listing)
    except NotFound:
        raise
    except Refusal as problem:
        form.show_refusal(problem)
        return page()
    except TooManyRequests as problem:
        db.session.rollback()
        form.refuse(None, rate_limit_message(int(str(problem.retry_after))))
        return too_many(page(), problem)
    db.session.commit()
    flash(
        _("Thank you. A moderator will read your review within two working days, and then we’ll email you.")
    )
    return redirect(url_for("reviews.mine"))


def _form(listing: Listing, kept: list[tuple[str, str]] | None) -> ReviewForm:
    form = ReviewForm() if kept is None else ReviewForm(MultiDict(kept))
    languages = (*interface_languages(), *guide_languages())
    form.offer_choices(listing, languages=languages, today=latest_date(now()))
    return form


def _write_draft(listing: Listing) -> Response | BaseResponse:
    """The form for somebody whose address is not confirmed yet; what is sent is kept, and waits where the link leads."""
    if request.method == "GET":
        kept = draft_of(current_user, listing)
        level = level_for(listing, current_user, invited=False)
        return _page(
            "reviews/writing/write.html", listing, form=_form(listing, kept), level=level, unconfirmed=True
        )
    if not keep_draft(current_user, listing, kept_fields(), now=now()):
        form = _form(listing, None)
        form.validate()  # says which text is too long, and gives it back
        level = level_for(listing, current_user, invited=False)
        return _page("reviews/writing/write.html", listing, form=form, level=level, unconfirmed=True)
    db.session.commit()
    flash(
        _("We have kept your review. Confirm your email address, and the link leads you back to send it."),
        "success",
    )
    back = url_for("reviews.write", listing=listing.id, invitation=request.args.get("invitation") or None)
    return redirect(url_for("security.send_confirmation", next=back), 303)


@bp.route("/account/reviews/<int:review_id>/withdraw/", methods=["GET", "POST"])
@access("member")
def withdraw(review_id: int) -> Response | BaseResponse:
    """Asks for confirmation, then withdraws the review."""
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


def count_review(author_id: int) -> None:
    """Count one review that is sent; previews and mistakes do not count. Raises werkzeug's `TooManyRequests` with the
    seconds to wait."""
    count_attempt(LIMIT_BY_ACCOUNT, "reviews.write", "account", str(author_id))
    count_attempt(LIMIT_BY_ADDRESS, "reviews.write", "address", client_network())


def _requested_listing() -> Listing:
    return reviewable_listing(require_id(request.args.get("listing", "")))


def _requested_invite(listing: Listing, token: str) -> tuple[Invite | None, Refusal | None]:
    """The invitation in the query string, or why it cannot be used; without one, an earlier invitation that still counts."""
    if not token:
        return returned_invite(listing.id, current_user, now()), None
    secret = current_settings().secret_key
    try:
        found = invite_for(token, author=current_user, secret=secret, now=now(), listing_id=listing.id)
    except Refusal as refusal:
        return None, refusal
    return found, None


def _preview(draft: ReviewDraft, level: str) -> dict[str, Any]:
    return {**asdict(draft), "level": level, "published_at": now(), "author_name": current_user.name}


def _page(template: str, listing: Listing, *, status: int | None = None, **context: Any) -> Response:
    titles = guide_titles([listing.topic_id], address_language())
    page = render_template(template, listing=listing, guide=titles.get(listing.topic_id), **context)
    return make_response(page, status or context["form"].status_code)
