"""Who sends a form while signed out gets back what was typed, signs in, and sends it again."""

from __future__ import annotations

from marketplace.core.extensions import db
from tests.clients import Client
from tests.factories import make_listing, make_topic, make_user, sign_in
from tests.pages import Page, fields_of

TEXT = "They <b>answered</b> every question &amp; more.\n\nThe card came on the day they said.\n"


def test_what_was_typed_comes_back_and_can_be_sent_after_signing_in(client: Client) -> None:
    listing = make_listing(make_topic())
    author = make_user()
    db.session.commit()
    path = f"/es/account/reviews/new/?listing={listing.id}"
    answer = client.post(path, data={"text": TEXT, "rating": "4", "csrf_token": "old"})
    assert answer.status_code == 401
    form = Page(answer.text).form(path)
    kept = {name: values[0] for name, values in fields_of(form).items() if values}
    assert kept["text"] == TEXT
    assert "csrf_token" not in kept
    sign_in(client, author)
    again = client.post(path, data=kept)
    assert again.status_code == 422
    assert fields_of(Page(again.text).form(path))["text"] == [TEXT]


def test_a_password_is_never_put_into_the_page(client: Client) -> None:
    answer = client.post("/account/password/", data={"password": "secret-one", "new_password": "secret-two"})
    assert answer.status_code == 401
    assert "secret-one" not in answer.text
