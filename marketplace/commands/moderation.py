"""`marketplace moderation`: the log of actions."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from marketplace.commands.output import json_option
from marketplace.core.extensions import now
from marketplace.moderation.ledger.services import Fault, verify_log

DIGEST = re.compile("[0-9a-f]{64}")
REASONS = {
    "gap": "link {position} does not follow the one before it",
    "missing": "entry {entry}, at position {position}, is gone",
    "changed": "entry {entry}, at position {position}, or its link was changed",
    "decision": "entry {entry}, at position {position}, does not fit its decision",
    "unsealed": "entry {entry} has waited for its seal for more than a day (is a worker running?)",
    "unlogged": "decision {entry} has no entry in the log",
    "head": "the published head is not in the log",
}


@click.group("moderation", help="The log of what moderators did.")
def moderation() -> None:
    """The group."""


@moderation.command(
    "verify", help="Compute the log’s chain again. Says the first entry that is broken, and exits with 1."
)
@click.option("--head", help="A hash that the site has published: it must still be in the log.")
@json_option
@with_appcontext
def verify(head: str | None, as_json: bool) -> None:
    """Verify the log; `head` is one of `/about/decisions/heads.csv`."""
    if head is not None and DIGEST.fullmatch(head) is None:
        raise click.BadParameter("give the 64 digits of a published hash", param_hint="--head")
    report = verify_log(now=now(), published_head=head)
    if as_json:
        click.echo(json.dumps({"ok": report.fault is None, **asdict(report)}))
    elif report.fault is None:
        click.echo(
            f"The log is whole: {report.entries} entries, {report.waiting} more wait for their seal."
            f" Head: {report.head}"
        )
    else:
        click.echo(f"The log is broken: {words(report.fault)}.", err=True)
    sys.exit(0 if report.fault is None else 1)


def words(fault: Fault) -> str:
    """What is wrong, in a sentence."""
    return REASONS[fault.reason].format(entry=fault.entry, position=fault.position)
