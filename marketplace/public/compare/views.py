"""The comparison of two to four listings."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from marketplace.core.extensions import now
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import address_language
from marketplace.public.compare.rules import compare_offers
from marketplace.public.offers.forms import requested_currency, requested_listings
from marketplace.public.offers.labels import page_languages
from marketplace.public.offers.queries import offers_by_id, topic_revisions
from marketplace.public.offers.ranking import featured_first
from marketplace.values.exchange import current_rates
from marketplace.web.errors import error_page
from marketplace.web.page_cache.public import Names, public_page
from marketplace.web.security import access

bp = Blueprint("compare", __name__)
FEWEST, MOST = 2, 4


def _topics_compared() -> Names:
    return topic_revisions(requested_listings())


@bp.get("/compare/")
@access("public")
@public_page(_topics_compared)
def compare() -> str | Response:
    """Two to four listings side by side, featured ones first."""
    requested = requested_listings()
    if not FEWEST <= len(requested) <= MOST:
        return error_page(422, _("You can compare two to four providers"), _wrong_number(requested))
    today, currency, rates = now().date(), requested_currency(), current_rates()
    offers = featured_first(offers_by_id(requested, today), today)
    return render_template(
        "public/compare/compare.html",
        offers=offers,
        groups=compare_offers(offers, currency, rates),
        titles=guide_titles([offer.topic_id for offer in offers], address_language()),
        rates=rates,
        currency=currency,
        only_differences=request.args.get("only") == "differences",
        requested=requested,
        page_languages=page_languages(),
    )


def _wrong_number(requested: list[int]) -> str:
    if len(requested) == 1 < len(request.args.getlist("listing")):
        return str(
            _("You selected the same provider twice: once in a featured placement and once in the list.")
        )
    return str(_("Select two to four providers in a guide’s table, then compare them."))
