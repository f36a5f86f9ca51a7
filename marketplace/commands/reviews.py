"""`marketplace reviews simulate-attack`."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click
from flask.cli import AppGroup

from marketplace.commands.output import json_option
from marketplace.public.offers.attacks import HONEST, SEED, Outcome, best_outcomes, play_attacks

reviews = AppGroup("reviews", help="What cheating with reviews gains.")


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
