"""`marketplace providers duplicates`: providers that look like one, and their merging."""

from __future__ import annotations

from dataclasses import dataclass, field

import click
from flask.cli import AppGroup

from marketplace.commands.output import json_option, print_report
from marketplace.core.database import let_others_write, writing
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db, now
from marketplace.providers.merging import merge_problems, merge_provider, propose_merges
from marketplace.providers.models import Provider

providers = AppGroup("providers", help="Providers: which of them are one.")
REASONS = {
    "merge_members": "both have members: they settle it, or one of them is removed first",
    "merge_standing": "only unclaimed, pending and active providers can be merged",
    "merge_reviewed_twice": "somebody reviewed both for one procedure within twelve months: decide on those reviews first",
    "merge_invited": "both asked clients of the same procedure for reviews",
    "merge_placements": "it has, buys or waits for a featured placement: that has to end first",
}


@dataclass(slots=True)
class MergeReport:
    """What a run proposed and did. `proposals` are of addresses: the provider that stays, and those that would go."""

    proposals: list[dict[str, str | list[str]]] = field(default_factory=list)
    proposed: int = 0
    merged: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)


@providers.command(
    "duplicates", help="Show providers that look like one; with --merge, merge those you confirm."
)
@click.option("--merge", is_flag=True, help="Ask for each, and merge those that are confirmed.")
@click.option("--yes", is_flag=True, help="With --merge: confirm all.")
@json_option
def duplicates(merge: bool, yes: bool, as_json: bool) -> None:
    """Propose merges, and carry out the confirmed ones, each in a transaction of its own."""
    if yes and not merge:
        raise click.UsageError("--yes goes with --merge.")
    report = MergeReport()
    for group in propose_merges():
        report.proposed += 1
        report.proposals.append({"keep": group.into.slug, "merge": [other.slug for other in group.others]})
        for other in group.others:
            _consider(other, group.into, report, merge=merge, yes=yes)
    sentence = f"{report.proposed} proposed, {report.merged} merged, {len(report.refused)} refused."
    print_report(report, ("proposed", "merged", "refused", "proposals"), sentence, as_json=as_json)


def _consider(other: Provider, into: Provider, report: MergeReport, *, merge: bool, yes: bool) -> None:
    pair = f"{_named(other)} into {_named(into)}"
    if problems := merge_problems(other, into):
        _refuse(report, other, problems)
        return
    if not merge:
        click.echo(f"could merge {pair}", err=True)
        return
    if not (yes or click.confirm(f"Merge {pair}?", err=True)):
        return
    with writing():
        db.session.rollback()  # what was read for the question may have changed meanwhile
        try:
            merge_provider(other, into, now=now())
        except Conflict as refusal:
            db.session.rollback()
            _refuse(report, other, [refusal.code])
            return
        db.session.commit()
    let_others_write(db.engine)
    report.merged += 1


def _refuse(report: MergeReport, other: Provider, problems: list[str]) -> None:
    reason = "; ".join(REASONS[code] for code in problems)
    report.refused.append({"path": f"/providers/{other.slug}/", "reason": reason})


def _named(provider: Provider) -> str:
    return f"“{provider.name}” (/providers/{provider.slug}/, {provider.status})"
