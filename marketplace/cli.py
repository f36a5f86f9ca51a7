"""The `marketplace` commands, thin: parse, call a service, print."""

from __future__ import annotations

import sys
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from marketplace import create_app
from marketplace.core.config import ConfigError


def _create() -> Flask:
    try:
        return create_app()
    except ConfigError as error:
        click.echo(str(error), err=True)
        sys.exit(2)


class MarketplaceGroup(FlaskGroup):
    """Flask's command group on our application, from any folder."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(create_app=_create, add_default_commands=True, load_dotenv=False, **extra)
        self.commands.pop("run", None)  # ours has the worker beside it; Flask looks at its own first


@click.group(cls=MarketplaceGroup, help="The marketplace: guides, providers, listings, reviews.")
def marketplace() -> None:
    """The console script's group."""


def main() -> None:
    """Entry point of the console script."""
    try:
        marketplace(prog_name="marketplace")
    except (OperationalError, ProgrammingError) as error:  # no server, no file, no table
        said = str(error.orig).partition("\n")[0]
        click.echo(
            f"The database cannot be used: {said}. Run `marketplace db upgrade`, then try again.", err=True
        )
        sys.exit(1)
