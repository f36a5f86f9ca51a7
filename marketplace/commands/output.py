"""Output of commands: one JSON object on standard output, messages on standard error, progress bars on terminals."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any, TypeVar

import click

Item = TypeVar("Item")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def print_json(report: Any, names: Iterable[str]) -> None:
    """Print these attributes of a report as one JSON object, in ASCII so that any terminal and pipe accepts it."""
    click.echo(json.dumps({name: getattr(report, name) for name in names}))


def print_report(report: Any, names: Iterable[str], sentence: str, *, as_json: bool) -> None:
    """Print what came of a run: what was refused on standard error, then the JSON object or the sentence."""
    for entry in report.refused:
        place = f"line {entry['line']}" if "line" in entry else entry["path"]
        click.echo(f"refused {place}: {entry['reason']}", err=True)
    if as_json:
        print_json(report, names)
    else:
        click.echo(sentence)


def progress_bar(items: Iterable[Item], label: str) -> Any:
    """A progress bar on standard error, hidden if that is not a terminal."""
    return click.progressbar(items, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
