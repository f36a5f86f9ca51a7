"""The member's own page."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from marketplace.core.extensions import db
from tests.accounts.people import is_signed_in, person
from tests.clients import Client, path_of
from tests.factories import make_user, sign_in


def enter(client: Client, role: str = "member", **values: object) -> None:
    user = make_user(role, email="anna@example.com", name="Anna", **values)
    db.session.commit()
    sign_in(client, user)


def test_a_stranger_is_sent_to_sign_in_and_back(client: Client) -> None:
    response = client.get("/es/account/")
    assert path_of(response) == "/es/account/sign-in/?next=/es/account/"


def test_the_page_says_who_one_is_and_that_the_address_is_confirmed(app: Flask, client: Client) -> None:
    enter(client)
    page = client.page("/account/")
    assert "anna@example.com" in page.text
    assert "Email address confirmed" in page.text
    assert "Send the link again" not in page.text


def test_who_is_not_confirmed_yet_gets_the_button(app: Flask, client: Client) -> None:
    enter(client, confirmed=False)
    page = client.page("/account/")
    assert "not confirmed yet" in page.text
    response = client.submit("/account/confirm/", {}, on="/account/")
    assert path_of(response) == "/account/mail/?again=confirm"


def test_members_see_their_places_and_staff_one_more(
    app: Flask, client: Client, new_client: Callable[[], Client]
) -> None:
    enter(client)
    links = client.page("/account/").links()
    assert {"/account/reviews/", "/manage/", "/account/password/"} <= set(links)
    assert "/staff/" not in links
    other = new_client()
    moderator = make_user("moderator")
    db.session.commit()
    sign_in(other, moderator)
    assert "/staff/" in other.page("/account/").links()


def test_name_and_language_are_saved(app: Flask, client: Client) -> None:
    enter(client)
    response = client.submit("/account/", {"name": " Ana  María ", "language": "es"})
    assert (response.status_code, path_of(response)) == (303, "/account/")
    assert (person().name, person().language) == ("Ana María", "es")
    assert "saved" in client.page("/account/").text


def test_a_name_that_is_refused_comes_back_with_the_reason(app: Flask, client: Client) -> None:
    enter(client)
    response = client.submit("/account/", {"name": "www.spam.example", "language": "es"})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert 'value="www.spam.example"' in text
    assert "Your name must not include email addresses, web addresses or phone numbers" in text
    assert (person().name, person().language) == ("Anna", "en")


def test_a_form_without_its_token_changes_nothing(app: Flask, client: Client) -> None:
    enter(client)
    response = client.post("/account/", data={"name": "Eve", "language": "es"})
    assert response.status_code == 422
    assert 'value="Eve"' in response.get_data(as_text=True)
    assert person().name == "Anna"


def test_signing_out_is_a_button(app: Flask, client: Client) -> None:
    enter(client)
    response = client.submit("/account/sign-out/", {}, on="/account/")
    assert path_of(response) == "/"
    assert not is_signed_in(client)


def test_a_link_cannot_sign_anybody_out(app: Flask, client: Client) -> None:
    enter(client)
    assert client.get("/account/sign-out/").status_code == 405
    assert is_signed_in(client)


def test_another_site_cannot_sign_anybody_out(app: Flask, client: Client) -> None:
    enter(client)
    response = client.post("/es/account/sign-out/")
    assert response.status_code == 422
    assert is_signed_in(client)
    assert path_of(client.submit("/es/account/sign-out/", {}, on="/es/account/")) == "/es/"


def test_the_page_after_a_mail_offers_to_send_it_again(client: Client) -> None:
    assert "/account/reset/" in client.page("/account/mail/?again=reset").links()
    assert "/account/confirm/" in client.page("/account/mail/?again=confirm").links()
    page = client.page("/account/mail/?again=<script>")
    assert "<script>" not in page.html
