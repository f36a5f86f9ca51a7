"""The list of providers, and the page of a provider."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request

from marketplace.core.extensions import now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.public.offers.forms import requested_currency, requested_search
from marketplace.public.offers.labels import page_languages
from marketplace.public.offers.queries import provider_offers
from marketplace.public.pages import queries
from marketplace.values.exchange import current_rates
from marketplace.web.page_cache import public_page, site_revision
from marketplace.web.paging import asked_page, pages_of
from marketplace.web.security import access

bp = Blueprint("provider_pages", __name__)


@bp.get("/providers/")
@access("public")
@public_page(site_revision)
def providers() -> str:
    """All shown providers by name, or those that match a search."""
    text = requested_search()
    country = request.args.get("country") or None
    number = asked_page()
    rows, total = queries.find_providers(text, country, number)
    return render_template(
        "public/pages/providers.html",
        providers=rows,
        text=text,
        country=country,
        countries=queries.provider_countries(now().date()),
        pages=pages_of(number, total, queries.PAGE_SIZE),
        page_languages=page_languages(),
    )


def _provider_revision(slug: str) -> object:
    g.provider = queries.shown_provider(slug)
    return g.provider.id, g.provider.revision


@bp.get("/providers/<slug>/")
@access("public")
@public_page(_provider_revision)
def provider(slug: str) -> str:
    """A provider and its offers."""
    offers = provider_offers(g.provider.id, now().date())
    return render_template(
        "public/pages/provider.html",
        provider=g.provider,
        offers=offers,
        titles=guide_titles([offer.topic_id for offer in offers], address_language()),
        rates=current_rates(),
        currency=requested_currency(),
        page_languages=page_languages(),
    )
