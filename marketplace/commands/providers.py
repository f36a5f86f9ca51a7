"""`marketplace providers duplicates`: providers that look like one, and their merging."""

from __future__ import annotations

from dataclasses import dataclass, field

import click
from flask.cli import AppGroup

from marketplace.commands.output import json_option, print_report
from marketplace.core.database import let_others_write, writing
from marketplace.core.errors import Conflict
from marketplace.core.extensions import db, now
from marketplace.providers.merging import (
    are_spellings,
    count_members,
    merge_problems,
    merge_provider,
    propose_merges,
)
from marketplace.providers.models import Provider

providers = AppGroup("providers", help="Providers: which of them are one.")
REASONS = {
    "merge_standing": "only unclaimed, pending and active providers can be merged",
    "merge_own_review": "a member of one has reviewed the other: a moderator decides on that review first",
    "merge_checkout": "it is buying a featured placement: try again in an hour",
    "merge_same_place": "both have a featured placement in the same place: one of them has to end first",
    "merge_subscriptions": "both pay for featured placements by the month: one of them cancels first",
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
@click.option(
    "--merge",
    is_flag=True,
    help="Ask for each, and merge those that are confirmed. With --json nobody is asked: spellings of one name are merged.",
)
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
            alike = yes or are_spellings(other, group.into)
            asks = merge and not (as_json and not alike)
            _consider(other, group.into, report, merge=asks, yes=yes or as_json)
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
    if not (yes or _is_confirmed(pair)):
        return
    with writing():
        db.session.rollback()  # what was read for the question may have changed meanwhile: the merge checks it anew
        try:
            merge_provider(other, into, now=now())
        except Conflict as refusal:
            db.session.rollback()
            _refuse(report, other, [refusal.code])
            return
        db.session.commit()
    let_others_write(db.engine)
    report.merged += 1


def _is_confirmed(pair: str) -> bool:
    try:
        return click.confirm(f"Merge {pair}?", err=True)
    except click.Abort:  # nobody is there to answer
        click.echo(err=True)
        return False


def _refuse(report: MergeReport, other: Provider, problems: list[str]) -> None:
    reason = "; ".join(REASONS[code] for code in problems)
    report.refused.append({"path": f"/providers/{other.slug}/", "reason": reason})


def _named(provider: Provider) -> str:
    members = count_members(provider.id)
    managed = f", {members} member{'s' * (members != 1)}" if members else ""
    return f"“{provider.name}” (/providers/{provider.slug}/, {provider.status}{managed})"
