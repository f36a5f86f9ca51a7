"""What the desk tells other features about placements, and the row preview that it asks of the public pages."""

from __future__ import annotations

from typing import Any

from blinker import Namespace
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from marketplace.billing.models import Placement
from marketplace.billing.placements.labels import HIDDEN_SENTENCES, state_sentence
from marketplace.billing.placements.scopes import ScopeLabel, scope_labels
from marketplace.billing.statuses import PAID, HiddenReason, PlacementState
from marketplace.core.extensions import db
from marketplace.i18n.languages import address_language
from marketplace.listings.models import Listing
from marketplace.providers.desk.pages import Need
from marketplace.providers.models import Provider


def placement_needs(sender: Any, *, provider: Provider) -> list[Need]:
    """Placements that wait for the provider: card refused, slot reserved, or paid but hidden. One need for each; one query
    if there are none, three otherwise."""
    asking = (Placement.state.in_((PlacementState.PAST_DUE, PlacementState.RESERVED))) | (
        Placement.state.in_(PAID) & (Placement.hidden != "") & (Placement.hidden != HiddenReason.PROVIDER)
    )
    query = select(Placement).where(Placement.provider_id == provider.id, asking).order_by(Placement.id)
    rows = db.session.scalars(query).all()
    places = scope_labels([row.scope for row in rows], address_language()) if rows else {}
    return [_need(row, places[row.scope], provider) for row in rows]


def _need(placement: Placement, place: ScopeLabel, provider: Provider) -> Need:
    refused, kept = placement.state == PlacementState.PAST_DUE, placement.state == PlacementState.RESERVED
    if refused:
        title, text, button = _("Your card was declined:"), state_sentence(placement), _("Change the card")
    elif kept:
        title, text, button = (
            _("A featured placement is available to you:"),
            state_sentence(placement),
            _("Take it"),
        )
    else:
        title, text, button = (
            _("A featured placement is hidden:"),
            str(HIDDEN_SENTENCES[placement.hidden]),
            _("View it"),
        )
    return Need(
        feature="placements",
        title=str(title),
        text=text,
        address=url_for("placements.placement", provider=provider.slug, placement_id=placement.id),
        button=str(button),
        place=place.name,
        place_language=place.language,
        urgent=refused,
    )


def suspension_effects(sender: Any, *, provider: Provider) -> list[str]:
    """That a suspension hides paid placements, and what happens to their money."""
    paid = select(func.count()).where(Placement.provider_id == provider.id, Placement.state.in_(PAID))
    count = db.session.scalar(paid) or 0
    if not count:
        return []
    told = ngettext(
        "It pays for a featured placement, which will also be hidden. An admin decides what "
        "happens to the money.",
        "It pays for %(num)s featured placements, which will also be hidden. An admin "
        "decides what happens to the money.",
        count,
    )
    return [str(told)]


# Argument `listing`; the answer is what `billing/desk/preview_row.html` needs, or None if no guide shows it. The row
# builder lives in `public`, above this folder.
preview_asked = Namespace().signal(
    "featured-preview-asked", doc="How would this listing look as a featured row?"
)


def preview_of(listing: Listing) -> Any:
    """The listing as a featured row, as readers of the page's language would see it; None if no page shows it."""
    answers = [answer for _, answer in preview_asked.send(Listing, listing=listing)]
    return next((answer for answer in answers if answer is not None), None)
