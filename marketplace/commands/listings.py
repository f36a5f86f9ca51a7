"""`marketplace listings import|export`."""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from marketplace.commands.output import json_option, print_json, print_report, progress_bar
from marketplace.core.database import let_others_write, writing
from marketplace.core.extensions import db, now
from marketplace.listings.importing.csv_file import COLUMNS, HeaderRefused, Record, read_records
from marketplace.listings.importing.lines import Identity
from marketplace.listings.importing.services import BulkReport, export_rows, import_records
from marketplace.values.csv import BrokenRow, NotText, decode, write_record

listings = AppGroup("listings", help="Listings in bulk, as CSV files.")
FILE = click.Path(path_type=Path)
UNIT = 200  # lines of one transaction: members write in between
TRIES = 3
REPORT = ("rows", "created", "updated", "refused")


@listings.command("import", help="Create and update listings from a CSV file, without moderation.")
@click.argument("file", metavar="FILE.csv", type=FILE)
@json_option
def import_command(file: Path, as_json: bool) -> None:
    """Import; exit 1 where the file cannot be read at all."""
    try:
        report = _import_file(file)
    except (OSError, HeaderRefused, NotText) as error:
        click.echo(f"{file}: {_explain(error)}", err=True)
        if as_json:
            print_json(BulkReport(), REPORT)
        sys.exit(1)
    sentence = f"{report.rows} lines: {report.created} created, {report.updated} updated, {len(report.refused)} refused."
    print_report(report, REPORT, sentence, as_json=as_json)
    for line, first in report.repeats:
        click.echo(
            f"line {line}: updated line {first}’s listing: it is the same provider and procedure.", err=True
        )


def _import_file(file: Path) -> BulkReport:
    report = BulkReport()
    seen: dict[tuple[Identity, int], int] = {}
    records = list(read_records(decode(file.read_bytes())))
    with progress_bar(records, "Importing listings") as bar:
        for unit in _units(bar):
            report.add(_import_unit(unit, seen))
            let_others_write(db.engine)
    return report


def _units(records: Iterable[Record | BrokenRow]) -> Iterator[list[Record | BrokenRow]]:
    iterator = iter(records)
    while unit := list(itertools.islice(iterator, UNIT)):
        yield unit


def _import_unit(unit: list[Record | BrokenRow], seen: dict[tuple[Identity, int], int]) -> BulkReport:
    with writing():
        for left in reversed(range(TRIES)):
            known = dict(seen)
            try:
                report = import_records(unit, now=now(), seen=known)
                db.session.commit()
                break
            except IntegrityError:  # a member made the same provider or listing meanwhile: read again
                db.session.rollback()
                if not left:
                    raise
        db.session.expunge_all()
    seen.update(known)
    return report


@listings.command("export", help="Write all listings to a CSV file that import reads back without loss.")
@click.argument("file", metavar="FILE.csv", type=FILE)
@json_option
def export_command(file: Path, as_json: bool) -> None:
    """Export; exit 1 where the file cannot be written. An older file is replaced whole or not at all."""
    report = BulkReport()
    try:
        report.rows = _export_file(file)
    except OSError as error:
        click.echo(f"{file}: {_explain(error)}", err=True)
        if as_json:
            print_json(report, REPORT)
        sys.exit(1)
    print_report(report, REPORT, f"{report.rows} listings written to {file}.", as_json=as_json)


def _export_file(file: Path) -> int:
    count = 0
    target = file.resolve()
    handle, partial = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(write_record(COLUMNS))
            for cells in export_rows():
                stream.write(write_record(cells))
                count += 1
        Path(partial).chmod(0o666 & ~_umask())
        Path(partial).replace(target)
    except BaseException:
        Path(partial).unlink(missing_ok=True)
        raise
    return count


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _explain(error: Exception) -> str:
    return error.strerror or "it cannot be read." if isinstance(error, OSError) else str(error)
