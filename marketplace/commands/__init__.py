"""The commands by noun; `cli` adds them to the console script."""

from __future__ import annotations

import click

from marketplace.commands.billing import billing
from marketplace.commands.demo import demo
from marketplace.commands.guides import guides
from marketplace.commands.listings import listings
from marketplace.commands.moderation import moderation
from marketplace.commands.providers import providers
from marketplace.commands.rates import rates
from marketplace.commands.reviews import reviews
from marketplace.commands.seed import seed
from marketplace.commands.server import run, worker
from marketplace.commands.staff import staff

COMMANDS: tuple[click.Command, ...] = (
    *(guides, listings, providers, reviews, rates, billing, staff, moderation),
    *(demo, seed, run, worker),
)
