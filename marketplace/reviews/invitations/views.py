"""The provider's pages for inviting the clients of a period to review a listing."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.errors import Conflict, NotAllowed, NotFound, Refusal
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.dates import latest_date
from marketplace.i18n.languages import address_language
from marketplace.listings.models import Listing
from marketplace.listings.queries import own_listing
from marketplace.providers.desk.pages import desk_page, topic_name
from marketplace.providers.membership import own_provider
from marketplace.reviews.invitations.forms import InviteForm
from marketplace.reviews.invitations.inviting import (
    BATCH_LIMIT,
    OLDEST_PERIOD,
    SHORTEST_PERIOD_DAYS,
    Plan,
    invite_clients,
    plan_batch,
    require_inviting,
)
from marketplace.reviews.invitations.labels import UNREAD_REASONS
from marketplace.reviews.invitations.queries import batches_of, inviting_listings
from marketplace.reviews.invitations.tasks import ERASE_AFTER, REMIND_AFTER
from marketplace.reviews.risk.sightings import see_member, sender_network
from marketplace.web.limits import count_attempt
from marketplace.web.responses import too_many
from marketplace.web.security import access

bp = Blueprint("manage_invites", __name__)
# Each check of a list says how many on it get no mail: the limit keeps anybody from finding out who they are.
CHECKS = "40/hour"


@bp.get("/manage/<provider>/invitations/")
@access("member")
def overview(provider: str) -> Response:
    """The provider's listings with how many clients were invited, and its lists."""
    own = own_provider(current_user, provider)
    listings, batches = inviting_listings(own.id), batches_of(own.id)
    topics = {row.topic_id for row in (*listings, *batches)}
    return desk_page(
        "reviews/invitations/invitations.html",
        own,
        listings=listings,
        batches=batches,
        titles=guide_titles(list(topics), address_language()),
    )


@bp.route("/manage/<provider>/listings/<int:listing_id>/invite/", methods=["GET", "POST"])
@access("confirmed")
def invite(provider: str, listing_id: int) -> BaseResponse:
    """The form, the outcome of a list, and sending it."""
    listing = own_listing(current_user, provider, listing_id)
    try:
        require_inviting(listing, current_user)
    except (Conflict, NotAllowed) as refusal:
        return desk_page(
            "reviews/invitations/cannot_invite.html", listing.provider, refusal.status, listing=listing
        )
    form = InviteForm()
    form.offer_choices()
    if request.method == "GET":
        return _page(form, listing)
    if not form.validate():
        return _page(form, listing)
    return _answer(form, listing)


def _answer(form: InviteForm, listing: Listing) -> BaseResponse:
    secret = current_settings().secret_key
    try:
        clients = form.read()
        count_attempt(CHECKS, "invite", str(current_user.id))
        if request.form.get("do") != "send":
            plan = plan_batch(listing, clients, actor=current_user, secret=secret, now=now())
            return _page(form, listing, plan=plan)
        invite_clients(listing, clients, actor=current_user, secret=secret, now=now())
        see_member(current_user.id, sender_network(), now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(form, listing)
    except TooManyRequests as limit:
        form.refuse(None, _("You have checked too many lists in an hour. Wait a while, then try again."))
        return too_many(_page(form, listing), limit)
    db.session.commit()
    flash(
        _(
            "We have saved your list and are sending the emails. Clients who don’t reply get one "
            "reminder, after %(days)s days.",
            days=REMIND_AFTER.days,
        )
    )
    return redirect(url_for("manage_invites.overview", provider=listing.provider.slug))


def _page(form: InviteForm, listing: Listing, *, plan: Plan | None = None) -> Response:
    rules = {
        "shortest": SHORTEST_PERIOD_DAYS,
        "most": BATCH_LIMIT,
        "remind": REMIND_AFTER.days,
        "erase": ERASE_AFTER.days,
    }
    today = now().date()
    return desk_page(
        "reviews/invitations/invite.html",
        listing.provider,
        form=form,
        listing=listing,
        name=topic_name(listing.topic),
        plan=plan,
        rules=rules,
        first=(today - OLDEST_PERIOD).isoformat(),
        today=latest_date(now()).isoformat(),
        unread_reasons=UNREAD_REASONS,
    )
