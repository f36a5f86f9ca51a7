"""Fixtures. A test that takes `app`, `client` or `runner` runs on SQLite and on PostgreSQL, each time with empty tables."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import flask_migrate
import hypothesis
import pytest
from flask import Flask
from sqlalchemy import delete, update

from marketplace import create_app
from marketplace.core.extensions import db, limiter
from marketplace.core.jobs.queue import Job, JobState, schedule
from tests.billing.shop import Shop
from tests.clients import Client, Runner, settle, watch_of
from tests.clock import FrozenClock
from tests.databases import KINDS, MigratedDatabase, PostgresDatabase, SqliteFile
from tests.isolation import install_guard
from tests.postbox import letters_in
from tests.postgres import PostgresServer
from tests.scratch import new_folder
from tests.server import LiveServer
from tests.watch import WriteWatch

CountQueries = Callable[[Flask], AbstractContextManager[list[str]]]
TESTS = Path(__file__).parent
UNDO_TIME = timedelta(seconds=30)
SAMPLES = Path(__file__).parent.parent / "marketplace" / "samples" / "guides"

install_guard()
# A busy machine is no failure; a run that decides over a change must not depend on luck.
hypothesis.settings.register_profile("full", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.register_profile("quick", deadline=None, derandomize=True, max_examples=10)
hypothesis.settings.load_profile("full")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--database sqlite` for a quick round; by default both. `--pictures` keeps what the browser tests see."""
    parser.addoption("--database", choices=KINDS, help="run on one of the two databases only")
    parser.addoption(
        "--pictures", action="store_true", help="keep pictures of the whole job in build/pictures/"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever sells against the stand-in of Stripe is slow, unless it is marked `quick`."""
    for item in items:
        if "shop" in getattr(item, "fixturenames", ()) and item.get_closest_marker("quick") is None:
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Ten thousand tests, the program and its libraries stay to the end: nothing among them is worth looking for."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run whatever needs a database on each kind."""
    if "database_kind" in metafunc.fixturenames:
        only = metafunc.config.getoption("--database")
        metafunc.parametrize("database_kind", [only] if only else KINDS)


class Stage:
    """One application with its migrated database and instance folder: made once a process and kind, reset before each
    test. The worker has done its periodic jobs a moment ago."""

    def __init__(self, database: MigratedDatabase, folder: Path) -> None:
        self.clock = FrozenClock()
        self.database = database
        self.folder = folder
        self.environ = {"DATABASE_URL": database.url, "INSTANCE_PATH": str(folder / "instance")}
        self.app = self.make_app()
        with self.app.app_context():
            flask_migrate.upgrade()
            schedule(self.clock())
            db.session.execute(update(Job).values(state=JobState.DONE, done_at=self.clock()))
            db.session.commit()
        self.disconnect()
        database.keep()

    def make_app(self, **settings: str) -> Flask:
        """An application on this database, with other settings."""
        app = create_app({**self.environ, **settings}, clock=self.clock)
        app.testing = True
        app.test_client_class = Client
        app.test_cli_runner_class = Runner
        app.extensions["write_watch"] = WriteWatch(app)
        # As cheap as the algorithm allows: the thousandth hash of a run shows nothing that the first did not.
        app.extensions["security"].pwd_context.update(
            argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1
        )
        return app

    def disconnect(self) -> None:
        """Close the pool's connections, and the page cache's own."""
        self.app.extensions["page_cache"].clear()
        with self.app.app_context():
            db.engine.dispose()

    def reset(self) -> None:
        """Everything as it was after the migrations."""
        if not self.database.shared:
            self.disconnect()
        self.database.restore()
        self.clock.reset()
        self.app.extensions["page_cache"].clear()
        limiter.reset()
        for name in ("mail", "uploads", "proofs"):
            shutil.rmtree(Path(self.environ["INSTANCE_PATH"]) / name, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL server of this test process."""
    server = PostgresServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def stages() -> Iterator[dict[str, Stage]]:
    """The stages made so far."""
    made: dict[str, Stage] = {}
    yield made
    for stage in made.values():
        stage.disconnect()
        shutil.rmtree(stage.folder)


@pytest.fixture
def stage(database_kind: str, stages: dict[str, Stage], request: pytest.FixtureRequest) -> Stage:
    """The stage of this test's database, reset."""
    if database_kind not in stages:
        folder = new_folder(f"marketplace-{database_kind}-")
        database: MigratedDatabase = SqliteFile(folder)
        if database_kind == "postgresql":
            database = PostgresDatabase(request.getfixturevalue("postgres_server"))
        stages[database_kind] = Stage(database, folder)
    stages[database_kind].reset()
    return stages[database_kind]


@pytest.fixture
def app(stage: Stage) -> Iterator[Flask]:
    """The application, with a context pushed: factories write into the test's own session, and the test commits."""
    with stage.app.app_context():
        yield stage.app
        db.session.rollback()


@pytest.fixture
def no_jobs(app: Flask) -> None:
    """A queue in which the periodic jobs are neither done nor waiting."""
    db.session.execute(delete(Job))
    db.session.commit()


@pytest.fixture
def clock(stage: Stage) -> FrozenClock:
    """The application's clock: stands at noon UTC on 23 November 2026 until `advance(timedelta)`."""
    return stage.clock


@pytest.fixture
def make_app(stage: Stage) -> Iterator[Callable[..., Flask]]:
    """Another application on the same database: `make_app(SITE_NAME="Papers")`."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        made.append(stage.make_app(**settings))
        return made[-1]

    yield make
    for other in made:
        other.extensions["page_cache"].clear()
        with other.app_context():
            db.engine.dispose()


@pytest.fixture
def new_client(app: Flask) -> Callable[[], Client]:
    """A function that opens one more browser, with cookies of its own."""

    def make() -> Client:
        client = app.test_client()
        assert isinstance(client, Client)
        return client

    return make


@pytest.fixture
def client(new_client: Callable[[], Client]) -> Client:
    """A browser that checks each page it is given; see `tests.clients.Client`."""
    return new_client()


@pytest.fixture
def runner(app: Flask) -> Runner:
    """Runs commands: `runner.invoke(args=["guides", "import", …])`."""
    found = app.test_cli_runner()
    assert isinstance(found, Runner)
    return found


@pytest.fixture
def mailbox(app: Flask, clock: FrozenClock) -> Callable[[], list[EmailMessage]]:
    """A function that lets the worker do what is due, and what waits until decisions cannot be undone any more; returns all
    messages written so far, oldest first."""

    def read() -> list[EmailMessage]:
        from marketplace.core.jobs.queue import run_due

        settle(app)
        with app.app_context():
            run_due()
            with clock.ahead(UNDO_TIME):
                run_due()
        return letters_in(app.extensions["settings"].instance_path)

    return read


@pytest.fixture
def shop(app: Flask, clock: FrozenClock, tmp_path: Path) -> Iterator[Shop]:
    """Featured placements for sale in Mexico, with the stand-in of Stripe behind them: real HTTP to it, and its signed
    events through the site's own address. See `tests.billing.shop`."""
    with Shop.opened(app, clock, tmp_path / "stripe") as found:
        yield found


@pytest.fixture
def count_queries() -> CountQueries:
    """`with count_queries(app) as statements:` lists the statements executed meanwhile."""
    return lambda app: watch_of(app).counting()


@pytest.fixture(scope="session")
def guides_dir() -> Path:
    """The folder of real guides that `GUIDES_DIR` names, or the sample guides."""
    return Path(os.environ.get("GUIDES_DIR") or SAMPLES).resolve()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """A function that starts the site in a process of its own on a new SQLite database: `server(demo=True).url`."""
    started: list[LiveServer] = []

    def start(*, demo: bool = True, **settings: str) -> LiveServer:
        started.append(LiveServer(tmp_path / f"site{len(started)}", demo=demo, settings=settings))
        return started[-1]

    yield start
    for live in started:
        live.stop()
