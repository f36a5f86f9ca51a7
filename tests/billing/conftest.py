"""What the tests of placements share; the shop itself is a fixture of all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture
def request_context(app: Flask) -> Iterator[None]:
    """A request of a page in English."""
    with app.test_request_context():
        yield
