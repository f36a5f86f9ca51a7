"""Fixtures for tests of the public pages."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.public.site import Site, build_site


@pytest.fixture
def site(app: Flask) -> Site:
    """The small site of `tests.public.site`."""
    return build_site()
