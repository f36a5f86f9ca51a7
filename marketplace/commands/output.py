"""Output of commands: one JSON object on standard output, messages on standard error, progress bars on terminals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TypeVar

import click

Item = TypeVar("Item")


def print_json(report: Any, names: Iterable[str]) -> None:
    """Print these attributes of a report as one JSON object, in ASCII so that any terminal and pipe accepts it."""
    click.echo(json.dumps({name: getattr(report, name) for name in names}))


def progress_bar(items: Iterable[Item], label: str) -> Any:
    """A progress bar on standard error, hidden if that is not a terminal."""
    return click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
