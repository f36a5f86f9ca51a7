"""`marketplace rates import FILE.csv`."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.commands.output import json_option, print_report
from marketplace.core.database import writing
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import enqueue
from marketplace.guides.services import raise_all_topic_revisions
from marketplace.listings.importing.services import BulkReport
from marketplace.providers.signals import invalidate_all_provider_pages
from marketplace.values.csv import NotText, decode
from marketplace.values.exchange import save_rates
from marketplace.values.rates import read_rates

rates = AppGroup("rates", help="Exchange rates for currencies the ECB does not cover.")


@rates.command(
    "import", help="Import exchange rates to the euro from a CSV file: currency, date, rate, source."
)
@click.argument("path", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def import_command(path: Path, as_json: bool) -> None:
    """Import. Invalid lines are reported and the others imported. Exit 1 if nothing could be imported."""
    try:
        found, refused = read_rates(decode(path.read_bytes()), today=now().date())
    except (OSError, NotText) as error:
        click.echo(f"{path}: {error}", err=True)
        sys.exit(1)
    report = BulkReport(rows=len(found) + len(refused), refused=[asdict(entry) for entry in refused])
    with writing():
        report.created, report.updated = save_rates(found)
        if report.created or report.updated:
            raise_all_topic_revisions()
            invalidate_all_provider_pages()
            enqueue("ratings.recompute", {})  # reports in other currencies are converted at these
        db.session.commit()
    sentence = (
        f"{report.rows} rates: {report.created} created, {report.updated} updated, {len(refused)} refused."
    )
    print_report(report, ("rows", "created", "updated", "refused"), sentence, as_json=as_json)
    if report.rows and len(refused) == report.rows:
        sys.exit(1)
