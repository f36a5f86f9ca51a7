"""`marketplace demo`: sample guides, made-up providers, listings and reviews, and the sign-ins."""

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
from marketplace.commands.seeding_places import buy_places, seed_prices
from marketplace.core.config import Settings
from marketplace.core.database import writing
from marketplace.core.extensions import current_settings, db, now
from marketplace.guides.files import find_files
from marketplace.guides.models import Guide
from marketplace.samples import DemoData, guides_folder, load_demo


@click.command("demo", help="Fill the database with sample guides and made-up providers; safe to repeat.")
@with_appcontext
def demo() -> None:
    """Migrate, import the sample guides, seed, print the sign-ins. Exit 1 where the database holds other guides."""
    settings = current_settings()
    if settings.production:
        click.echo("The demo is for development: MARKETPLACE_ENV is production.", err=True)
        sys.exit(1)
    flask_migrate.upgrade()
    folder = guides_folder()
    if _other_guides(folder):
        click.echo("This database holds guides that are not the samples: the demo leaves it alone.", err=True)
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
        f"{seeded.reviews} reviews, {places} featured places.",
        err=True,
    )
    click.echo(f"\nThe marketplace: {settings.site_url}/\nSign in at {settings.site_url}/account/sign-in/ as")
    for member in data.members:
        if member.sign_in:
            click.echo(f"  {member.email:24} {_what(member.email, member.role)}")
    click.echo(f"Password of each: {PASSWORD}\n")


def _buy_places(data: DemoData, settings: Settings) -> int:
    """Buy at the stand-in, where one runs; a real Stripe is left alone."""
    stripe = gateway_if_any()
    if stripe is None or not stripe.stands_in:
        return 0
    return buy_places(data, stripe, settings.stripe_api_base, settings.site_url)


def _other_guides(folder: Path) -> bool:
    samples = {file.identity for file in find_files(folder)}
    rows = db.session.execute(select(Guide.language, Guide.country, Guide.stem))
    found = {(language, country, stem) for language, country, stem in rows}
    db.session.rollback()
    return not found <= samples


def _what(email: str, role: str) -> str:
    words = {"moderator": "moderator: decides what waits", "admin": "admin: sees and decides everything"}
    return words.get(role) or (
        "provider: manages listings" if email.startswith("provider") else "expat: compares, reviews"
    )
