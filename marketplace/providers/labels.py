"""What a member reads where something about a provider is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from marketplace.providers.models import DESCRIPTION_LENGTH, NAME_LENGTH, WEBSITE_LENGTH

SENTENCES: dict[str, Any] = {
    "name_missing": _l("Enter the name your clients know you by"),
    "name_invisible": _l("Enter a name that can be seen: this one has no letters, digits or signs"),
    "name_controls": _l("Type the name again: it contains characters that cannot be seen"),
    "name_long": _l("The name must be %(most)s characters or fewer", most=NAME_LENGTH),
    "website_missing": _l("Enter your website address"),
    "website_address": _l("Enter your full website address, starting with https:// or http://"),
    "website_long": _l("The website address must be %(most)s characters or fewer", most=WEBSITE_LENGTH),
    "website_yours": _l("You have already registered this website. You can find it on your provider pages."),
    "website_taken": _l(
        "Another provider has this website. If it is yours, register it and a moderator will decide."
    ),
    "description_long": _l("Enter %(most)s characters or fewer", most=DESCRIPTION_LENGTH),
    "languages_missing": _l("Choose at least one language"),
    "language_unknown": _l("Choose languages from the list"),
    "country_unknown": _l("Choose countries from the list"),
    "register_again": _l("Someone else registered the same details at the same time. Send it again."),
    "only_member": _l("Nobody else manages this provider, and clients see what it offers."),
    "provider_suspended": _l("This provider is suspended, so nothing about it can be changed"),
    "provider_refused": _l("Your registration was not accepted. Correct your profile first."),
    "address_unconfirmed": _l("Confirm your email address first. We sent you a link."),
}


def sentence(code: str, known: Mapping[str, Any] = SENTENCES) -> str:
    """A refusal's code as a sentence in the language of the page (English in commands)."""
    return str(known.get(code, _l("That did not work. Check what you sent and try again.")))
