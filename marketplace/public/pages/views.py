"""Home, countries, one country, search, and the guide with its table."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request, url_for

from marketplace.billing.placements.prices import price_of
from marketplace.billing.placements.queries import featured_providers
from marketplace.core.errors import NotFound
from marketplace.core.extensions import current_settings, now
from marketplace.core.revisions import site_revision
from marketplace.guides.queries import (
    countries as guide_countries,
)
from marketplace.guides.queries import (
    country_guides,
    country_languages,
    guide_at,
    topic_guides,
)
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import country_name
from marketplace.public.offers.arrange import arrange, fits
from marketplace.public.offers.offers import featured_offers, rotated, topic_offers
from marketplace.public.offers.questions import asked_question, asked_text
from marketplace.public.pages import queries
from marketplace.public.pages.alternates import every_language
from marketplace.public.pages.glance import glance
from marketplace.values.exchange import current_rates
from marketplace.web.page_cache import public_page
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

bp = Blueprint("directory", __name__)


def _site(**arguments: Any) -> int:
    return site_revision()


@bp.get("/")
@access("public")
@public_page(_site)
def home() -> str:
    """One search box, the countries, and what is newly served."""
    language = address_language()
    return render_template(
        "public/pages/home.html",
        countries=_country_rows(language),
        newly_served=queries.newly_served(language, now().date()),
        page_languages=every_language(),
    )


@bp.get("/guides/")
@access("public")
@public_page(_site)
def countries() -> str:
    """Every country with how many procedures and providers."""
    return render_template(
        "public/pages/countries.html",
        countries=_country_rows(address_language()),
        page_languages=every_language(),
    )


def _country_rows(language: str) -> list[dict[str, Any]]:
    providers = queries.providers_by_country(now().date())
    rows = [
        {"folder": row.country, "guides": row.guides, "providers": providers.get(row.country, 0)}
        for row in guide_countries(language)
    ]
    return sorted(rows, key=lambda row: country_name(row["folder"], language))


@bp.get("/guides/<country>/")
@access("public")
@public_page(_site)
def country(country: str) -> str:
    """The procedures of a country, with how many providers each has."""
    language = address_language()
    guides = country_guides(language, country)
    if not guides:
        raise NotFound
    others = [tag for tag in country_languages(country) if tag != language]
    today = now().date()
    listings = queries.listings_by_topic(today, country)
    return render_template(
        "public/pages/country.html",
        country=country,
        guides=guides,
        listings=listings,
        featured=rotated(featured_providers(country, today), today),
        sold=price_of(country) is not None,
        served=len(listings.keys() & {row.topic_id for row in guides}),
        page_languages=[
            (tag, url_for("directory.country", country=country, _language=tag)) for tag in others
        ],
    )


def _guide_revision(country: str, stem: str) -> object:
    found = guide_at(address_language(), country, stem)
    g.guide = found
    return found.topic_id, found.revision


@bp.get("/guides/<country>/<stem>/")
@access("public")
@public_page(_guide_revision)
def guide(country: str, stem: str) -> str:
    """A guide with its provider table."""
    today = now().date()
    guides = topic_guides(g.guide.topic_id, g.guide.guide_id)
    page = next(row for row in guides if row.id == g.guide.guide_id)
    rates = current_rates()
    offers = topic_offers(g.guide.topic_id, today)
    question, problem = asked_question(current_settings().display_currency)
    return render_template(
        "public/pages/guide.html",
        guide=page,
        topic=g.guide,
        glance=glance(offers, question.currency, rates),
        offers=offers,
        featured=[offer for offer in featured_offers(offers, today) if fits(offer, question, rates)],
        sold=not offers and price_of(page.country) is not None,
        arranged=arrange(offers, question, rates),
        question=question,
        problem=problem,
        rates=rates,
        translations=guides,
        page_languages=_guide_languages(guides, page),
    )


def _guide_languages(guides: Any, page: Any) -> list[tuple[str, str]]:
    seen = {page.language}
    found = []
    for row in guides:
        if row.language not in seen:
            seen.add(row.language)
            address = url_for("directory.guide", country=row.country, stem=row.stem, _language=row.language)
            found.append((row.language, address))
    return found


@bp.get("/search/")
@access("public")
@public_page(_site)
def search() -> str:
    """Guides and providers whose words match."""
    language = address_language()
    text = asked_text()
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
        listings=queries.listings_by_topic(now().date()),
        countries=[row.country for row in guide_countries(language)],
        page_languages=every_language(country=None, page=None),
    )
