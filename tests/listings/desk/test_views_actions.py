"""One-press changes of a listing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.desk.views_actions import ACTIONS
from marketplace.listings.models import Listing
from tests.clients import Client, path_of
from tests.factories import make_listing, make_provider, make_topic, make_user, sign_in


@pytest.fixture
def member(app: Flask, client: Client) -> User:
    member = make_user()
    make_provider(member, slug="casa")
    db.session.commit()
    sign_in(client, member)
    return member


def add_listing(member: User, **values: Any) -> str:
    provider = make_provider(db.session.merge(member), slug="mine")
    listing = make_listing(make_topic(), provider, **values)
    db.session.commit()
    return f"/manage/mine/listings/{listing.id}/"


def only_listing() -> Listing:
    db.session.rollback()
    return db.session.execute(select(Listing)).scalar_one()


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        ("send", "draft", "pending"),
        ("pause", "published", "paused"),
        ("resume", "paused", "published"),
        ("withdraw", "published", "withdrawn"),
        ("confirm", "published", "published"),
    ],
)
def test_a_press_asks_then_does_it_and_says_so(
    client: Client, member: User, move: str, before: str, after: str
) -> None:
    path = add_listing(member, status=before)
    assert str(ACTIONS[move].question) in client.page(f"{path}{move}/").text
    assert only_listing().status == before
    response = client.submit(f"{path}{move}/")
    assert path_of(response) == "/manage/mine/listings/"
    assert only_listing().status == after
    assert str(ACTIONS[move].done) in client.page("/manage/mine/listings/").text


def test_a_button_on_the_listings_page_needs_no_question(client: Client, member: User) -> None:
    path = add_listing(member)
    client.submit(f"{path}pause/", on=f"{path}edit/")
    assert only_listing().status == "paused"


def test_a_stale_button_changes_nothing_and_asks_again(client: Client, member: User) -> None:
    path = add_listing(member)
    response = client.post(f"{path}withdraw/", data={"csrf_token": "old"})
    assert response.status_code == 422
    assert "This page was open for too long." in response.get_data(as_text=True)
    assert only_listing().status == "published"


def test_a_press_that_came_too_late_is_told(client: Client, member: User) -> None:
    path = add_listing(member, status="rejected")
    response = client.submit(f"{path}pause/")
    assert response.status_code == 409
    assert "This listing has changed in the meantime." in response.get_data(as_text=True)


def test_a_thin_draft_is_not_sent(client: Client, member: User) -> None:
    path = add_listing(member, status="draft", service="")
    response = client.submit(f"{path}send/")
    assert path_of(response) == f"{path}edit/"
    assert ("Add what is missing below, then send it again") in client.page(f"{path}edit/").text
    assert only_listing().status == "draft"


def test_a_suspended_providers_listing_is_not_moved(client: Client, member: User) -> None:
    path = add_listing(member)
    only_listing().provider.status = "suspended"
    db.session.commit()
    assert client.submit(f"{path}pause/").status_code == 403


@pytest.mark.parametrize("move", ACTIONS)
def test_a_strangers_listing_does_not_exist(client: Client, member: User, move: str) -> None:
    listing = make_listing(make_topic(), make_provider(make_user(), slug="other"))
    db.session.commit()
    for provider in ("other", "casa"):
        path = f"/manage/{provider}/listings/{listing.id}/{move}/"
        client.page(path, status=404)
        assert client.post(path, data={}).status_code == 404


def test_there_are_no_other_moves(client: Client, member: User) -> None:
    client.page(f"{add_listing(member)}publish/", status=404)
