"""What a change of a listing would do on the public pages, for the moderator who decides on it: to its reports, its average
and its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.core.extensions import now
from marketplace.i18n.languages import address_language
from marketplace.listings.models import Listing, ListingEdit
from marketplace.listings.terms import TERMS
from marketplace.moderation.kinds.listings import Effect
from marketplace.public.offers.models import Offer
from marketplace.public.offers.queries import topic_offers
from marketplace.public.offers.ranking import earned_order
from marketplace.reviews.ratings.queries import published_reviews
from marketplace.reviews.ratings.rules import report_sums
from marketplace.values.exchange import DatedRates
from marketplace.values.money import format_money, format_percent, format_rating
from marketplace.values.timeframe import format_timeframe


def edit_effects(sender: Any, *, edit: ListingEdit) -> list[Effect]:
    """The figures that readers see now, and what the change would make of them."""
    listing, moment = edit.listing, now()
    offers = topic_offers(listing.topic_id, moment.date())
    terms = {name: getattr(edit, name) for name in TERMS if name != "languages"}
    changed = [
        replace(offer, **terms, confirmed_at=moment) if offer.listing_id == listing.id else offer
        for offer in offers
    ]
    return [
        Effect(
            _("Place in the recommended order"),
            _place(listing, offers),
            _place(listing, earned_order(changed, moment.date())),
        ),
        *_of_reviews(listing),
        *_of_promises(edit),
    ]


def _place(listing: Listing, offers: Sequence[Offer]) -> str:
    ids = [offer.listing_id for offer in offers]
    if listing.id not in ids:
        return str(_("not in the table"))
    return str(_("%(place)s of %(all)s", place=ids.index(listing.id) + 1, all=len(ids)))


def _of_reviews(listing: Listing) -> list[Effect]:
    """A change touches neither the average nor a median."""
    language = address_language()
    found = []
    if listing.rating_average is not None:
        average = format_rating(listing.rating_average, language)
        number = ngettext("one counted review", "%(num)s counted reviews", listing.review_count)
        found.append(Effect(_("Average rating"), f"{average} ({number})"))
    if listing.reported_time is not None:
        time = format_timeframe(
            listing.reported_time, listing.reported_time, listing.reported_time_unit, language
        )
        found.append(Effect(_("Time that clients report"), f"{time} ({_reports(listing.time_reports)})"))
    if listing.reported_cost is not None and listing.reported_currency is not None:
        cost = format_money(listing.reported_cost, listing.reported_currency, language)
        found.append(Effect(_("Cost that clients report"), f"{cost} ({_reports(listing.cost_reports)})"))
    return found


def _of_promises(edit: ListingEdit) -> list[Effect]:
    """The shares stay as well. Beside them stands what they would be if the requested terms had been promised all along: a
    provider that loosens a promise it did not keep shows here."""
    listing = edit.listing
    reports = published_reviews(listing.id).reports
    asked = report_sums(reports, lambda day: edit, DatedRates().convert)
    shares = (
        (_("On time"), "on_time", listing.timed_count, asked.timed_count),
        (_("Within the quote"), "within_quote", listing.priced_count, asked.priced_count),
    )
    found = []
    for label, name, count, asked_count in shares:
        shown = _share(listing.report_values.get(name), count)
        if name in listing.report_values or name in asked.report_values:
            found.append(Effect(label, shown, shown, _share(asked.report_values.get(name), asked_count)))
    return found


def _share(share: float | None, count: int) -> str:
    if share is None:
        return str(_("not shown: too few reports"))
    return f"{format_percent(share, address_language())} ({_reports(count)})"


def _reports(count: int) -> str:
    return str(ngettext("one report", "%(num)s reports", count))
