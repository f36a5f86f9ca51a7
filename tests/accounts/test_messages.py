"""Nothing that Flask-Security says by itself is shown: all that a reader can meet is in our catalogue."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale
from flask_security.core import _default_messages

from marketplace.accounts.labels import CATEGORIES, MESSAGES
from marketplace.core.extensions import db
from tests.accounts.people import GOOD_PASSWORD, sign_in_as, sign_up
from tests.clients import Client
from tests.factories import make_user, sign_in

PAGES = (
    "/es/account/sign-in/",
    "/es/account/sign-up/",
    "/es/account/reset/",
    "/es/account/confirm/",
    "/es/account/mail/",
)


def library_words() -> set[str]:
    """The library's sentences that are long enough to be recognised."""
    with files("flask_security").joinpath("translations/flask_security.pot").open("rb") as file:
        messages = [str(message.id) for message in read_po(file) if message.id]
    return {re.sub(r"%\(\w+\)s.*", "", text).strip() for text in messages if len(text) > 14} - {""}


def spoken_by_the_library(text: str) -> list[str]:
    return [words for words in library_words() if len(words) > 14 and words in text]


def test_each_message_has_its_own_words_and_keeps_the_placeholders() -> None:
    for key, text in MESSAGES.items():
        theirs, its_category = _default_messages[key]
        assert text != theirs
        assert set(re.findall(r"%\(\w+\)s", text)) <= set(re.findall(r"%\(\w+\)s", str(theirs)))
        assert CATEGORIES.get(key, "error") == its_category


def test_the_library_translates_from_our_catalogue(app: Flask) -> None:
    domain = app.extensions["security"].i18n_domain
    assert domain.domain == ["messages"]
    with force_locale("es"):
        assert "flask_security" not in str(domain.translation_directories)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_of_ours_speaks_the_librarys_words(client: Client, path: str) -> None:
    assert not spoken_by_the_library(client.page(path).text)
    assert (
        not spoken_by_the_library(client.post(path).get_data(as_text=True))
        if path != "/es/account/mail/"
        else True
    )


def test_no_message_on_the_way_speaks_the_librarys_words(app: Flask, client: Client) -> None:
    texts = [
        sign_up(client, "not an address", page="/es/account/sign-up/", password="short").get_data(
            as_text=True
        ),
        sign_up(client, page="/es/account/sign-up/", password="password").get_data(as_text=True),
        sign_up(client, page="/es/account/sign-up/").get_data(as_text=True),
        client.page("/es/account/mail/").text,
        sign_in_as(client, "anna@example.com", "wrong", page="/es/account/sign-in/").get_data(as_text=True),
        client.get("/es/account/reset/nonsense/", follow_redirects=True).get_data(as_text=True),
        client.get("/es/account/confirm/nonsense/", follow_redirects=True).get_data(as_text=True),
    ]
    user = make_user()
    db.session.commit()
    sign_in(client, user)
    path = "/es/account/password/"
    for typed in (
        {"password": "wrong", "new_password": GOOD_PASSWORD},
        {"password": "a-long-test-password", "new_password": "a-long-test-password"},
        {"password": "a-long-test-password", "new_password": "short"},
        {"password": "", "new_password": ""},
    ):
        texts.append(client.submit(path, typed).get_data(as_text=True))
    client.submit(path, {"password": "a-long-test-password", "new_password": GOOD_PASSWORD})
    texts.append(client.page("/es/account/").text)
    assert not [found for text in texts for found in spoken_by_the_library(text)]
