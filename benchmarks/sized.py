"""Sites of three sizes, made by `marketplace seed` and kept in `build/bench/` between runs, and the pages to measure."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
from flask import Flask
from sqlalchemy import select

from marketplace import create_app
from marketplace.commands.seed import fill
from marketplace.commands.seed_guides import country_of
from marketplace.commands.seed_plan import Plan
from marketplace.core.extensions import db, now
from marketplace.guides.models import Guide
from marketplace.providers.models import Provider

FOLDER = Path(__file__).resolve().parent.parent / "build" / "bench"
SIZES = {
    "small": Plan(topics=100, listings=1_000, reviews=500),
    "site": Plan(topics=1_132, listings=11_000, reviews=5_000),
    "large": Plan(topics=20_000, listings=100_000, reviews=5_000_000),
}
ORDINARY = 57  # a listing like most, of a topic like most


@dataclass(frozen=True, slots=True)
class Site:
    """An application on a copy of a sized site: it makes every page anew. `folder` is its instance."""

    app: Flask
    folder: Path
    plan: Plan
    pages: dict[str, str]


@contextmanager
def sized_site(size: str) -> Iterator[Site]:
    """A copy of a site, which may be written to; gone afterwards."""
    plan, kept = SIZES[size], _kept(size)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        shutil.copyfile(kept, Path(name) / kept.name)
        app = create_app({"INSTANCE_PATH": name, "CACHE_URL": "none"})
        with app.app_context():
            pages = _pages(plan)
            db.session.rollback()
            yield Site(app, Path(name), plan, pages)
            db.session.remove()
            db.engine.dispose()


def _kept(size: str) -> Path:
    """The database of a size; made where it is not there, or was made by another release of the tables."""
    head = (FOLDER.parent.parent / "migrations" / "head").read_text().strip()
    folder = FOLDER / f"{size}-{head}"
    database = folder / "marketplace.sqlite3"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        app = create_app({"INSTANCE_PATH": str(folder)})
        with app.app_context():
            flask_migrate.upgrade()
            fill(SIZES[size], now(), echo=SIZES[size].reviews > 100_000)
            db.session.remove()
            db.engine.dispose()  # the last connection empties the write-ahead log
        (folder / "complete").touch()
    return database


def _pages(plan: Plan) -> dict[str, str]:
    """The pages that are measured."""
    first, ordinary = _listing(plan, 0), _listing(plan, ORDINARY)
    return {
        "home": "/",
        "countries": "/guides/",
        "country": f"/guides/{country_of(plan.topic_of(ORDINARY))}/",
        "guide": ordinary.rpartition("/")[0].rpartition("/")[0] + "/",
        "guide, longest table": first.rpartition("/")[0].rpartition("/")[0] + "/",
        "listing": ordinary,
        "listing, most reviews": first,
        "compare": f"/compare/?listing=1&listing={ORDINARY + 1}",
        "provider": f"/providers/{ordinary.rstrip('/').rpartition('/')[2]}/",
        "providers": "/providers/",
        "search": "/search/?q=permit+7",
        "about reviews": "/about/reviews/",
        "about ranking": "/about/ranking/",
    }


def _listing(plan: Plan, listing: int) -> str:
    guide = db.session.execute(
        select(Guide.country, Guide.stem).where(
            Guide.topic_id == plan.topic_of(listing) + 1, Guide.language == "en"
        )
    ).one()
    slug = db.session.scalar(select(Provider.slug).where(Provider.id == plan.provider_of(listing) + 1))
    return f"/guides/{guide.country}/{guide.stem}/{slug}/"
