"""The form of a profile: shape only."""

from __future__ import annotations

from flask import Flask, g

from marketplace.core.errors import InvalidFields
from marketplace.providers.desk.forms import ProviderForm
from marketplace.providers.models import ProviderEdit
from tests.factories import NOON, make_provider, make_topic


def test_a_new_profile_starts_with_the_language_of_the_page(app: Flask) -> None:
    make_topic("spain")
    with app.test_request_context():
        g.language = "es"
        form = ProviderForm()
        form.offer()
        assert (form.languages.data, form.countries.data) == (["es"], [])
        assert [(c.value, c.label) for c in form.countries.choices] == [("spain", "España")]


def test_a_profile_shows_what_waits_for_a_moderator(app: Flask) -> None:
    provider = make_provider(name="Live", countries=["atlantis"])
    provider.edit = ProviderEdit(
        name="Waiting", website="https://w.example", description="", submitted_at=NOON
    )
    with app.test_request_context():
        form = ProviderForm()
        form.offer(provider)
        assert (form.name.data, form.website.data) == ("Waiting", "https://w.example")
        assert [c.value for c in form.countries.choices] == ["atlantis"]


def test_what_was_posted_is_kept_and_refusals_stand_by_their_fields(app: Flask) -> None:
    data = {"name": " x ", "website": "y", "description": "a\r\nb", "languages": ["en", "zz"]}
    with app.test_request_context(method="POST", data=data):
        form = ProviderForm()
        form.offer(make_provider())
        profile = form.profile()
        assert set(profile.pop("trader").values()) == {""}
        assert profile.pop("lawful") is None, "declared before"
        assert profile == {
            "name": " x ",
            "website": "y",
            "description": "a\nb",
            "languages": ["en", "zz"],
            "countries": [],
        }
        form.show_refusal(InvalidFields({"website": "website_address"}))
        assert form.website.errors
        assert form.website.data == "y"
