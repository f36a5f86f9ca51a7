"""Marketplace: the directory that fills the provider tables of public-service guides."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flask import Flask

    from marketplace.core.extensions import Clock


def create_app(environ: Mapping[str, str] | None = None, *, clock: Clock | None = None) -> Flask:
    """Make the application from settings (by default the environment's).

    `clock` returns the time as aware UTC; tests pass their own. Raises `config.ConfigError` naming a wrong setting.
    """
    from marketplace.app import build

    return build(os.environ if environ is None else environ, clock)


logging.getLogger(__name__).addHandler(logging.NullHandler())
