"""Reads what a reader asked for from the query string. An invalid value is reported to the reader and ignored."""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from marketplace.core.extensions import current_settings
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import address_language, is_language_tag
from marketplace.public.offers.rules import OfferQuery, Sort
from marketplace.text.clean import one_line
from marketplace.values.amounts import AmountError, parse_amount
from marketplace.web.params import read_id, require_ids

SEARCH_LENGTH = 200


def requested_search() -> str:
    """The search text, on one line."""
    return " ".join(one_line(request.args.get("q", "")).split())[:SEARCH_LENGTH]


def requested_listings() -> list[int]:
    """The ids of the listings to compare, each once. Raises `NotFound` if one cannot be an id."""
    return require_ids(request.args.getlist("listing"))


def requested_marks() -> list[int]:
    """The ids of the listings that a table shows as marked: those that lead back from a comparison."""
    return [number for text in request.args.getlist("listing") if (number := read_id(text)) is not None]


def requested_currency() -> str:
    """The currency to convert into; the site's default if none or an unknown one is given."""
    currency = request.args.get("currency", "").upper()
    return currency if known_currency(currency) else current_settings().display_currency


def requested_offer_query() -> tuple[OfferQuery, str | None]:
    """The sort order and filters of a table, and a message about an invalid part, which is ignored."""
    problem = None
    currency = requested_currency()
    if request.args.get("currency", "").upper() not in ("", currency):
        problem = _(
            "We don’t recognise that currency. Costs are compared in %(currency)s.", currency=currency
        )
    sort = Sort.RECOMMENDED
    try:
        sort = Sort(request.args.get("sort") or sort)
    except ValueError:
        problem = _("We don’t recognise that order. This is the recommended one.")
    language = request.args.get("language") or None
    if language is not None and not is_language_tag(language):
        problem = _("We don’t recognise that language. Providers of all languages are shown.")
        language = None
    max_cost = None
    if typed := request.args.get("max", "").strip():
        try:
            max_cost = parse_amount(typed, currency, address_language())
        except AmountError:
            problem = _("Enter the highest cost as a number, such as 200. All costs are shown.")
    return OfferQuery(sort=sort, language=language, max_cost=max_cost, currency=currency), problem
