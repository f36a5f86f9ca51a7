"""What a round plays on: the site behind a real HTTP server on a migrated database, Stripe's stand-in, and the workers."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import flask_migrate
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from marketplace import create_app
from marketplace.core.extensions import db
from stripe_standin.deliveries import posting
from stripe_standin.server import StandIn
from tests.billing.rounds.clock import FileClock
from tests.billing.rounds.workers import Workers
from tests.clock import START
from tests.databases import MigratedDatabase
from tests.server import free_port


class Quiet(WSGIRequestHandler):
    """Says nothing of requests."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


ACCOUNT = "acct_rounds"


class Stage:
    """The site `app`, served at `url`; `stripe` is the stand-in of the round that is played. While it is
    `losing`, what is delivered is taken and forgotten."""

    def __init__(self, database: MigratedDatabase, folder: Path, *, migrated: bool = False) -> None:
        self._database = database
        self._folder = folder
        self.clock = FileClock(folder / "clock")
        self.clock.set(START)
        self._stripe_port, site_port = free_port(), free_port()
        self.environ = {
            "DATABASE_URL": database.url,
            "INSTANCE_PATH": str(folder / "instance"),
            "SITE_URL": f"http://127.0.0.1:{site_port}",
            "CACHE_URL": "none",
            "MAIL_URL": "",
            "STRIPE_API_KEY": "sk_test_standin",
            "STRIPE_WEBHOOK_SECRET": "whsec_standin",
            "STRIPE_API_BASE": f"http://127.0.0.1:{self._stripe_port}",
            "MARKETPLACE_ENV": "development",
        }
        self.app: Flask = create_app({**os.environ, **self.environ}, clock=self.clock)
        if not migrated:
            with self.app.app_context():
                flask_migrate.upgrade()
            self._disconnect()
            database.keep()
        self._server = make_server("127.0.0.1", site_port, self.app, threaded=True, request_handler=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.workers = Workers(self.environ, folder / "clock")
        self.stripe: StandIn
        self.losing = False
        self.lost_for_good: set[str] = set()

    @classmethod
    @contextmanager
    def opened(cls, database: MigratedDatabase, folder: Path, *, migrated: bool = False) -> Iterator[Stage]:
        """A stage that is taken down afterwards."""
        stage = cls(database, folder, migrated=migrated)
        try:
            with stage.workers:
                yield stage
        finally:
            stage._server.shutdown()
            stage._server.server_close()
            stage._disconnect()

    @contextmanager
    def round(self) -> Iterator[Stage]:
        """A fresh database and a fresh stand-in, with a context of the site pushed."""
        self._disconnect()
        self._database.restore()
        for name in ("mail", "stripe"):
            shutil.rmtree(Path(self.environ["INSTANCE_PATH"]) / name, ignore_errors=True)
        self.clock.set(START)
        self.lost_for_good = set()
        self.losing = False
        post = posting(f"{self.environ['SITE_URL']}/webhooks/stripe")

        def deliver(body: bytes, headers: dict[str, str]) -> int:
            if self.losing:  # taken, and lost with what a crash took: no list names it
                self.lost_for_good.add(json.loads(body)["id"])
                return 200
            return post(body, headers)

        folder = Path(self.environ["INSTANCE_PATH"]) / "stripe"
        self.stripe = StandIn(folder, clock=self.clock, deliver=deliver, port=self._stripe_port)
        self.stripe.switch(ACCOUNT)  # the site and its workers know it from the round before
        with self.stripe, self.app.app_context():
            try:
                yield self
            finally:
                self.workers.stop()
                db.session.rollback()

    def _disconnect(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
