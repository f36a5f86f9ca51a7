"""What a member reads where something about a provider is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.i18n.names import country_name
from marketplace.providers.models import (
    DESCRIPTION_LENGTH,
    NAME_LENGTH,
    WEBSITE_LENGTH,
    TraderMixin,
    TraderStatus,
    trader_columns,
)

SENTENCES: dict[str, Any] = {
    "name_missing": _l("Enter the name your clients know you by"),
    "name_invisible": _l("Enter a name that can be seen: this one has no letters, digits or signs"),
    "name_controls": _l("Type the name again: it contains characters that cannot be seen"),
    "name_long": _l("The name must be %(most)s characters or fewer", most=NAME_LENGTH),
    "website_missing": _l("Enter your website address"),
    "website_address": _l("Enter a website address, such as www.example.com"),
    "website_long": _l("The website address must be %(most)s characters or fewer", most=WEBSITE_LENGTH),
    "website_yours": _l("You have already registered this website. You can find it on your provider pages."),
    "website_not_claimed": _l(
        "This is not the website of the business you are claiming. Register yours as another business instead."
    ),
    "website_taken": _l(
        "Another provider has this website. If it is yours, register it and a moderator will decide."
    ),
    "description_long": _l("Enter %(most)s characters or fewer", most=DESCRIPTION_LENGTH),
    "languages_missing": _l("Choose at least one language"),
    "language_unknown": _l("Choose languages from the list"),
    "country_unknown": _l("Choose countries from the list"),
    "trader_missing": _l("Select whether you are a trader or a private person"),
    "trader_long": _l("Enter fewer characters"),
    "legal_name_missing": _l("Enter the full legal name"),
    "legal_form_missing": _l("Enter the legal form, such as sole trader or limited company"),
    "address_missing": _l("Enter the postal address"),
    "seat_missing": _l("Choose the country of the address"),
    "register_half": _l("Enter both the register and the number in it, or leave both empty"),
    "vat_number_wrong": _l(
        "This is not a valid VAT or tax number of this country. Check it for typing errors."
    ),
    "contact_missing": _l("Enter an email address or a phone number"),
    "contact_wrong": _l("Enter one email address or one phone number"),
    "lawful_missing": _l("Confirm that you only offer services that comply with the law"),
    "trader_unknown": _l("Say on your profile who is behind the provider first. Then send the listing."),
    "register_again": _l("Someone else registered the same details at the same time. Send it again."),
    "only_member": _l("Nobody else manages this provider, and clients see what it offers."),
    "provider_suspended": _l("This provider is suspended, so nothing about it can be changed"),
    "provider_refused": _l("Your registration was not accepted. Correct your profile first."),
    "address_unconfirmed": _l("Confirm your email address first. We sent you a link."),
}


def sentence(code: str, known: Mapping[str, Any] = SENTENCES) -> str:
    """A refusal's code as a sentence in the language of the page (English in commands)."""
    return str(known.get(code, _l("That did not work. Check what you sent and try again.")))


TRADER_LABELS: dict[str, Any] = {
    "trader": _l("Trader or private person"),
    "legal_name": _l("Legal name"),
    "legal_form": _l("Legal form"),
    "address": _l("Address"),
    "seat": _l("Country"),
    "register_name": _l("Trade register"),
    "register_number": _l("Number in the register"),
    "vat_number": _l("VAT or tax number"),
    "contact": _l("Contact"),
}
TRADER_STATUSES: dict[str, Any] = {
    TraderStatus.UNKNOWN: _l("not stated"),
    TraderStatus.ASKED: _l("not stated"),
    TraderStatus.TRADER: _l("Trader"),
    TraderStatus.PRIVATE: _l("Private person"),
}


def describe_trader(row: TraderMixin, language: str) -> list[tuple[str, str, str]]:
    """Who is behind a provider in words: a code, a label, and the value, empty where nothing is stated."""
    values = trader_columns(row)
    values["trader"] = str(TRADER_STATUSES[row.trader])
    values["seat"] = country_name(row.seat, language) if row.seat else ""
    return [(code, str(label), values[code]) for code, label in TRADER_LABELS.items()]
