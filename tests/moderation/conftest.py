"""Fixtures of moderation's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from tests.clients import Client
from tests.factories import make_user, sign_in


@pytest.fixture
def moderator(app: Flask, client: Client) -> User:
    """A moderator, signed in."""
    moderator = make_user("moderator", name="Mod <Seven>")
    db.session.commit()
    sign_in(client, moderator)
    return moderator
