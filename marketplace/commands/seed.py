"""`marketplace seed`: a site of any size for measurements, always the same, as the services would have left it.

Ages are relative to now. It is for an empty database in development: a run that was cut off is begun anew on another one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

import click
from flask.cli import with_appcontext
from flask_security.utils import hash_password
from sqlalchemy import Table, func, select

from marketplace.accounts.models import User
from marketplace.commands import seed_guides as guides
from marketplace.commands import seed_offers as offers
from marketplace.commands import seed_reviews as reviews
from marketplace.commands.seed_plan import Plan
from marketplace.commands.seeding import PASSWORD
from marketplace.core.bulk_copy import begin_copying, copy_rows, end_copying, without_indexes
from marketplace.core.database import writing
from marketplace.core.extensions import current_settings, db, now
from marketplace.core.revisions import OFFERS, REVIEWS, SITE, raise_revisions
from marketplace.guides.models import Guide, GuideFile, Topic
from marketplace.listings.models import Listing
from marketplace.providers.models import Provider, ProviderMember
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.votes.models import ReviewVote

Source = tuple[Any, Sequence[str], Iterable[Sequence[Any]]]
MADE_AT_THE_END = (Review,)  # its indexes


@click.command(
    "seed", help="Fill an empty database with so many made-up topics, listings and reviews, to measure it."
)
@click.option(
    "--topics", default=100, show_default=True, help="Each has a guide in English and one in Spanish."
)
@click.option("--listings", default=1_000, show_default=True)
@click.option("--reviews", "review_count", default=500, show_default=True)
@with_appcontext
def seed(topics: int, listings: int, review_count: int) -> None:
    """Fill the database. Exit 1 in production, if it holds topics or providers, or if the numbers do not fit."""
    if current_settings().production:
        click.echo("Seeding is for development only, and MARKETPLACE_ENV is production.", err=True)
        sys.exit(1)
    plan = Plan(topics, listings, review_count, _newest_account())
    problem = plan.problem() or _what_is_there()
    db.session.rollback()
    if problem:
        click.echo(problem, err=True)
        sys.exit(1)
    fill(plan, now(), echo=True)
    click.echo(
        f"{plan.topics} topics, {plan.providers} providers, {plan.listings} listings, {plan.reviews} reviews. "
        f"Password of everybody, such as office@seed1.example: {PASSWORD}"
    )


def _newest_account() -> int:
    return db.session.scalar(select(func.max(User.id))) or 0


def _what_is_there() -> str | None:
    for model in (Topic, Provider):
        if db.session.scalar(select(model.id).limit(1)) is not None:
            return f"This database holds a {model.__tablename__} already: seed an empty one."
    return None


def fill(plan: Plan, moment: datetime, *, echo: bool = False) -> None:
    """Copy every table, each in a transaction of its own, then raise the revisions of what is shown."""
    with writing():
        for model, names, rows in _sources(plan, moment):
            table: Table = model.__table__
            connection = db.session.connection()
            begin_copying(connection)
            with without_indexes(connection, table) if model in MADE_AT_THE_END else nullcontext():
                count = copy_rows(connection, table, names, rows)
            end_copying(connection, [table])
            db.session.commit()
            if echo:
                click.echo(f"{table.name}: {count}", err=True)
        raise_revisions(SITE, OFFERS, REVIEWS, *guides.revisions_of(plan))
        db.session.commit()


def _sources(plan: Plan, moment: datetime) -> Iterator[Source]:
    """The tables in the order of their keys."""
    offered = offers.Offers(plan, moment)
    written = reviews.Reviews(plan, moment, offers.terms_of)
    origin = current_settings().guides_origin
    yield User, reviews.USER_COLUMNS, reviews.user_rows(plan, hash_password(PASSWORD), moment)
    yield Topic, guides.TOPIC_COLUMNS, guides.topic_rows(plan)
    yield Guide, guides.GUIDE_COLUMNS, guides.guide_rows(plan)
    yield GuideFile, guides.FILE_COLUMNS, guides.guide_file_rows(plan, origin, moment)
    yield Provider, offers.PROVIDER_COLUMNS, offered.providers()
    yield ProviderMember, offers.MEMBER_COLUMNS, offered.members()
    yield Listing, offers.LISTING_COLUMNS, offered.listings()
    yield Review, reviews.REVIEW_COLUMNS, written.reviews()
    yield Reply, reviews.REPLY_COLUMNS, written.replies()
    yield ReviewVote, reviews.VOTE_COLUMNS, written.votes()
