"""The form of a provider's profile, for registering and for changing it."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField

from marketplace.core.errors import Refusal
from marketplace.guides.queries import guide_languages, topic_countries
from marketplace.i18n.languages import address_language
from marketplace.providers.labels import sentence
from marketplace.providers.models import Provider
from marketplace.web.fields import (
    CheckboxesField,
    country_choices,
    language_choices,
    options,
    spoken_languages,
)
from marketplace.web.forms import PageForm


class ProviderForm(PageForm):
    """Name, website, what it does, languages, countries."""

    name = StringField(
        _l("Name"), description=_l("The name your clients know you by: your business or your own name.")
    )
    website = StringField(
        _l("Website"),
        description=_l("Your full web address, such as https://www.example.com. We send clients there."),
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

    def offer(self, provider: Provider | None = None) -> None:
        """Fill the lists, and on first sight the fields: with what waits for a moderator, else with the live profile."""
        language = address_language()
        own = provider or Provider(languages=[language], countries=[])
        self.languages.choices = options(
            language_choices(spoken_languages(guide_languages(), own.languages), language)
        )
        self.countries.choices = options(country_choices({*topic_countries(), *own.countries}, language))
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

    def profile(self) -> dict[str, Any]:
        """What was typed, by the names of the services' options."""
        return {
            "name": self.name.data or "",
            "website": self.website.data or "",
            "description": (self.description.data or "").replace("\r\n", "\n"),
            "languages": self.languages.data or [],
            "countries": self.countries.data or [],
        }

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return sentence(problem.code)
