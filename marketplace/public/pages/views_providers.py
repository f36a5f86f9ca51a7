"""The pages of providers and of their listings, and the redirect to a provider's website."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.core.revisions import OFFERS, SITE
from marketplace.guides.queries import guide_at, guide_titles, topic_guides
from marketplace.i18n.languages import address_language
from marketplace.providers.membership import same_owner
from marketplace.providers.merging import merged_slug
from marketplace.providers.models import SHOWN_PROVIDERS
from marketplace.public.offers.forms import requested_currency, requested_search
from marketplace.public.offers.labels import page_languages
from marketplace.public.offers.queries import listing_offer, listing_website, provider_offers
from marketplace.public.pages import queries
from marketplace.public.pages.queries import guide_address, translations
from marketplace.public.pages.range_plot import report_plots
from marketplace.reviews import queries as reviews
from marketplace.reviews.eligibility import levels_in_use
from marketplace.reviews.models import LEVELS
from marketplace.reviews.replies.queries import listing_reviews
from marketplace.values.exchange import current_rates
from marketplace.web.fields import country_choices
from marketplace.web.page_cache.public import Names, depends_on, public_page
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

listing_pages = Blueprint("listing_pages", __name__)
provider_pages = Blueprint("provider_pages", __name__)
REVIEWS_PER_PAGE = 10


def _topic_of_listing(country: str, stem: str, provider: str) -> Names:
    g.guide = guide_at(address_language(), country, stem)
    return {f"topic:{g.guide.topic_id}": g.guide.revision}


@listing_pages.get("/guides/<country>/<stem>/<provider>/")
@access("public")
@public_page(_topic_of_listing)
def listing(country: str, stem: str, provider: str) -> str:
    """One offer: what you get, what is advertised and reported, and its reviews."""
    try:
        offer = listing_offer(g.guide.topic_id, provider, now().date())
    except NotFound:
        _follow_merge("listing_pages.listing", "provider", provider, country=country, stem=stem)
        raise
    guides = topic_guides(g.guide.topic_id)
    page = next(row for row in guides if row.id == g.guide.guide_id)
    filters, number = _review_filters(), requested_page()
    counts = reviews.review_counts(offer.listing_id)
    found, total = listing_reviews(offer.listing_id, page=number, limit=REVIEWS_PER_PAGE, **filters)
    return render_template(
        "public/pages/listing.html",
        offer=offer,
        guide=page,
        rates=current_rates(),
        currency=requested_currency(),
        reviews=found,
        pages=pages_of(number, total, REVIEWS_PER_PAGE),
        plots=report_plots(offer),
        counts=counts,
        levels=levels_in_use([level for level, count in counts.levels.items() if count])[::-1],
        filters=filters,
        own_query=_query_of(filters, number),
        page_languages=[
            (row.language, url_for("listing_pages.listing", **guide_address(row), provider=provider))
            for row in translations(guides, page.language)
        ],
    )


def _review_filters() -> dict[str, Any]:
    rating = request.args.get("rating", "")
    level = request.args.get("level", "")
    order = request.args.get("order", "")
    return {
        "rating": int(rating) if rating in {"1", "2", "3", "4", "5"} else None,
        "level": level if level in LEVELS else None,
        "order": order if order in reviews.ORDERS else "newest",
    }


def _query_of(filters: dict[str, Any], number: int) -> dict[str, Any]:
    """The query of the current address, for links that lead back to it."""
    kept = {name: value for name, value in filters.items() if value not in (None, "newest")}
    return {**kept, "page": number} if number > 1 else kept


@listing_pages.get("/go/<int:listing_id>")
@access("public")
def go(listing_id: int) -> Response:
    """Redirect to the provider's website."""
    response = redirect(listing_website(listing_id))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@provider_pages.get("/providers/")
@access("public")
@public_page(depends_on(SITE, OFFERS))
def providers() -> str:
    """All shown providers by name, or those that match a search."""
    text = requested_search()
    country = request.args.get("country") or None
    number = requested_page()
    rows, total = queries.find_providers(text, country, number)
    return render_template(
        "public/pages/providers.html",
        providers=rows,
        text=text,
        country=country,
        countries=country_choices(queries.providers_by_country(now().date()), address_language()),
        pages=pages_of(number, total, queries.PAGE_SIZE),
        page_languages=page_languages(),
    )


def _follow_merge(endpoint: str, argument: str, slug: str, **values: Any) -> None:
    """Redirect (301) to the same page of the provider that this one was merged into, if it was."""
    if merged := merged_slug(slug):
        query = request.query_string.decode("ascii", "ignore")
        address = url_for(endpoint, **{**values, argument: merged})
        abort(redirect(f"{address}?{query}" if query else address, 301))


def _provider_at(slug: str) -> Names:
    try:
        g.provider = queries.shown_provider(slug)
    except NotFound:
        _follow_merge("provider_pages.provider", "slug", slug)
        raise
    return {f"provider:{g.provider.id}": g.provider.revision}


@provider_pages.get("/providers/<slug>/")
@access("public")
@public_page(_provider_at)
def provider(slug: str) -> str:
    """A provider and its offers."""
    offers = provider_offers(g.provider.id, now().date())
    return render_template(
        "public/pages/provider.html",
        provider=g.provider,
        offers=offers,
        same_owner=[other for other in same_owner(g.provider.id) if other.status in SHOWN_PROVIDERS],
        titles=guide_titles([offer.topic_id for offer in offers], address_language()),
        rates=current_rates(),
        currency=requested_currency(),
        page_languages=page_languages(),
    )
