"""The one-press changes."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.listings.desk.views_actions import ACTIONS
from marketplace.listings.services import edit_listing
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.listings.making import TERMS


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("send", "draft", "pending"),
        ("pause", "published", "paused"),
        ("resume", "paused", "published"),
        ("withdraw", "published", "withdrawn"),
        ("confirm", "published", "published"),
        ("drop", "published", "published"),
    ],
)
def test_each_move_does_what_its_name_says(app: Flask, name: str, before: str, after: str) -> None:
    member = make_user()
    listing = make_listing(make_topic(), make_provider(member), status=before)
    if name == "drop":
        edit_listing(actor=member, listing=listing, terms=TERMS, now=NOON)
    ACTIONS[name].service(member, listing, NOON)
    assert (listing.status, listing.edit) == (after, None)


@pytest.mark.parametrize("name", ACTIONS)
def test_each_move_asks_explains_and_says_what_was_done(app: Flask, name: str) -> None:
    move = ACTIONS[name]
    assert str(move.question).endswith("?")
    assert all(str(text) for text in (move.consequence, move.button, move.done))
