"""`marketplace rates import FILE.csv`."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.commands.output import print_json
from marketplace.core.database import writing
from marketplace.core.extensions import db, now
from marketplace.guides.services import raise_all_topic_revisions
from marketplace.providers.signals import invalidate_all_provider_pages
from marketplace.values.exchange import save_rates
from marketplace.values.rates import read_rates

rates = AppGroup("rates", help="Exchange rates for currencies the ECB does not cover.")


@dataclass(slots=True)
class RatesReport:
    """The result of a run. `refused` is a list of {line, reason}."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)


@rates.command(
    "import", help="Import exchange rates to the euro from a CSV file: currency, date, rate, source."
)
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_command(path: Path, as_json: bool) -> None:
    """Import. Invalid lines are reported and the others imported. Exit 1 if nothing could be imported."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            found, refused = read_rates(file, today=now().date())
    except (OSError, ValueError) as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(1)
    report = RatesReport(rows=len(found) + len(refused), refused=[asdict(entry) for entry in refused])
    with writing():
        report.created, report.updated = save_rates(found)
        if report.created or report.updated:
            raise_all_topic_revisions()
            invalidate_all_provider_pages()
        db.session.commit()
    for entry in report.refused:
        click.echo(f"refused line {entry['line']}: {entry['reason']}", err=True)
    if as_json:
        print_json(report, ("rows", "created", "updated", "refused"))
    else:
        click.echo(
            f"{report.rows} rates: {report.created} created, {report.updated} updated, {len(refused)} refused."
        )
    if report.rows and len(refused) == report.rows:
        sys.exit(1)
