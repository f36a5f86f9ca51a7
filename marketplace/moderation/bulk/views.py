"""Waiting reviews decided on together: those that look like one campaign, and those of a provider's lists of clients."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse
from wtforms import RadioField

from marketplace.core.errors import Invalid, NotFound, Refusal
from marketplace.core.extensions import db, find_row, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.listings.models import Listing
from marketplace.moderation.bulk.campaigns import Campaign, waiting_campaigns
from marketplace.moderation.bulk.labels import left_out_words, refusal_words, ties_words
from marketplace.moderation.bulk.services import Outcome, Pick, decide_together, reject_spam, without_pending
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS
from marketplace.moderation.decisions.undo_offer import offer_undo, undo_offer
from marketplace.moderation.models import ActionName
from marketplace.moderation.queue.invited import InvitedReviews, invited_reviews
from marketplace.web.fields import options
from marketplace.web.forms import PageForm
from marketplace.web.params import require_id
from marketplace.web.responses import form_page
from marketplace.web.security import access

bp = Blueprint("moderation_spam", __name__)


class SpamForm(PageForm):
    """One ground out of the short list; the first is chosen already."""

    ground = RadioField(_l("Ground"), validate_choice=False, default=SPAM_GROUNDS[0].code)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.ground.choices = options((ground.code, ground.label) for ground in SPAM_GROUNDS)

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return refusal_words(problem.code)


class TogetherForm(SpamForm):
    """What happens to the ticked reviews: published as they are, or rejected on a ground."""

    action = RadioField(
        _l("What should happen to the ticked reviews?"),
        choices=options(((ActionName.PUBLISH, _l("Publish them")), (ActionName.REJECT, _l("Reject them")))),
        validate_choice=False,
    )


@bp.route("/staff/spam/", methods=["GET", "POST"])
@access("moderator")
def spam() -> str | Response | BaseResponse:
    """The campaigns that wait; posted, what was ticked is rejected, and what changed meanwhile is named."""
    form = SpamForm()
    if request.method == "GET":
        return _page(form, waiting_campaigns())
    if not form.validate():
        return _page(form, waiting_campaigns())
    try:
        outcome = reject_spam(_picks(), actor=current_user, ground=form.ground.data, now=now())
    except Invalid as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(form, waiting_campaigns())
    _keep(outcome)
    return redirect(url_for("moderation_spam.spam"))


@bp.route("/staff/lists/<int:listing_id>/", methods=["GET", "POST"])
@access("moderator")
def invited(listing_id: int) -> str | Response | BaseResponse:
    """The lists of clients of a listing and the reviews that came of them; those that wait are decided on together."""
    listing = find_row(Listing, listing_id)
    found = invited_reviews(listing_id)
    if listing is None or not found.lists:
        raise NotFound
    form = TogetherForm()
    if request.method == "GET" or not form.validate():
        return _invited_page(form, listing, found)
    waiting = {review.id for review in found.waiting}
    picks = [pick for pick in _picks() if pick.review_id in waiting]
    try:
        outcome = decide_together(
            picks, actor=current_user, action=form.action.data or "", ground=form.ground.data, now=now()
        )
    except Invalid as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _invited_page(form, listing, found)
    _keep(outcome)
    return redirect(url_for("moderation_spam.invited", listing_id=listing_id))


def _invited_page(form: TogetherForm, listing: Listing, found: InvitedReviews) -> Response:
    return form_page(
        "moderation/bulk/invited.html",
        form,
        listing=listing,
        invited=found,
        waiting=without_pending(found.waiting),
        ticked=set(request.form.getlist("review")),
        titles=guide_titles([listing.topic_id], address_language()),
        undo=undo_offer(),
        words=words,
        now=now(),
    )


def _keep(outcome: Outcome) -> None:
    """Commit what was decided, offer to undo it, and name what was left out."""
    if outcome.decisions:
        offer_undo(outcome.decisions)
    db.session.commit()
    if outcome.left_out:
        count = len(outcome.left_out)
        names = "; ".join(left_out_words(outcome.left_out))
        told = ngettext(
            "One review was left out: %(names)s",
            "%(num)s reviews were left out: %(names)s",
            count,
            names=names,
        )
        flash(str(told), "error")


def _page(form: SpamForm, campaigns: list[Campaign]) -> Response:
    topics = [suspect.topic_id for campaign in campaigns for suspect in campaign.suspects]
    return form_page(
        "moderation/bulk/spam.html",
        form,
        campaigns=campaigns,
        ticked=set(request.form.getlist("review")),
        titles=guide_titles(topics, address_language()),
        ties_words=ties_words,
        undo=undo_offer(),
        words=words,
        now=now(),
    )


def _picks() -> list[Pick]:
    """What was ticked, each once. Raises `NotFound` for what is no tick of the page."""
    picks = {}
    for text in request.form.getlist("review"):
        number, _, version = text.partition("-")
        pick = Pick(require_id(number), require_id(version))
        picks[pick.review_id] = pick
    return list(picks.values())
