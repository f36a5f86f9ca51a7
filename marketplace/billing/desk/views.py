"""The provider's pages about its placements: states, receipts, waiting lists, Stripe's portal."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from marketplace.billing.alarms import alarm_on_rejected_key
from marketplace.billing.desk.checkout import allow_stripe_form_targets, checkout_url
from marketplace.billing.models import PaymentEntry, Placement, PlacementWait
from marketplace.billing.placements import labels, queries
from marketplace.billing.placements.prices import prices
from marketplace.billing.placements.scopes import scope_labels
from marketplace.billing.placements.services import own_placement
from marketplace.billing.placements.waiting import leave_waiting_list, position
from marketplace.billing.statuses import PlacementState
from marketplace.billing.stripe.client import GatewayError
from marketplace.billing.stripe.gateway import gateway, gateway_if_any
from marketplace.billing.sync.customers import own_customer
from marketplace.billing.sync.refunds import receipt_url
from marketplace.billing.sync.sessions import cancel_checkout, end_canceled
from marketplace.core.errors import NotFound, Refusal
from marketplace.core.extensions import db, find_row, now
from marketplace.i18n.languages import address_language
from marketplace.providers.desk.pages import desk_page
from marketplace.providers.membership import own_provider, require_member
from marketplace.web.forms import PageForm
from marketplace.web.params import read_id
from marketplace.web.responses import flash_stale_page
from marketplace.web.security import access

bp = Blueprint("placements", __name__)


bp.before_request(allow_stripe_form_targets)


@bp.get("/manage/<provider>/placements/")
@access("member")
def overview(provider: str) -> Response:
    """All placements of a provider, its waiting entries and its receipts."""
    own = own_provider(current_user, provider)
    placements = queries.provider_placements(own.id, now())
    waits = queries.provider_waits(own.id)
    receipts = queries.provider_receipts(own.id)
    scopes = [
        *(one.scope for one in placements),
        *(entry.scope for entry in waits),
        *(entry.placement.scope for entry in receipts),
    ]
    return desk_page(
        "billing/desk/overview.html",
        own,
        placements=placements,
        waits=[(entry, position(entry)) for entry in waits],
        receipts=receipts,
        places=scope_labels(scopes, address_language()),
        customer=own_customer(own.id),
        back=request.args.get("back") == "portal",
        version=queries.combined_version(own.id),
        sold=bool(prices()) and gateway_if_any() is not None,
        stripe=gateway_if_any(),
        form=PageForm(),
        labels=labels,
    )


@bp.get("/manage/<provider>/placements/state/")
@access("member")
def state_of_all(provider: str) -> Response:
    """The version of all placements, which the open list polls after a visit to the portal."""
    return jsonify(version=queries.combined_version(own_provider(current_user, provider).id))


@bp.get("/manage/<provider>/placements/<int:placement_id>/")
@access("member")
def placement(provider: str, placement_id: int) -> Response:
    """One placement. Stripe sends the buyer back here, which proves nothing about the payment."""
    own = own_placement(current_user, provider, placement_id)
    return _page(own, PageForm())


@bp.get("/manage/<provider>/placements/<int:placement_id>/state/")
@access("member")
def state(provider: str, placement_id: int) -> Response:
    """The placement's version, which the open page polls."""
    own = own_placement(current_user, provider, placement_id)
    return jsonify(version=own.version)


@bp.route(
    "/manage/<provider>/placements/<int:placement_id>/<any(pay, drop, end):move>/", methods=["GET", "POST"]
)
@access("confirmed")
def move(provider: str, placement_id: int, move: str) -> BaseResponse:
    """Go to the payment page, give up the slot, or end a cancelled placement at once. GET, as after a reload, only
    shows the placement."""
    own = own_placement(current_user, provider, placement_id)
    if request.method == "GET":
        return redirect(url_for("placements.placement", provider=provider, placement_id=placement_id))
    form = PageForm()
    if not form.validate_on_submit():
        return _page(own, form)
    try:
        with alarm_on_rejected_key(now()):
            if move == "pay":
                require_member(current_user, own.provider)
                return redirect(checkout_url(own), code=303)
            if move == "end":
                require_member(current_user, own.provider)
                if end_canceled(own.id, gateway=gateway(), now=now()):
                    flash(_("The placement has ended. Nothing more will be charged."))
                return redirect(
                    url_for("placements.placement", provider=provider, placement_id=placement_id), code=303
                )
            given_up = cancel_checkout(own.id, gateway=gateway(), now=now())
    except GatewayError as error:
        db.session.rollback()
        form.refuse(None, labels.gateway_error_message(error), status=503)
        return _page(own_placement(current_user, provider, placement_id), form)
    except NotFound:
        raise
    except Refusal as refusal:
        db.session.rollback()
        form.refuse(None, labels.error_message(refusal.code), status=refusal.status)
        return _page(own_placement(current_user, provider, placement_id), form)
    if not given_up:  # paid meanwhile, or processing: the page shows the state
        return redirect(
            url_for("placements.placement", provider=provider, placement_id=placement_id), code=303
        )
    flash(_("You gave up the slot. Nothing was charged."))
    return redirect(url_for("placements.overview", provider=provider), code=303)


@bp.post("/manage/<provider>/placements/portal/")
@access("confirmed")
def portal(provider: str) -> BaseResponse:
    """To Stripe's Customer Portal: card, invoices, cancelling at the period's end and undoing that. With a placement's id,
    straight to cancelling that one."""
    own = own_provider(current_user, provider)
    customer = own_customer(own.id)
    if customer is None:
        raise NotFound
    form = PageForm()
    if not form.validate_on_submit():
        flash_stale_page()
        return redirect(url_for("placements.overview", provider=provider), code=303)
    placement_id = read_id(request.form.get("placement", ""))
    asked = own_placement(current_user, provider, placement_id) if placement_id is not None else None
    cancel = asked.subscription_id if asked is not None and asked.state == PlacementState.ACTIVE else None
    back = url_for("placements.overview", provider=provider, back="portal", _external=True)
    db.session.rollback()
    try:
        with alarm_on_rejected_key(now()):
            address = gateway().portal_url(
                customer=customer, return_url=back, language=address_language(), cancel=cancel or ""
            )
    except GatewayError as error:
        flash(labels.gateway_error_message(error), "error")
        return redirect(url_for("placements.overview", provider=provider), code=303)
    return redirect(address, code=303)


@bp.get("/manage/<provider>/placements/receipts/<int:entry_id>/")
@access("member")
def receipt(provider: str, entry_id: int) -> BaseResponse:
    """To the invoice or receipt at Stripe. Its address expires, so it is requested each time."""
    own = own_provider(current_user, provider)
    entry = find_row(PaymentEntry, entry_id)
    if entry is None or entry.placement.provider_id != own.id:
        raise NotFound
    try:
        with alarm_on_rejected_key(now()):
            address = receipt_url(entry, gateway())
    except GatewayError as error:
        flash(labels.gateway_error_message(error), "error")
        return redirect(url_for("placements.overview", provider=provider), code=303)
    if urlsplit(address).scheme not in ("http", "https"):
        abort(404)
    return redirect(address, code=303)


@bp.post("/manage/<provider>/placements/waiting/<int:wait_id>/leave/")
@access("confirmed")
def leave(provider: str, wait_id: int) -> BaseResponse:
    """Leave a waiting list."""
    own = own_provider(current_user, provider)
    entry = find_row(PlacementWait, wait_id)
    if entry is None or entry.provider_id != own.id:
        raise NotFound
    if PageForm().validate_on_submit():
        leave_waiting_list(actor=current_user, entry=entry)
        db.session.commit()
        flash(_("You are no longer on that waiting list."))
    else:
        flash_stale_page()
    return redirect(url_for("placements.overview", provider=provider), code=303)


def _page(own: Placement, form: PageForm) -> Response:
    back = request.args.get("back", "")
    return desk_page(
        "billing/desk/placement.html",
        own.provider,
        placement=own,
        place=scope_labels([own.scope], address_language())[own.scope],
        entries=queries.placement_entries(own.id),
        customer=own_customer(own.provider_id),
        back=back if back in ("paid", "closed") else "",
        stripe=gateway_if_any(),
        form=form,
        labels=labels,
    )
