"""Previews a listing's row in a featured placement, built like the row of the guide's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, now
from marketplace.guides.queries import guide_titles, topic_guides
from marketplace.i18n.languages import address_language
from marketplace.i18n.table_words import table_words
from marketplace.listings.models import Listing
from marketplace.public.offers.models import Offer
from marketplace.public.offers.queries import offers_by_id
from marketplace.values.exchange import current_rates
from marketplace.values.rates import Rate


@dataclass(frozen=True, slots=True)
class FeaturedRow:
    """An offer marked `sponsored`, its guide, and what the table's row template needs."""

    offer: Offer
    guide: Any
    heads: tuple[str, ...]
    currency: str
    rates: Mapping[str, Rate]


def featured_row(sender: Any, *, listing: Listing) -> FeaturedRow | None:
    """The row in the table of the guide in the reader's language; None if the listing or its guides are not shown."""
    try:
        (offer,) = offers_by_id([listing.id], now().date())
    except NotFound:
        return None
    named = guide_titles([listing.topic_id], address_language()).get(listing.topic_id)
    if named is None:
        return None
    guide = next(
        row
        for row in topic_guides(listing.topic_id)
        if (row.language, row.stem) == (named.language, named.stem)
    )
    words = table_words(guide.language)
    return FeaturedRow(
        offer=replace(offer, sponsored=True),
        guide=guide,
        heads=tuple(guide.header or (words.provider, words.website, words.timelines, words.cost)),
        currency=current_settings().display_currency,
        rates=current_rates(),
    )
