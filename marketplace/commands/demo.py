"""`marketplace demo`: sample guides, invented providers, listings and reviews, and accounts to sign in with."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext
from sqlalchemy import select

from marketplace.billing.stripe.gateway import gateway_if_any
from marketplace.commands.guides import import_folder
from marketplace.commands.seeding import PASSWORD, seed
from marketplace.commands.seeding_placements import buy_placements, seed_prices
from marketplace.core.config import Settings
from marketplace.core.database import writing
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.files import find_files
from marketplace.guides.models import Guide
from marketplace.samples import DemoData, DemoMember, guides_folder, load_demo

ROLES = {"moderator": "moderator: decides what waits", "admin": "admin: sees and decides everything"}


@click.command("demo", help="Fill the database with sample guides and made-up providers. Safe to repeat.")
@with_appcontext
def demo() -> None:
    """Migrate, import the sample guides, seed, and print the accounts. Exit 1 if the database has other guides."""
    settings = current_settings()
    if settings.production:
        click.echo("The demo is for development only, and MARKETPLACE_ENV is production.", err=True)
        sys.exit(1)
    flask_migrate.upgrade()
    folder = guides_folder()
    if _other_guides(folder):
        click.echo(
            "This database holds guides that are not samples, so the demo did not change it.", err=True
        )
        sys.exit(1)
    import_folder(folder, keep=True)
    data = load_demo()
    with writing():
        seeded = seed(data, now())
        seed_prices(data)
        db.session.commit()
        places = _buy_places(data, settings)
    click.echo(
        f"Added {seeded.members} members, {seeded.providers} providers, {seeded.listings} listings, "
        f"{seeded.reviews} reviews, {places} featured placements.",
        err=True,
    )
    click.echo(f"\nThe marketplace: {settings.site_url}/\nSign in at {settings.site_url}/account/sign-in/ as")
    for member in data.members:
        if member.sign_in:
            click.echo(f"  {member.email:24} {_description(member)}")
    click.echo(f"Password for all of them: {PASSWORD}\n")


def _buy_places(data: DemoData, settings: Settings) -> int:
    """Buy the placements at the stand-in of Stripe. Never buys at the real Stripe."""
    stripe = gateway_if_any()
    if stripe is None or not stripe.stands_in:
        return 0
    return buy_placements(data, stripe, settings.stripe_api_base, settings.site_url)


def _other_guides(folder: Path) -> bool:
    samples = {file.identity for file in find_files(folder)}
    rows = db.session.execute(select(Guide.language, Guide.country, Guide.stem))
    found = {(language, country, stem) for language, country, stem in rows}
    db.session.rollback()
    return not found <= samples


def _description(member: DemoMember) -> str:
    if member.role:
        return ROLES[member.role]
    return "provider: manages listings" if member.email.startswith("provider") else "expat: compares, reviews"
