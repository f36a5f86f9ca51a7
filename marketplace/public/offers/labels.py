"""What the public templates say of an offer: cost, time, conversion, labels, in the language of the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup

from marketplace.i18n import dates, names, table_words
from marketplace.i18n.currencies import currency_digits
from marketplace.i18n.languages import address_language
from marketplace.i18n.locales import bare
from marketplace.public.compare.comparison import total_cost
from marketplace.public.offers import ranking
from marketplace.public.offers.arrange import convert_offer, used_rates
from marketplace.public.offers.offers import Offer
from marketplace.public.pages import structured
from marketplace.reviews.labels import level_name
from marketplace.values import money, timeframe
from marketplace.values.rates import ECB, Rate
from marketplace.web.templating import this_page


def init_words(app: Flask) -> None:
    """Bind the filters and globals of the public templates."""
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
    """`≈ €196`, why there is none, or None where there is nothing to convert."""
    conversion = convert_offer(offer, currency, rates)
    if conversion is None:
        return None
    if conversion.low is None:
        return _("no exchange rate for %(currency)s, so not compared", currency=conversion.missing)
    language = address_language()
    low, high = about(conversion.low, currency), about(conversion.high or conversion.low, currency)
    if high == low:
        return "≈ " + money.format_money(low, currency, language)
    return "≈ " + money.format_money_range(low, high, currency, language)


def about(minor: int, currency: str) -> int:
    """A converted amount as one says it: whole units from ten units up. Minor units in and out."""
    unit = 10 ** currency_digits(currency)
    return minor if minor < 10 * unit else (minor + unit // 2) // unit * unit


def rate_words(rate: Rate) -> str:
    """The rate with its source and day: `€1 = 21.38 MXN (ECB, 20 Nov 2026)`."""
    language = address_language()
    return _(
        "€1 = %(rate)s %(currency)s (%(source)s, %(date)s)",
        rate=money.format_number(rate.per_euro, language),
        currency=rate.currency,
        source=_("ECB") if rate.source == ECB else rate.source,
        date=dates.format_date(rate.date, language, "medium"),
    )


def display_host(host: str) -> str:
    """A host as people read it: international names in their own letters where that is safe."""
    try:
        return host.encode("ascii").decode("idna") if "xn--" in host else host
    except UnicodeError:
        return host


def spoken_languages(offers: Iterable[Offer]) -> list[str]:
    """The languages spoken by any provider of a table, by name."""
    language = address_language()
    tags = {tag for offer in offers for tag in offer.languages}
    return sorted(tags, key=lambda tag: bare(names.language_name(tag, language)))


def level_meaning(level: str) -> str:
    """What a level of proof means, in a sentence."""
    return {
        "unverified": _(
            "Nothing shows that this person was a client. The review does not count towards the "
            "average or the order."
        ),
        "confirmed": _("The provider replied to this person’s enquiry on this site."),
        "invited": _("The provider sent this client a link, as it did to every client from that period."),
        "documented": _("A moderator saw proof, such as an invoice."),
    }[level]


def compare_word(kind: str) -> str:
    """The name of a comparison's group or row."""
    return {
        "cost": _("Cost"),
        "service": _("Service"),
        "official_fees": _("Official fees"),
        "together": _("Total"),
        "reported_cost": _("Reported by clients"),
        "time": _("Time"),
        "advertised_time": _("Advertised"),
        "reported_time": _("Reported by clients"),
        "trust": _("Trust"),
        "rating": _("Rating"),
        "counted_reviews": _("Reviews that count"),
        "languages": _("Languages"),
        "confirmed": _("Data confirmed"),
    }[kind]


def best_word(kind: str) -> str:
    """How the best value of a row is called."""
    words = {"advertised_time": _("Shortest"), "rating": _("Highest")}
    return words.get(kind, _("Lowest"))


def page_address(number: int) -> str:
    """The address of another page of the list that is being shown."""
    return this_page(address_language(), page=number)
