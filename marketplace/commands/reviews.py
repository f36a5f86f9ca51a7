"""`marketplace reviews simulate-attack` and `recount`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from marketplace.commands.output import json_option, progress_bar
from marketplace.core.database import writing
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.listings.revisions import invalidate_listing_pages
from marketplace.public.offers.attacks import HONEST, SEED, Outcome, best_outcomes, play_attacks
from marketplace.reviews.ratings.services import recompute_ratings

reviews = AppGroup("reviews", help="How much reviews count, and what cheating gains.")
# The sums that are compared to say how many listings changed.
SUMS = (
    "rating_average",
    "rating_weight",
    "rating_weighted",
    "invited_weight",
    "invited_weighted",
    "reported_count",
)


@reviews.command(
    "simulate-attack", help="Play a provider who invites its own mailboxes, with the rules in force."
)
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Which honest listings it plays against."
)
@json_option
def simulate_command(seed: int, as_json: bool) -> None:
    """Print the best place for each start and number of mailboxes; as JSON the outcome of every way to cheat."""
    outcomes = play_attacks(seed)
    if as_json:
        told = [{name: value for name, value in _flat(one).items() if name != "attack"} for one in outcomes]
        click.echo(json.dumps({"seed": seed, "listings": HONEST + 1, "outcomes": told}))
        return
    click.echo(f"Best place out of {HONEST + 1}, against {HONEST} honest listings (seed {seed}):")
    click.echo("start      mailboxes  before  all published  high risk rejected  stars")
    for one in best_outcomes(outcomes):
        click.echo(
            f"{one.attack.start:<10} {one.attack.mailboxes:>9}  {one.place_before:>6}  {one.place_after:>13}"
            f"  {one.place_if_checked:>18}  {one.stars:>5.2f}"
        )


def _flat(outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome.attack), **asdict(outcome)}


@reviews.command("recount", help="Work out the sums of every listing's reviews anew.")
@json_option
def recount_command(as_json: bool) -> None:
    """Recompute, a listing at a time; pages of listings whose sums changed are made anew."""
    ids = db.session.scalars(select(Listing.id).order_by(Listing.id)).all()
    db.session.rollback()
    changed = 0
    with progress_bar(ids, "Recounting") as numbers, writing():
        for listing_id in numbers:
            listing = db.session.get_one(Listing, listing_id)
            before = [getattr(listing, name) for name in SUMS]
            sums = recompute_ratings(listing_id)
            if before != [getattr(sums, name) for name in SUMS]:
                changed += 1
                invalidate_listing_pages(listing)
            db.session.commit()
    report = {"listings": len(ids), "changed": changed}
    click.echo(json.dumps(report) if as_json else f"{len(ids)} listings recounted, {changed} changed.")
