"""Providers and one provider."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, render_template, request

from marketplace.core.extensions import current_settings, now
from marketplace.core.revisions import site_revision
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.public.offers.queries import provider_offers
from marketplace.public.offers.questions import asked_currency, asked_text
from marketplace.public.pages import queries
from marketplace.public.pages.alternates import every_language
from marketplace.values.exchange import current_rates
from marketplace.web.page_cache import public_page
from marketplace.web.paging import pages_of, requested_page
from marketplace.web.security import access

bp = Blueprint("provider_pages", __name__)


def _site(**arguments: Any) -> int:
    return site_revision()


@bp.get("/providers/")
@access("public")
@public_page(_site)
def providers() -> str:
    """Every provider that may be shown, by name."""
    text = asked_text()
    country = request.args.get("country") or None
    number = requested_page()
    rows, total = queries.find_providers(text, country, number)
    return render_template(
        "public/pages/providers.html",
        providers=rows,
        text=text,
        country=country,
        countries=queries.provider_countries(now().date()),
        pages=pages_of(number, total, queries.PAGE_SIZE),
        page_languages=every_language(),
    )


def _provider_revision(slug: str) -> object:
    g.provider = queries.shown_provider(slug)
    return g.provider.id, g.provider.revision


@bp.get("/providers/<slug>/")
@access("public")
@public_page(_provider_revision)
def provider(slug: str) -> str:
    """One provider and what it offers."""
    offers = provider_offers(g.provider.id, now().date())
    return render_template(
        "public/pages/provider.html",
        provider=g.provider,
        offers=offers,
        titles=guide_titles([offer.topic_id for offer in offers], address_language()),
        rates=current_rates(),
        currency=asked_currency(current_settings().display_currency),
        page_languages=every_language(),
    )
