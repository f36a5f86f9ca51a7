"""`marketplace guides import|publish|coverage`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup

from marketplace.commands.output import json_option, print_json, print_report, progress_bar
from marketplace.core.extensions import current_settings, now
from marketplace.guides.files import FoundFile, NoGuides
from marketplace.guides.importing import ImportReport, import_guides
from marketplace.guides.services import FoundRows
from marketplace.listings.importing.guide_rows import import_rows
from marketplace.listings.revisions import invalidate_provider_pages
from marketplace.public.offers.coverage import coverage as topic_coverage
from marketplace.public.publish.services import publish_guides

guides = AppGroup("guides", help="Import guides, publish their provider tables, show which have listings.")
FOLDER = click.Path(file_okay=False, path_type=Path)


@guides.command("import", help="Import or refresh the guides in a folder.")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--retire", is_flag=True, help="Retire guides whose files are gone, however many.")
@json_option
def import_command(folder: Path, retire: bool, as_json: bool) -> None:
    """Import. Exit 1 if no file could be imported or too many guides would be retired."""
    try:
        report = import_folder(folder, retire=retire)
    except NoGuides as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    for country in report.unknown_countries:
        click.echo(
            f"{country}: not the name of a country we know, so it has no currency of its own", err=True
        )
    names = ("files", "imported", "unchanged", "retired", "refused", "topics", "tables")
    sentence = (
        f"{report.files} files: {report.imported} imported, {report.unchanged} unchanged, "
        f"{len(report.refused)} refused, {report.retired} retired. {report.topics} topics, {report.tables} tables."
    )
    print_report(report, names, sentence, as_json=as_json)
    if report.held:
        click.echo(
            f"{report.held} guides are held back, as their front matter says: drafts, and pages outside their dates.",
            err=True,
        )
    if report.not_retired:
        click.echo(
            f"{report.not_retired} guides have no file in this folder. That is a lot, so none was retired. "
            "Use --retire if you mean it.",
            err=True,
        )
    if report.not_retired or len(report.refused) == report.files:
        sys.exit(1)


def import_folder(folder: Path, *, retire: bool = False, keep: bool = False) -> ImportReport:
    """Import a folder and create unclaimed listings from the rows of its files. Raises `NoGuides`."""

    origin = current_settings().guides_origin
    moment = now()

    def on_batch(found: list[FoundRows], topic_ids: set[int]) -> None:
        import_rows(found, now=moment)
        invalidate_provider_pages(topic_ids)

    return import_guides(
        folder,
        origin=origin,
        now=moment,
        on_batch=on_batch,
        retire=retire,
        keep=keep,
        progress=_progress("Reading guides"),
    )


@guides.command("publish", help="Write the provider tables into the guide files of a folder.")
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--check", is_flag=True, help="Write nothing. Exit 1 if a file would change.")
@json_option
def publish_command(folder: Path, check: bool, as_json: bool) -> None:
    """Publish. Exit 1 if no file could be published, or `--check` found a change."""

    try:
        report = publish_guides(folder, check=check, now=now(), progress=_progress("Publishing"))
    except NoGuides as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    verb = "would change" if check else "changed"
    sentence = f"{report.files} files: {report.changed} {verb}, {report.unchanged} unchanged, {len(report.refused)} refused."
    print_report(report, ("files", "changed", "unchanged", "refused"), sentence, as_json=as_json)
    if (check and report.changed) or len(report.refused) == report.files:
        sys.exit(1)


@guides.command("coverage", help="Show which topics have listings, by country and language.")
@json_option
def coverage_command(as_json: bool) -> None:
    """Print the numbers of topics with and without listings."""
    report = topic_coverage(now().date())
    if as_json:
        print_json(report, ("topics", "served", "unserved"))
        return
    click.echo(f"{report.served} topics served, {report.unserved} unserved.")
    for row in report.by_country():
        click.echo(f"{row.name:24} {row.served:5} of {row.topics:5} served")
    for row in report.by_language():
        click.echo(f"{row.name:24} {row.served:5} of {row.topics:5} served")


def _progress(label: str) -> Callable[[Iterable[FoundFile]], Iterator[FoundFile]]:
    def progress(files: Iterable[FoundFile]) -> Iterator[FoundFile]:
        with progress_bar(files, label) as bar:
            yield from bar

    return progress
