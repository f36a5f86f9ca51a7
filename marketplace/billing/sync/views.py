"""Stripe's webhook: verify an event, store it, answer; the worker does the rest."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from marketplace.billing.stripe.gateway import gateway
from marketplace.billing.stripe.messages import BadSignature
from marketplace.billing.sync.events import receive_event
from marketplace.core.extensions import db, now
from marketplace.web.security import access

bp = Blueprint("stripe_webhook", __name__)


@bp.post("/webhooks/stripe")
@access("machine")
def stripe() -> Response:
    """200 once the event is stored or already known, 400 without a valid recent signature, 413 if too large."""
    body = request.get_data(cache=False)
    stripe_gateway = gateway()
    try:
        event = stripe_gateway.read_event(body, request.headers.get("Stripe-Signature", ""), now())
    except BadSignature:
        abort(400)
    receive_event(event, livemode=stripe_gateway.livemode, now=now())
    db.session.commit()
    return Response("stored\n", content_type="text/plain; charset=utf-8")
