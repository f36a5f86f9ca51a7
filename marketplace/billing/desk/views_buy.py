"""The provider's pages for buying a placement: choose what to feature, see the preview and price, pay or join the list."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.billing.alarms import alarm_on_rejected_key
from marketplace.billing.desk.checkout import (
    allow_stripe_form_targets,
    checkout_url,
    claim_with_kind,
)
from marketplace.billing.desk.forms import BuyForm
from marketplace.billing.desk.signals import preview_of
from marketplace.billing.models import Placement
from marketplace.billing.placements import labels, queries
from marketplace.billing.placements.prices import price_of, prices
from marketplace.billing.placements.scopes import (
    PlacementOrder,
    country_order,
    country_scope,
    listing_order,
    scope_label,
    scope_labels,
    topic_scope,
)
from marketplace.billing.placements.slots import free_slots, live_placement, taken_slots
from marketplace.billing.placements.visibility import hidden_reason
from marketplace.billing.placements.waiting import join_waiting_list, open_wait, position
from marketplace.billing.statuses import LIVE
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.stripe.gateway import gateway_if_any
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import db, now
from marketplace.guides.queries import topic_by_key
from marketplace.i18n.languages import address_language
from marketplace.listings.desk.rows import preview_rows
from marketplace.listings.models import ListingStatus
from marketplace.listings.queries import own_listing
from marketplace.listings.services import listing_for
from marketplace.listings.terms import terms_of
from marketplace.providers.desk.pages import desk_page
from marketplace.providers.membership import own_provider, providers_of, require_member
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.web.params import requested_id
from marketplace.web.security import access

bp = Blueprint("placements_buy", __name__)


bp.before_request(allow_stripe_form_targets)


@bp.get("/manage/placements/new/")
@access("confirmed")
def start() -> str | BaseResponse:
    """From an empty table or a country's page (`?topic=<key>`, `?country=<folder>`) to buying; a member without a provider
    registers first."""
    topic = request.args.get("topic") or None
    country = request.args.get("country") or None
    managed = providers_of(current_user)
    providers = [one for one in managed if one.status in (ProviderStatus.ACTIVE, ProviderStatus.PENDING)]
    suspended = [one for one in managed if one.status == ProviderStatus.SUSPENDED]
    if not providers and suspended:
        flash(labels.error_message("provider_suspended"), "error")
        return redirect(url_for("placements.overview", provider=suspended[0].slug))
    if not providers:
        flash(_("Register and say what you offer first. Then you can have it featured."))
        return redirect(url_for("manage_provider.register", topic=topic))
    if len(providers) > 1:
        return render_template(
            "billing/desk/choose_provider.html", providers=providers, topic=topic, country=country
        )
    slug = providers[0].slug
    return redirect(url_for("placements_buy.new", provider=slug, topic=topic, country=country))


@bp.route("/manage/<provider>/placements/new/", methods=["GET", "POST"])
@access("confirmed")
def new(provider: str) -> BaseResponse:
    """Buy a placement for `?listing=<id>`, `?topic=<key>` or `?country=<folder>`; without them, the list to choose from."""
    own = own_provider(current_user, provider)
    if gateway_if_any() is None:
        return redirect(
            url_for("placements.overview", provider=own.slug)
        )  # which says that nothing is on sale
    if request.args.get("topic"):
        return _for_topic(own, request.args["topic"])
    order = _order(own)
    if order is None:
        return _choose(own)
    form = BuyForm()
    price = price_of(order.country)
    if price is None:
        raise NotFound("not_sold")
    there = live_placement(order.scope, own.id)
    form.offer(price, there.kind if there is not None else None)
    if request.method == "GET":
        return _page(order, form)
    if not form.validate():
        return _page(order, form)
    try:
        if request.form.get("do") == "wait":
            return _wait(order, form)
        return _buy(order, form)
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.show_refusal(refusal)
        return _page(order, form)


def _for_topic(own: Provider, key: str) -> BaseResponse:
    """A topic's placement is bought for a published listing; without one, redirect to the listing."""
    listing = listing_for(own, topic_by_key(key).id)
    if listing is None:
        flash(_("Say what you offer first. Once a moderator has published it, you can have it featured."))
        return redirect(url_for("manage_listing.new", provider=own.slug, topic=key))
    if listing.status != ListingStatus.PUBLISHED:
        flash(_("This listing is not published yet. Once it is, you can have it featured."))
        return redirect(url_for("manage_listing.edit", provider=own.slug, listing_id=listing.id))
    return redirect(url_for("placements_buy.new", provider=own.slug, listing=listing.id))


def _order(own: Provider) -> PlacementOrder | None:
    listing_id, country = requested_id("listing"), request.args.get("country", "")
    if listing_id is not None:
        return listing_order(own, own_listing(current_user, own.slug, listing_id))
    return country_order(own, country) if country else None


def _buy(order: PlacementOrder, form: BuyForm) -> BaseResponse:
    kind = form.kind.data or ""
    require_member(current_user, order.provider)
    try:
        with alarm_on_rejected_key(now()):
            placement = claim_with_kind(order, kind)
            if placement.is_paid:
                db.session.rollback()
                return redirect(_address(placement), code=303)
            db.session.commit()
            return redirect(checkout_url(placement), code=303)
    except GatewayError as error:
        db.session.rollback()
        form.refuse(None, labels.gateway_error_message(error), status=503)
        return _page(order, form)


def _address(placement: Placement) -> str:
    return url_for("placements.placement", provider=placement.provider.slug, placement_id=placement.id)


def _wait(order: PlacementOrder, form: BuyForm) -> BaseResponse:
    join_waiting_list(actor=current_user, order=order, kind=form.kind.data or "month", now=now())
    db.session.commit()
    flash(
        _(
            "You are on the waiting list. We will email you when a slot is available. You pay "
            "nothing until you take it."
        )
    )
    return redirect(url_for("placements.overview", provider=order.provider.slug), code=303)


def _page(order: PlacementOrder, form: BuyForm) -> Response:
    own, listing = order.provider, order.listing
    price = price_of(order.country)
    assert price is not None
    slots = price.slots(order.scope)
    waits = open_wait(order.scope, own.id)
    featured = [] if listing else queries.provider_on_country(order.country, own.id, now().date())
    return desk_page(
        "billing/desk/buy.html",
        own,
        order=order,
        listing=listing,
        place=scope_label(order.scope, address_language()),
        price=price,
        slots=slots,
        free=free_slots(order.scope, slots),
        live=live_placement(order.scope, own.id),
        waits=waits,
        position=position(waits) if waits is not None else None,
        obstacle=hidden_reason(own.id, order.listing_id, order.country, now()),
        row=preview_of(listing) if listing else None,
        preview=preview_rows(listing.topic_id, terms_of(listing)) if listing else [],
        featured=featured,
        stripe=gateway_if_any(),
        form=form,
        labels=labels,
    )


def _choose(own: Provider) -> Response:
    listings = queries.sellable_listings(own.id, now().date())
    sold = {price.country: price for price in prices() if price_of(price.country) is not None}
    countries = [country for country in queries.served_countries(own.id, now().date()) if country in sold]
    scopes = [
        *(topic_scope(listing.topic_id) for listing in listings),
        *(country_scope(country) for country in countries),
    ]
    own_placements = {
        one.scope: one for one in queries.provider_placements(own.id, now()) if one.state in LIVE
    }
    waits = {entry.scope: entry for entry in queries.provider_waits(own.id)}
    return desk_page(
        "billing/desk/choose.html",
        own,
        listings=listings,
        countries=countries,
        prices=sold,
        places=scope_labels(scopes, address_language()),
        taken=taken_slots(scopes),
        own_placements=own_placements,
        waits=waits,
        somewhere=bool(sold),
        topic_scope=topic_scope,
        country_scope=country_scope,
        stripe=gateway_if_any(),
        labels=labels,
    )
