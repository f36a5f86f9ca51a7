"""The page on which a member says that a review helped: public pages carry no form, so it is one of its own."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import NotAllowed
from marketplace.core.extensions import db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.reviews.models import LEVELS, Review
from marketplace.reviews.queries import ORDERS
from marketplace.reviews.votes.services import (
    count_votes,
    has_voted,
    remove_vote,
    shown_review,
    vote_helpful,
    vote_ineligibility,
)
from marketplace.web.forms import PageForm
from marketplace.web.limits import count_attempt
from marketplace.web.paging import is_page_number
from marketplace.web.responses import too_many
from marketplace.web.security import access

bp = Blueprint("votes", __name__)
VOTES = "60/hour"
REFUSALS = {
    "unconfirmed": _l("Confirm your email address first. We sent you a link."),
    "own_review": _l("You wrote this review, so other people say whether it helps."),
    "own_provider": _l("You belong to this provider, so you cannot say which of its reviews help."),
    "same_owner": _l("You belong to a provider with the same owner, so you cannot vote here."),
    "rival": _l("You belong to a provider for the same procedure, so you cannot vote here."),
    "too_many": _l(
        "You have voted too many times in an hour, so this vote was not counted. Come back a little later."
    ),
}


@bp.route("/account/reviews/<int:review_id>/helpful/", methods=["GET", "POST"])
@access("confirmed")
def helpful(review_id: int) -> Response | BaseResponse:
    """The review and one button; the query string is that of the listing's page, to which the reader returns."""
    review = shown_review(review_id)
    voted = has_voted(review.id, current_user.id)
    refusal = None if voted else vote_ineligibility(review, current_user)
    if refusal is not None:
        return _page(review, refusal.status, reason=REFUSALS[refusal.code])
    form = PageForm()
    if not form.validate_on_submit():
        return _page(review, form.status_code, form=form, voted=voted)
    try:
        count_attempt(VOTES, "helpful", str(current_user.id))
    except TooManyRequests as limit:
        return too_many(_page(review, 429, reason=REFUSALS["too_many"]), limit)
    try:
        _vote(review, back=request.form.get("do") == "back")
    except NotAllowed as changed:  # the member joined a provider since the page was asked for
        db.session.rollback()
        return _page(review, changed.status, reason=REFUSALS[changed.code])
    db.session.commit()
    return redirect(_listing_address(review))


def _vote(review: Review, *, back: bool) -> None:
    if back:
        remove_vote(review.id, voter=current_user)
        flash(_("You have withdrawn your vote. The number on the page will update within minutes."))
    else:
        vote_helpful(review.id, voter=current_user, now=now())
        flash(_("Thank you. The number on the page will update within minutes."))


def _page(review: Review, status: int, **context: Any) -> Response:
    page = render_template(
        "reviews/votes/helpful.html",
        review=review,
        count=count_votes(review.id),
        back=_listing_address(review),
        here=_here(),
        **context,
    )
    return make_response(page, status)


def _listing_address(review: Review) -> str:
    """The listing's page as the reader left it, at the review; without any guide, the provider's page."""
    listing = review.listing
    guide = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    if guide is None:
        return url_for("provider_pages.provider", slug=listing.provider.slug)
    return url_for(
        "listing_pages.listing",
        country=guide.country,
        stem=guide.stem,
        provider=listing.provider.slug,
        _language=guide.language,
        _anchor=f"review-{review.id}",
        **_here(),
    )


def _here() -> dict[str, Any]:
    """The parts of the query string that belong to the listing's page; nothing else is passed on."""
    asked = request.args
    known = {
        "order": asked.get("order", "") in ORDERS,
        "level": asked.get("level", "") in LEVELS,
        "rating": asked.get("rating", "") in {"1", "2", "3", "4", "5"},
        "page": is_page_number(asked.get("page", "")),
    }
    return {name: asked[name] for name, fits in known.items() if fits}
