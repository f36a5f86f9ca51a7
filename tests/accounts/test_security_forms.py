"""Flask-Security's forms with our words: what was typed comes back, passwords do not."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.extensions import db
from tests.accounts.people import GOOD_PASSWORD, is_signed_in, person, sign_in_as, sign_up
from tests.clients import Client
from tests.factories import PASSWORD, make_user, sign_in
from tests.pages import Page


def page_of(client: Client, path: str, **typed: str) -> Page:
    response = client.submit(path, typed)
    assert response.status_code == 422
    return Page(response.get_data(as_text=True))


def test_a_form_that_comes_back_keeps_what_was_typed_but_no_password(client: Client) -> None:
    page = page_of(
        client, "/account/sign-up/", name="Ana María", email="not an address", password="four-secret-words"
    )
    assert page.one("input", name="name").get("value") == "Ana María"
    assert page.one("input", name="email").get("value") == "not an address"
    assert not page.one("input", name="password").get("value")
    assert "four-secret-words" not in page.html
    assert page.title.startswith("Error:")


def test_each_error_stands_beside_its_field_and_in_the_summary(client: Client) -> None:
    page = page_of(client, "/account/sign-up/", name="", email="", password="")
    for field in ("name", "email", "password"):
        assert page.one(id=f"{field}-error")
        assert page.one("input", name=field).get("aria-invalid") == "true"
        assert f"#{field}" in page.links()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("seven77", "between 8 and 128 characters"),
        ("x" * 129, "between 8 and 128 characters"),
        ("password1", "easy to guess"),
        ("marketplace", "easy to guess"),
        ("anna2026", "easy to guess"),
    ],
)
def test_a_password_that_is_not_good_enough_is_refused_with_the_reason(
    app: Flask, client: Client, password: str, words: str
) -> None:
    page = page_of(client, "/account/sign-up/", name="Anna", email="anna@example.com", password=password)
    assert words in page.texts("p", id="password-error")[0]


@pytest.mark.parametrize(
    "email", ["anna", "anna@", "@example.com", "a b@example.com", "anna@example", "ä@example.com"]
)
def test_what_is_no_address_is_refused(client: Client, email: str) -> None:
    page = page_of(client, "/account/sign-up/", name="Anna", email=email, password=GOOD_PASSWORD)
    assert "name@example.com" in page.texts("p", id="email-error")[0]


def test_an_address_is_kept_in_lower_case(client: Client) -> None:
    sign_up(client, "Anna@Example.COM")
    assert person("anna@example.com").name == "Anna"


def test_a_name_is_cleaned_before_it_is_kept(client: Client) -> None:
    sign_up(client, name="  Anna \t M. ")
    assert person().name == "Anna M."


def test_nobody_signs_up_with_a_role(client: Client) -> None:
    form = client.page("/account/sign-up/")
    token = form.one("input", name="csrf_token").get("value")
    data = {"name": "Anna", "email": "anna@example.com", "password": GOOD_PASSWORD, "csrf_token": token}
    client.post(
        "/account/sign-up/", data={**data, "role": "admin", "confirmed_at": "2026-01-01", "active": ""}
    )
    assert (person().role, person().confirmed_at, person().active) == ("member", None, True)


def test_an_address_that_is_not_confirmed_yet_may_sign_in(app: Flask, client: Client) -> None:
    make_user(email="anna@example.com", confirmed=False)
    db.session.commit()
    assert sign_in_as(client, "anna@example.com", PASSWORD).status_code == 303
    assert is_signed_in(client)


def test_a_closed_account_does_not_sign_in_and_is_not_told_apart(app: Flask, client: Client) -> None:
    make_user(email="anna@example.com", active=False)
    db.session.commit()
    texts = {
        page_of(client, "/account/sign-in/", email=email, password=password).texts(
            "div", class_="error-summary"
        )[0]
        for email, password in (
            ("anna@example.com", PASSWORD),
            ("anna@example.com", "wrong"),
            ("nobody@example.com", PASSWORD),
        )
    }
    assert len(texts) == 1


def test_an_account_without_a_password_does_not_sign_in(app: Flask, client: Client) -> None:
    make_user(email="anna@example.com", password=None)
    db.session.commit()
    for password in ("", "None", PASSWORD):
        assert sign_in_as(client, "anna@example.com", password).status_code == 422


def test_the_password_of_now_is_asked_for_before_another(app: Flask, client: Client) -> None:
    user = make_user()
    db.session.commit()
    sign_in(client, user)
    page = page_of(client, "/account/password/", password="wrong", new_password=GOOD_PASSWORD)
    assert "This is not your current password" in page.texts("p", id="password-error")[0]
    page = page_of(client, "/account/password/", password=PASSWORD, new_password=PASSWORD)
    assert "different from your current one" in page.text
    page = page_of(client, "/account/password/", password=PASSWORD, new_password="password")
    assert "easy to guess" in page.texts("p", id="new_password-error")[0]


@pytest.mark.parametrize(
    "path", ["/account/sign-in/", "/account/sign-up/", "/account/reset/", "/account/confirm/"]
)
def test_a_page_that_grew_old_says_so_and_keeps_what_was_typed(client: Client, path: str) -> None:
    client.page(path)
    client.delete_cookie("session")
    response = client.post(
        path, data={"email": "anna@example.com", "password": GOOD_PASSWORD, "csrf_token": "old"}
    )
    page = Page(response.get_data(as_text=True))
    assert response.status_code == 422
    assert "open for too long" in page.text
    assert page.one("input", name="email").get("value") == "anna@example.com"
    assert client.submit(path, {"email": "anna@example.com"}).status_code in (303, 422)
