"""Filters and globals of the public templates: cost, time, conversion and labels in the language of the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from marketplace.guides.queries import guide_languages
from marketplace.i18n import dates, names, table_words
from marketplace.i18n.collation import sort_key
from marketplace.i18n.currencies import currency_digits
from marketplace.i18n.languages import address_language, interface_languages
from marketplace.listings.labels import describe_terms
from marketplace.providers.labels import describe_trader
from marketplace.public.offers import ranking, structured
from marketplace.public.offers.models import Offer
from marketplace.public.offers.rules import convert_fees, total_cost, used_rates
from marketplace.reviews.labels import level_name
from marketplace.reviews.models import ProofLevel
from marketplace.values import money, timeframe
from marketplace.values.rates import ECB, Rate
from marketplace.web.templating import this_page

LEVEL_MEANINGS: dict[str, Any] = {
    ProofLevel.UNVERIFIED: _l(
        "Nothing shows that this person was a client. The review does not count towards the "
        "average or the order."
    ),
    ProofLevel.CONFIRMED: _l("The provider replied to this person’s enquiry on this site."),
    ProofLevel.INVITED: _l(
        "The provider named this person as a client, and declared that it named every client from "
        "that period."
    ),
    ProofLevel.DOCUMENTED: _l("A moderator saw proof, such as an invoice."),
}
COMPARE_WORDS = {
    "cost": _l("Cost"),
    "service": _l("Service"),
    "official_fees": _l("Official fees"),
    "together": _l("Total"),
    "reported_cost": _l("Reported by clients"),
    "time": _l("Time"),
    "advertised_time": _l("Advertised"),
    "reported_time": _l("Reported by clients"),
    "trust": _l("Trust"),
    "rating": _l("Rating"),
    "counted_reviews": _l("Reviews that count"),
    "languages": _l("Languages"),
    "data_confirmed": _l("Data confirmed"),
}
BEST_WORDS = {"advertised_time": _l("Shortest"), "rating": _l("Highest")}


def init_public_labels(app: Flask) -> None:
    """Register the filters and globals."""
    app.jinja_env.filters.update(
        cost=lambda offer: money.format_cost(offer, address_language()),
        converted=converted_words,
        official_fee=lambda offer: money.format_official_fee(
            offer.official_fee_kind, offer.official_fee, offer.currency, address_language()
        ),
        offer_time=lambda offer: timeframe.format_timeframe(
            offer.time_min, offer.time_max, offer.time_unit, address_language()
        ),
        time_from=lambda value: timeframe.format_time_from(value, address_language()),
        described=lambda offer: describe_terms(offer, address_language()),
        describe_trader=lambda provider: describe_trader(provider, address_language()),
        rate_words=rate_words,
        written_date=lambda text: dates.format_written_date(text, address_language()),
        display_host=display_host,
        trusted_html=Markup,
        level_name=level_name,
        level_meaning=level_meaning,
        compare_word=compare_word,
        best_word=best_word,
    )
    app.jinja_env.globals.update(
        timeframe=lambda low, high, unit: timeframe.format_timeframe(low, high, unit, address_language()),
        table_word=lambda key: table_words.word(address_language(), key),
        language_tag=address_language,
        spoken_languages=spoken_languages,
        used_rates=used_rates,
        total_cost=total_cost,
        page_address=page_address,
        dimmed_days=ranking.DIMMED_DAYS,
        breadcrumbs=structured.breadcrumbs,
        service_data=structured.service,
    )


def converted_words(offer: Offer, currency: str, rates: Mapping[str, Rate]) -> str | None:
    """`≈ €196`, or why there is no conversion; None if there is nothing to convert."""
    conversion = convert_fees(offer, currency, rates)
    if conversion is None:
        return None
    if conversion.low is None:
        return _("no exchange rate for %(currency)s, so not compared", currency=conversion.missing)
    language = address_language()
    low = round_converted(conversion.low, currency)
    high = round_converted(conversion.high or conversion.low, currency)
    if high == low:
        return "≈ " + money.format_money(low, currency, language)
    return "≈ " + money.format_money_range(low, high, currency, language)


def round_converted(minor: int, currency: str) -> int:
    """A converted amount, rounded to whole units from ten units up. Minor units in and out."""
    unit = 10 ** currency_digits(currency)
    return minor if minor < 10 * unit else (minor + unit // 2) // unit * unit


def rate_words(rate: Rate) -> str:
    """A rate with its source and date: `€1 = 21.38 MXN (ECB, 20 Nov 2026)`."""
    language = address_language()
    return _(
        "€1 = %(rate)s %(currency)s (%(source)s, %(date)s)",
        rate=money.format_number(rate.per_euro, language),
        currency=rate.currency,
        source=_("ECB") if rate.source == ECB else rate.source,
        date=dates.format_date(rate.date, language, "medium"),
    )


def display_host(host: str) -> str:
    """A host name for display: internationalized names are decoded if they are valid."""
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def spoken_languages(offers: Iterable[Offer]) -> list[str]:
    """The languages that the providers of a table speak, sorted by name."""
    language = address_language()
    tags = {tag for offer in offers for tag in offer.languages}
    return sorted(tags, key=lambda tag: sort_key(names.language_name(tag, language), language))


def level_meaning(level: str) -> str:
    """What a level of proof means, in a sentence."""
    return str(LEVEL_MEANINGS[level])


def compare_word(kind: str) -> str:
    """The heading of a group or row of a comparison."""
    return str(COMPARE_WORDS[kind])


def best_word(kind: str) -> str:
    """The name of the best value of a row."""
    return str(BEST_WORDS.get(kind, _("Lowest")))


def page_address(number: int) -> str:
    """The address of another page of the current list."""
    return this_page(address_language(), page=number)


def page_languages(address: Callable[[str], str] = this_page) -> list[tuple[str, str]]:
    """The other languages of a page, with the page's `address` in each: those of the guides and of the interface.

    By default the address keeps its query. One query.
    """
    tags = {*interface_languages(), *guide_languages()} - {address_language()}
    return [(tag, address(tag)) for tag in sorted(tags)]
