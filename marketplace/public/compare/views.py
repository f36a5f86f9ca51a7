"""The comparison of two to four listings."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.listings.merging import kept_listings
from marketplace.public.compare.rules import compare_offers
from marketplace.public.offers.forms import requested_currency, requested_listings
from marketplace.public.offers.labels import page_languages
from marketplace.public.offers.models import Offer
from marketplace.public.offers.queries import offers_by_id, topic_revisions
from marketplace.public.offers.ranking import featured_first
from marketplace.values.exchange import current_rates
from marketplace.web.page_cache.public import Names, public_page
from marketplace.web.params import read_id
from marketplace.web.security import access

bp = Blueprint("compare", __name__)
FEWEST, MOST = 2, 4


def _topics_compared() -> Names:
    return topic_revisions(requested_listings())


@bp.get("/compare/")
@access("public")
@public_page(_topics_compared)
def compare() -> str | Response:
    """Two to four listings side by side, featured ones first. Of those in a shared link that are not offered any more, it
    says so and shows the others."""
    requested = requested_listings()
    today, currency, rates = now().date(), requested_currency(), current_rates()
    found = offers_by_id(requested, today)
    if len(found) < len(requested) and (kept := kept_listings(requested)) != requested:
        requested, found = kept, offers_by_id(kept, today)
    offers = featured_first([offer for offer in found if offer.is_offered], today)
    if not FEWEST <= len(requested) <= MOST:
        return _choose_again(requested, found)
    if not found:
        raise NotFound
    return render_template(
        "public/compare/compare.html",
        offers=offers,
        groups=compare_offers(offers, currency, rates),
        titles=guide_titles([offer.topic_id for offer in found], address_language()),
        rates=rates,
        currency=currency,
        only_differences=request.args.get("only") == "differences",
        requested=requested,
        not_offered=[offer for offer in found if not offer.is_offered],
        unknown=len(requested) - len(found),
        page_languages=page_languages(),
    )


def _choose_again(requested: Sequence[int], found: Sequence[Offer]) -> Response:
    """Too few or too many: back to the tables that they are in, or that was asked from, with what was marked."""
    topic = read_id(request.args.get("topic", ""))
    topics = list(dict.fromkeys(offer.topic_id for offer in found)) or ([topic] if topic else [])
    page = render_template(
        "public/compare/choose.html",
        found=found,
        requested=requested,
        most=MOST,
        twice=len(requested) == 1 < len(request.args.getlist("listing")),
        guides=list(guide_titles(topics, address_language()).values()),
        page_languages=page_languages(),
    )
    return make_response(page, 422)
