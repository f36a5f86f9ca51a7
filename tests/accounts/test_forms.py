"""The forms of an account that are ours alone."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.forms import AddressForm, DetailsForm
from tests.factories import make_user


def typed(app: Flask, email: str) -> AddressForm:
    with app.test_request_context("/account/reset/", method="POST", data={"email": email}):
        form = AddressForm(meta={"csrf": False})
        form.validate()
        return form


def test_an_address_is_taken_without_blanks_and_in_lower_case(app: Flask) -> None:
    form = typed(app, "  Anna@Example.com ")
    assert (form.email.data, form.errors) == ("anna@example.com", {})


@pytest.mark.parametrize(
    "email", ["", "anna", "anna@", "a@b@c", "anna@example.com\nBcc: x@example.com", "ä@example.com"]
)
def test_what_is_no_address_is_refused_and_kept(app: Flask, email: str) -> None:
    form = typed(app, email)
    assert form.email.errors
    assert form.email.data == email


def test_the_languages_offered_are_those_of_the_interface_and_ones_own(app: Flask) -> None:
    with app.test_request_context("/account/"):
        tags = [tag for tag, _ in DetailsForm(obj=make_user(language="de")).language.choices]
        assert tags == ["en", "es", "de"]
        assert [tag for tag, _ in DetailsForm(obj=make_user()).language.choices] == ["en", "es"]
