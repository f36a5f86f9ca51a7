"""One row of the Markdown table: name, link to the website, timeframe and cost in the guide's language. Pure."""

from __future__ import annotations

from marketplace.guides.hugo.guide_file import link_cell, table_row, text_cell
from marketplace.i18n.table_words import word
from marketplace.public.offers.offers import Offer
from marketplace.values.money import format_cost
from marketplace.values.timeframe import format_timeframe


def markdown_row(offer: Offer, language: str) -> bytes:
    """The row as UTF-8 without a line break; labels stand in words behind what they label."""
    return table_row(
        (
            _name_cell(offer, language),
            _website_cell(offer, language),
            text_cell(format_timeframe(offer.time_min, offer.time_max, offer.time_unit, language)),
            text_cell(format_cost(offer, language)),
        )
    )


def _name_cell(offer: Offer, language: str) -> str:
    name = offer.provider_name
    if offer.sponsored:
        name = f"{name} ({word(language, 'sponsored')})"
    if offer.unclaimed:
        name = f"{name} ({word(language, 'unclaimed')})"
    return text_cell(name)


def _website_cell(offer: Offer, language: str) -> str:
    if not offer.website:
        return ""
    cell = link_cell(offer.host, offer.website)
    return f"{cell} {text_cell('(' + word(language, 'referral') + ')')}" if offer.referral else cell
