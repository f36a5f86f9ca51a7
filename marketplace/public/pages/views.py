"""Home, countries, one country, search, and the guide with its table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from marketplace.billing.placements.prices import price_of
from marketplace.billing.placements.queries import featured_providers
from marketplace.core.errors import NotFound
from marketplace.core.extensions import now
from marketplace.core.revisions import OFFERS, SITE, country_revision
from marketplace.guides.queries import countries as guide_countries
from marketplace.guides.queries import country_guides, guide_at, guide_languages, topic_guides
from marketplace.i18n.collation import sort_key
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import country_name
from marketplace.public.offers.forms import requested_marks, requested_offer_query, requested_search
from marketplace.public.offers.labels import page_languages
from marketplace.public.offers.queries import listings_by_topic, topic_offers
from marketplace.public.offers.ranking import featured_offers, rotate_daily
from marketplace.public.offers.rules import filter_and_sort, matches
from marketplace.public.pages import queries
from marketplace.public.pages.glance import glance
from marketplace.public.pages.queries import guide_address, translations
from marketplace.values.exchange import current_rates
from marketplace.web.page_cache.public import Names, depends_on, public_page
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access
from marketplace.web.templating import this_page

bp = Blueprint("directory", __name__)


@bp.get("/")
@access("public")
@public_page(depends_on(SITE, OFFERS))
def home() -> str:
    """The search box, the countries, and the guides with new providers."""
    language = address_language()
    return render_template(
        "public/pages/home.html",
        countries=_country_rows(language),
        newly_served=queries.newly_served(language, now().date()),
        page_languages=page_languages(),
    )


@bp.get("/guides/")
@access("public")
@public_page(depends_on(SITE, OFFERS))
def countries() -> str:
    """The countries with their numbers of procedures and providers."""
    return render_template(
        "public/pages/countries.html",
        countries=_country_rows(address_language()),
        page_languages=page_languages(),
    )


def _country_rows(language: str) -> list[dict[str, Any]]:
    providers = queries.providers_by_country(now().date())
    rows = [
        {"folder": row.country, "guides": row.guides, "providers": providers.get(row.country, 0)}
        for row in guide_countries(language)
    ]
    return sorted(rows, key=lambda row: sort_key(country_name(row["folder"], language), language))


@bp.get("/guides/<country>/")
@access("public")
@public_page(lambda country: {country_revision(country): None})
def country(country: str) -> str:
    """The procedures of a country with their numbers of providers."""
    language = address_language()
    guides = country_guides(language, country)
    if not guides:
        raise NotFound
    others = [tag for tag in guide_languages(country) if tag != language]
    today = now().date()
    listings = listings_by_topic(today, country)
    return render_template(
        "public/pages/country.html",
        country=country,
        guides=guides,
        listings=listings,
        featured=rotate_daily(featured_providers(country, today), today),
        sold=price_of(country) is not None,
        served=len(listings.keys() & {row.topic_id for row in guides}),
        page_languages=[
            (tag, url_for("directory.country", country=country, _language=tag)) for tag in others
        ],
    )


def _topic_of_guide(country: str, stem: str) -> Names:
    found = guide_at(address_language(), country, stem)
    g.guide = found
    return {f"topic:{found.topic_id}": found.revision}


@bp.get("/guides/<country>/<stem>/")
@access("public")
@public_page(_topic_of_guide)
def guide(country: str, stem: str) -> str:
    """A guide with its provider table."""
    today = now().date()
    guides = topic_guides(g.guide.topic_id, g.guide.guide_id)
    page = next(row for row in guides if row.id == g.guide.guide_id)
    rates = current_rates()
    offers = topic_offers(g.guide.topic_id, today)
    query, problem = requested_offer_query()
    return render_template(
        "public/pages/guide.html",
        guide=page,
        topic=g.guide,
        glance=glance(offers, query.currency, rates),
        offers=offers,
        featured=[offer for offer in featured_offers(offers, today) if matches(offer, query, rates)],
        sold=not offers and price_of(page.country) is not None,
        arranged=filter_and_sort(offers, query, rates, today),
        query=query,
        marked=requested_marks(),
        problem=problem,
        rates=rates,
        translations=guides,
        page_languages=[
            (row.language, url_for("directory.guide", **guide_address(row)))
            for row in translations(guides, page.language)
        ],
    )


@bp.get("/search/")
@access("public")
@public_page(depends_on(SITE, OFFERS))
def search() -> str:
    """Guides and providers that match a search."""
    language = address_language()
    text = requested_search()
    country = request.args.get("country") or None
    number = requested_page()
    guides, total = queries.find_guides(language, text, country, number)
    pages = pages_of(number, total, queries.PAGE_SIZE)
    providers, providers_total = queries.find_providers(text, country, 1, limit=5) if text else ((), 0)
    return render_template(
        "public/pages/search.html",
        text=text,
        country=country,
        guides=guides,
        pages=pages,
        providers=providers,
        providers_total=providers_total,
        listings=listings_by_topic(now().date()),
        countries=[row.country for row in guide_countries(language)],
        page_languages=page_languages(lambda tag: this_page(tag, country=None, page=None)),
    )
