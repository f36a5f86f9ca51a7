"""How commands print: one JSON object on standard output, everything else on standard error, bars on terminals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TypeVar

import click

Item = TypeVar("Item")


def print_json(report: Any, names: Iterable[str]) -> None:
    """Print these attributes of a report as one object; in ASCII, which every terminal and pipe can take."""
    click.echo(json.dumps({name: getattr(report, name) for name in names}))


def progress_bar(items: Iterable[Item], label: str) -> Any:
    """A progress bar on standard error where that is a terminal; silent elsewhere."""
    return click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
