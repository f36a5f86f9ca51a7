"""A member who is signed in, and a listing to write about."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from tests.clients import Client
from tests.factories import make_listing, make_provider, make_topic, make_user, sign_in


@pytest.fixture
def listing(app: Flask) -> Listing:
    listing = make_listing(make_topic(), make_provider(name="Nopal <y> Norte"))
    db.session.commit()
    return listing


@pytest.fixture
def member(app: Flask, client: Client) -> User:
    member = make_user(name="Ottilie B.")
    db.session.commit()
    sign_in(client, member)
    return member
