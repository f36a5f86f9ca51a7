"""`marketplace billing reconcile`."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from marketplace.billing.stripe.client import GatewayError, StripeMisconfigured
from marketplace.billing.stripe.gateway import gateway_if_any
from marketplace.billing.sync.reconcile import reconcile_fully
from marketplace.commands.output import json_option, print_json
from marketplace.core.database import writing
from marketplace.core.extensions import now

billing = AppGroup("billing", help="Featured placements and Stripe.")
REPORT = ("placements", "repaired", "released", "events", "other_account", "orphans", "others", "refused")


@billing.command(
    "reconcile", help="Compare every placement and payment with Stripe, and repair what differs."
)
@click.option("--all", "whole", is_flag=True, help="Compare all payments, not only those of the last weeks.")
@json_option
def reconcile_command(whole: bool, as_json: bool) -> None:
    """Compare; exit 1 where no key is set or Stripe cannot be asked."""
    gateway = gateway_if_any()
    if gateway is None:
        click.echo("STRIPE_API_KEY is not set.", err=True)
        sys.exit(1)
    try:
        with writing():
            report = reconcile_fully(gateway=gateway, now=now(), whole=whole)
    except StripeMisconfigured:
        click.echo("Stripe refused the key. Check STRIPE_API_KEY and its permissions.", err=True)
        sys.exit(1)
    except GatewayError as error:
        said = error.code or type(error).__name__
        click.echo(f"Stripe cannot be reached now ({said}). Nothing is lost. Try again later.", err=True)
        sys.exit(1)
    for entry in report.refused:
        click.echo(f"not compared {entry['path']}: {entry['reason']}", err=True)
    if as_json:
        print_json(report, REPORT)
    else:
        click.echo(
            f"{report.placements} placements compared, {report.repaired} repaired, {report.released} slots freed, "
            f"{report.events} lost events fetched, "
            f"{report.other_account} bought in another account or mode, {report.orphans} orphans, "
            f"{report.others} of other products, "
            f"{len(report.refused)} not compared."
        )
