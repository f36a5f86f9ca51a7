from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from tests.clients import Client
from tests.factories import PASSWORD, make_listing, make_review, make_topic, make_user, sign_in

ERASE = "/account/data/erase/"


def member(client: Client) -> User:
    user = make_user(name="Quirina <b>")
    make_review(make_listing(make_topic()), user, text="They were <i>quick</i> and kind to all of us.")
    db.session.commit()
    sign_in(client, user)
    return user


def test_a_member_reads_everything_and_takes_it_away(client: Client, app: Flask) -> None:
    user = member(client)
    page = client.page("/account/data/")
    assert "They were <i>quick</i>" in page.text
    assert user.email in page.text
    assert "We do not keep any of the following about you" in page.text
    assert "What we do not have" in page.texts("h2")
    response = client.get("/account/data/export.json")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.get_json()["account"][0]["name"] == "Quirina <b>"
    assert "Tus datos" in client.page("/es/account/data/").text


def test_an_account_is_erased_with_its_password(client: Client, app: Flask) -> None:
    user_id = member(client).id
    page = client.page(ERASE)
    assert "cannot be undone" in page.text
    response = client.submit(ERASE, {"password": "wrong"})
    assert response.status_code == 422
    assert ("Your password is not correct") in response.get_data(as_text=True)
    response = client.submit(ERASE, {"password": PASSWORD})
    assert response.headers["Location"].endswith("/account/erased/")
    assert "deleted" in client.page("/account/erased/").text
    assert client.get("/account/").status_code == 302
    assert db.session.scalar(select(func.count(User.id)).where(User.id == user_id)) == 0


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    for path in ("/account/data/", "/account/data/export.json", ERASE):
        assert client.get(path).status_code == 302
