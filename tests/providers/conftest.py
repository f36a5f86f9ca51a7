"""Fixtures of this feature's tests."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace.accounts.models import User
from tests.factories import make_user


@pytest.fixture
def member(app: Flask) -> User:
    """Somebody with a confirmed address."""
    return make_user()
