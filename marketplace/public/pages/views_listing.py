"""A listing with its reviews, comparisons, and the way out to a provider's site."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, now
from marketplace.core.revisions import site_revision
from marketplace.guides.queries import guide_at, guide_titles, topic_guides
from marketplace.i18n.languages import address_language
from marketplace.public.compare.comparison import compare_offers
from marketplace.public.offers.offers import Offer, featured_offers
from marketplace.public.offers.queries import listing_offer, offers_by_id, website_of
from marketplace.public.offers.questions import asked_currency
from marketplace.public.pages.alternates import every_language
from marketplace.public.pages.range_plot import drawings
from marketplace.reviews import queries as reviews
from marketplace.reviews.eligibility import levels_in_use
from marketplace.reviews.models import LEVELS
from marketplace.reviews.replies.queries import listing_reviews
from marketplace.values.exchange import current_rates
from marketplace.web.errors import error_page
from marketplace.web.page_cache import public_page
from marketplace.web.paging import asked_page, pages_of
from marketplace.web.security import access

bp = Blueprint("listing_pages", __name__)
COMPARED = (2, 4)
LONGEST_ID = 10
REVIEWS_PER_PAGE = 10


def _currency() -> str:
    return asked_currency(current_settings().display_currency)


def _topic_revision(country: str, stem: str, provider: str) -> object:
    g.guide = guide_at(address_language(), country, stem)
    return g.guide.topic_id, g.guide.revision


@bp.get("/guides/<country>/<stem>/<provider>/")
@access("public")
@public_page(_topic_revision)
def listing(country: str, stem: str, provider: str) -> str:
    """One offer: what you get, advertised against reported, reviews."""
    offer = listing_offer(g.guide.topic_id, provider, now().date())
    guides = topic_guides(g.guide.topic_id)
    page = next(row for row in guides if row.id == g.guide.guide_id)
    asked = _asked_reviews()
    number = asked_page()
    counts = reviews.review_counts(offer.listing_id)
    found, total = listing_reviews(offer.listing_id, page=number, limit=REVIEWS_PER_PAGE, **asked)
    return render_template(
        "public/pages/listing.html",
        offer=offer,
        guide=page,
        rates=current_rates(),
        currency=_currency(),
        reviews=found,
        pages=pages_of(number, total, REVIEWS_PER_PAGE),
        drawings=drawings(offer),
        counts=counts,
        levels=levels_in_use([level for level, count in counts.levels.items() if count])[::-1],
        asked=asked,
        here=_here(asked, number),
        page_languages=[
            (
                row.language,
                url_for(
                    "listing_pages.listing",
                    country=row.country,
                    stem=row.stem,
                    provider=provider,
                    _language=row.language,
                ),
            )
            for row in _one_of_each_language(guides, page.language)
        ],
    )


def _one_of_each_language(guides: Any, own: str) -> list[Any]:
    seen = {own}
    return [row for row in guides if not (row.language in seen or seen.add(row.language))]  # type: ignore[func-returns-value]


def _asked_reviews() -> dict[str, Any]:
    rating = request.args.get("rating", "")
    level = request.args.get("level", "")
    order = request.args.get("order", "")
    return {
        "rating": int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        "level": level if level in LEVELS else None,
        "order": order if order in reviews.ORDERS else "newest",
    }


def _here(asked: dict[str, Any], number: int) -> dict[str, Any]:
    """The address's own question, for links that come back to it."""
    kept = {name: value for name, value in asked.items() if value not in (None, "newest")}
    return {**kept, "page": number} if number > 1 else kept


def _site(**arguments: Any) -> int:
    return site_revision()


@bp.get("/compare/")
@access("public")
@public_page(_site)
def compare() -> str | Response:
    """Two to four listings side by side."""
    asked = _asked_listings()
    if not COMPARED[0] <= len(asked) <= COMPARED[1]:
        twice = len(request.args.getlist("listing")) > len(asked) == 1
        text = (
            _("You marked the same provider twice: it stands in a paid place and in the list.")
            if twice
            else _("Mark two to four providers in a guide's table, then compare them.")
        )
        return error_page(422, _("Two to four can be compared"), text)
    offers = _featured_first(offers_by_id(asked, now().date()))
    titles = guide_titles([offer.topic_id for offer in offers], address_language())
    currency = _currency()
    rates = current_rates()
    return render_template(
        "public/compare/compare.html",
        offers=offers,
        groups=compare_offers(offers, currency, rates),
        titles=titles,
        rates=rates,
        currency=currency,
        only_differences=request.args.get("only") == "differences",
        asked=asked,
        page_languages=every_language(),
    )


def _featured_first(offers: list[Offer]) -> list[Offer]:
    """Those with a paid place first, labelled, in the day's rotation; the others as they were asked for."""
    featured = featured_offers(offers, now().date())
    first = {offer.listing_id for offer in featured}
    return [*featured, *(offer for offer in offers if offer.listing_id not in first)]


def _asked_listings() -> list[int]:
    """The listings to compare, each once. Raises `NotFound` where one cannot be a listing's number."""
    texts = request.args.getlist("listing")
    if not all(text.isascii() and text.isdigit() and len(text) <= LONGEST_ID for text in texts):
        raise NotFound
    return list(dict.fromkeys(int(text) for text in texts))


@bp.get("/go/<int:listing_id>")
@access("public")
def go(listing_id: int) -> Response:
    """Out to a provider's website."""
    response = redirect(website_of(listing_id))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
