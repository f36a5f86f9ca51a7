"""The way to Stripe's pages and back: the checkout's address, and what the Content-Security-Policy must allow for it."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from marketplace.billing.models import Placement
from marketplace.billing.placements.scopes import PlacementOrder, scope_label
from marketplace.billing.placements.services import claim_placement
from marketplace.billing.placements.slots import live_placement
from marketplace.billing.statuses import PlacementKind
from marketplace.billing.stripe.gateway import gateway, gateway_if_any
from marketplace.billing.sync.checkout import ReturnAddresses, open_checkout
from marketplace.billing.sync.sessions import cancel_checkout
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db, now
from marketplace.i18n.languages import address_language
from marketplace.web.security import let_forms_lead_to

LONGEST_ABOUT = 200  # Stripe allows some more


def allow_stripe_form_targets() -> None:
    """Before each request: otherwise the browser blocks a POST that redirects to Stripe."""
    if (stripe := gateway_if_any()) is not None:
        let_forms_lead_to(*stripe.form_targets)


def checkout_url(placement: Placement) -> str:
    """Stripe's payment page for a placement, which leads back to the placement's own page. Commits; raises as
    `open_checkout` does."""
    back = url_for(
        "placements.placement",
        provider=placement.provider.slug,
        placement_id=placement.id,
        _external=True,
    )
    language = address_language()
    place = scope_label(placement.scope, language)
    about = place.name if place.is_topic else _("%(country)s page", country=place.name)
    addresses = ReturnAddresses(
        f"{back}?back=paid", f"{back}?back=closed", language, str(about)[:LONGEST_ABOUT]
    )
    return open_checkout(placement.id, actor=current_user, addresses=addresses, gateway=gateway(), now=now())


def claim_with_kind(order: PlacementOrder, kind: str) -> Placement:
    """`claim_placement` for exactly this kind: a buyer who chose a pass must not get to a subscription's checkout. An open
    checkout of the other kind is cancelled first, which commits. Raises what `claim_placement` raises, `GatewayError`, and
    `Conflict` (`checkout_over`) if another member keeps buying the other kind."""
    for _try in range(2):
        there = live_placement(order.scope, order.provider.id)
        if there is not None and _has_other_kind(there, kind) and kind in list(PlacementKind):
            cancel_checkout(there.id, gateway=gateway(), now=now(), by_buyer=False)
        placement = claim_placement(actor=current_user, order=order, kind=kind, now=now())
        if not _has_other_kind(placement, kind):
            return placement
        db.session.rollback()
    raise Conflict("checkout_over")


def _has_other_kind(placement: Placement, kind: str) -> bool:
    return placement.awaits_payment and placement.kind != kind
