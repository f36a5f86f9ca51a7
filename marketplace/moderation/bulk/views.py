"""What waits decided on together: reviews that look like one campaign, those of a provider's lists of clients, and the
listings of a provider."""

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
from marketplace.moderation.bulk.campaigns import Campaign, clear_suspects, waiting_campaigns
from marketplace.moderation.bulk.labels import left_out_words, refusal_words, tie_words
from marketplace.moderation.bulk.offers import OFFER_KINDS, waiting_offers
from marketplace.moderation.bulk.services import Outcome, Pick, decide_together, reject_spam, without_pending
from marketplace.moderation.decisions import labels as words
from marketplace.moderation.decisions.grounds import SPAM_GROUNDS
from marketplace.moderation.decisions.undo_offer import offer_undo, undo_offer
from marketplace.moderation.kinds.listings import GROUNDS as LISTING_GROUNDS
from marketplace.moderation.models import ActionName
from marketplace.moderation.queue.invited import InvitedReviews, invited_reviews
from marketplace.providers.models import Provider
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
    """What happens to what was ticked: published as it is, or rejected on a ground."""

    action = RadioField(
        _l("What should happen to the ticked ones?"),
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
    picks = _picks("review")
    if request.form.get("do") == "clear" and picks:
        cleared = clear_suspects({pick.id: pick.version for pick in picks}, actor=current_user, now=now())
        db.session.commit()
        flash(
            ngettext(
                "One review is no spam. It is waiting in the queue.",
                "%(num)s reviews are no spam. They are waiting in the queue.",
                cleared,
            ),
            "success",
        )
        return redirect(url_for("moderation_spam.spam"))
    try:
        outcome = reject_spam(picks, actor=current_user, ground=form.ground.data, now=now())
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
    picks = [pick for pick in _picks("review") if pick.id in waiting]
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


class ListingsForm(TogetherForm):
    """The same for listings, with their grounds."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.ground.choices = options((ground.code, ground.label) for ground in LISTING_GROUNDS)


@bp.route("/staff/providers/<int:provider_id>/listings/", methods=["GET", "POST"])
@access("moderator")
def listings(provider_id: int) -> str | Response | BaseResponse:
    """The listings of a provider that wait, and changes of them, decided on together."""
    provider = find_row(Provider, provider_id)
    if provider is None:
        raise NotFound
    form = ListingsForm()
    if request.method == "GET" or not form.validate():
        return _listings_page(form, provider)
    waiting = {(offer.kind, offer.row_id) for offer in waiting_offers(provider_id, address_language())}
    picks = [pick for pick in _picks(*OFFER_KINDS) if (pick.kind, pick.id) in waiting]
    try:
        outcome = decide_together(
            picks,
            actor=current_user,
            action=form.action.data or "",
            ground=form.ground.data,
            now=now(),
            grounds=LISTING_GROUNDS,
        )
    except Invalid as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _listings_page(form, provider)
    _keep(outcome)
    return redirect(url_for("moderation_spam.listings", provider_id=provider_id))


def _listings_page(form: ListingsForm, provider: Provider) -> Response:
    offers = waiting_offers(provider.id, address_language())
    return form_page(
        "moderation/bulk/listings.html",
        form,
        provider=provider,
        offers=offers,
        ticked={(kind, value) for kind in OFFER_KINDS for value in request.form.getlist(kind)},
        titles=guide_titles([offer.topic_id for offer in offers], address_language()),
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
            "One was left out: %(names)s",
            "%(num)s were left out: %(names)s",
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
        tie_words=tie_words,
        undo=undo_offer(),
        words=words,
        now=now(),
    )


def _picks(*kinds: str) -> list[Pick]:
    """What was ticked of these kinds, each once. Raises `NotFound` for what is no tick of the page."""
    picks = {}
    for kind in kinds:
        for text in request.form.getlist(kind):
            number, _, version = text.partition("-")
            pick = Pick(kind, require_id(number), require_id(version))
            picks[kind, pick.id] = pick
    return list(picks.values())
