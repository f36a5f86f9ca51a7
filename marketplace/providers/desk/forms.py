"""The form of a provider's profile, for registering and for changing it."""

from __future__ import annotations

from typing import Any

import pycountry
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from marketplace.core.errors import Refusal
from marketplace.guides.queries import guide_languages, topic_countries
from marketplace.i18n.languages import address_language
from marketplace.providers.labels import TRADER_LABELS, sentence
from marketplace.providers.models import TOLD, Provider, TraderStatus, trader_columns
from marketplace.web.fields import (
    CheckboxesField,
    country_choices,
    language_choices,
    options,
    spoken_languages,
)
from marketplace.web.forms import PageForm


class ProviderForm(PageForm):
    """Name, website, what it does, languages, countries, and who is behind it."""

    name = StringField(
        _l("Name"), description=_l("The name your clients know you by: your business or your own name.")
    )
    website = StringField(
        _l("Website"),
        description=_l("Such as www.example.com. We send clients there."),
    )
    description = TextAreaField(
        _l("What you do"),
        description=_l("A few sentences about who you are and how you work. You can leave this empty."),
    )
    languages = CheckboxesField(_l("Languages you speak with clients"))
    countries = CheckboxesField(
        _l("Countries you work in"),
        description=_l("You can leave this empty because your listings also show it."),
    )

    trader = RadioField(
        _l("Are you a trader?"),
        choices=options(
            [
                (TraderStatus.TRADER, _l("Yes, we offer services as a business or profession")),
                (TraderStatus.PRIVATE, _l("No, I am a private person, not a trader")),
            ]
        ),
        description=_l(
            "The law asks us to tell clients. What you say below appears on your page once a moderator has checked it."
        ),
        validate_choice=False,
    )
    legal_name = StringField(
        TRADER_LABELS["legal_name"], description=_l("As in the register, or your first and last name.")
    )
    legal_form = StringField(
        TRADER_LABELS["legal_form"], description=_l("For example sole trader, S.L. or GmbH.")
    )
    address = TextAreaField(
        TRADER_LABELS["address"], description=_l("A postal address where letters reach you. No PO box.")
    )
    seat = SelectField(_l("Country of the address"), choices=[], validate_choice=False)
    register_name = StringField(
        TRADER_LABELS["register_name"],
        description=_l("If you are in one, such as Registro Mercantil de Madrid."),
    )
    register_number = StringField(TRADER_LABELS["register_number"])
    vat_number = StringField(
        TRADER_LABELS["vat_number"],
        description=_l("If you have one. We check that it can be a number of the country."),
    )
    contact = StringField(
        _l("Email address or phone number for clients"),
        description=_l("Clients and authorities must be able to reach you there directly."),
    )
    lawful = BooleanField(
        _l("We only offer services that comply with the law that applies to us and to our clients")
    )

    is_claim = False

    def claim(self, provider: Provider) -> None:
        """Fill the lists, and on first sight the fields with what the provider's entry says; who is behind it is
        asked once the claim is approved."""
        self.offer()
        self.is_claim, self.asks_lawful = True, False
        for name in TRADER_LABELS:
            del self[name]
        del self.lawful
        self.description.label.text = _("How we can see that it is yours")
        self.description.description = _(
            "For example your role there, or an address on its website. You can leave this empty."
        )
        if not self.is_submitted():
            self.name.data, self.website.data = provider.name, provider.website
            self.countries.data = list(provider.countries)
            self.languages.data = list(provider.languages) or self.languages.data

    def offer(self, provider: Provider | None = None) -> None:
        """Fill the lists, and on first sight the fields: with what waits for a moderator, else with the live profile."""
        language = address_language()
        own = provider or Provider(languages=[language], countries=[])
        self.languages.choices = options(
            language_choices(spoken_languages(guide_languages(), own.languages), language)
        )
        self.countries.choices = options(country_choices({*topic_countries(), *own.countries}, language))
        countries = country_choices((country.alpha_2 for country in pycountry.countries), language)
        self.seat.choices = options([("", _l("Choose one")), *countries])
        self.asks_lawful = own.lawful_at is None
        if not self.asks_lawful:
            del self.lawful  # said once
        if self.is_submitted():
            return
        self.languages.data, self.countries.data = list(own.languages), list(own.countries)
        if provider is not None:
            typed = provider.edit or provider
            self.name.data, self.website.data, self.description.data = (
                typed.name,
                typed.website,
                typed.description,
            )
            told = typed if typed.trader in TOLD else provider
            for name, value in trader_columns(told).items():
                self[name].data = value

    def profile(self) -> dict[str, Any]:
        """What was typed, by the names of the services' options."""
        return {
            "name": self.name.data or "",
            "website": self.website.data or "",
            "description": (self.description.data or "").replace("\r\n", "\n"),
            "languages": self.languages.data or [],
            "countries": self.countries.data or [],
            "trader": None if self.is_claim else {name: self[name].data or "" for name in TRADER_LABELS},
            "lawful": bool(self.lawful.data) if self.asks_lawful else None,
        }

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return sentence(problem.code)
