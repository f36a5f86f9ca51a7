"""What tests about the code share: the application as built, without a database."""

from __future__ import annotations

import pytest
from flask import Flask

from marketplace import create_app


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, never asked for a page."""
    return create_app({"INSTANCE_PATH": str(tmp_path_factory.mktemp("built"))})
