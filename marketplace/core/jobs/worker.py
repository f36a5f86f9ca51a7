"""The worker: runs jobs until it is stopped, beside the web server or in its own process."""

from __future__ import annotations

import atexit
import logging
import threading
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import delete, or_

from marketplace.core.database import checkpoint
from marketplace.core.extensions import db, now
from marketplace.core.jobs.queue import (
    Job,
    JobState,
    enqueue,
    enqueue_at_start,
    periodic_tasks,
    run_due,
    task,
)

log = logging.getLogger(__name__)
POLL_SECONDS = 1.0
TROUBLE_SECONDS = 30.0
BATCH = 100
KEEP_DONE = timedelta(days=7)
KEEP_FAILED = timedelta(days=30)
KEEP_KEYED = timedelta(days=400)
VACUUM_HOUR = 3  # UTC


def work(app: Flask, stop: threading.Event) -> None:
    """Run jobs until `stop` is set, which is checked between jobs."""
    pause, starts = POLL_SECONDS, True
    while not stop.is_set():
        try:
            with app.app_context():
                if starts:
                    enqueue_at_start()
                    starts = False
                done = run_due(limit=BATCH, stopped=stop.is_set)
            pause = POLL_SECONDS
        except Exception as error:
            # The database is away or not migrated: say so, less and less often.
            log.error("the worker found no work: %s", type(error).__name__)
            done, pause = 0, min(pause * 2, TROUBLE_SECONDS)
        if not done:
            stop.wait(pause)


class EmbeddedWorker(threading.Thread):
    """The worker as a thread of the web server's process."""

    def __init__(self, app: Flask) -> None:
        super().__init__(name="worker", daemon=True)
        self._app = app
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """The thread's work."""
        work(self._app, self._stop_asked)

    def stop(self, timeout: float = 10.0) -> None:
        """Stop after the running job; after `timeout` seconds the job is left to its lease."""
        self._stop_asked.set()
        if self.is_alive():
            self.join(timeout)


def start_embedded(app: Flask) -> EmbeddedWorker:
    """Start the worker thread; it is stopped when the process ends, or by `stop()`."""
    worker = EmbeddedWorker(app)
    worker.start()
    atexit.register(worker.stop)
    return worker


class DatabaseBusy(Exception):
    """Somebody reads or writes: the job is tried again."""


@task("database.checkpoint", every=timedelta(hours=1))
def forget_deleted(payload: dict[str, Any]) -> None:
    """Take what was deleted or overwritten out of the database's files."""
    if not checkpoint(db.engine):
        raise DatabaseBusy


@task("database.plan_vacuum", every=timedelta(days=7))
def plan_vacuum(payload: dict[str, Any]) -> None:
    """Have the file written anew in the coming night."""
    moment = now()
    quiet = moment.replace(hour=VACUUM_HOUR, minute=0, second=0, microsecond=0)
    enqueue("database.vacuum", {}, run_at=quiet if quiet > moment else quiet + timedelta(days=1))


@task("database.vacuum", lease=timedelta(hours=1))
def vacuum(payload: dict[str, Any]) -> None:
    """Write the database's file anew: what older releases left in it is gone then."""
    if not checkpoint(db.engine, vacuum=True):
        raise DatabaseBusy


@task("jobs.purge", every=timedelta(days=1))
def purge(payload: dict[str, Any]) -> None:
    """Delete finished jobs. Jobs with a key are kept longer: while the row exists, the job is not enqueued again."""
    moment = now()
    unkeyed = Job.key.is_(None) & (Job.done_at < moment - KEEP_DONE)
    old = [unkeyed, Job.done_at < moment - KEEP_KEYED]
    for name, every in periodic_tasks().items():
        old.append(
            (Job.task == name) & Job.key.is_not(None) & (Job.done_at < moment - max(KEEP_DONE, 2 * every))
        )
    db.session.execute(delete(Job).where(Job.state == JobState.DONE, or_(*old)))
    db.session.execute(delete(Job).where(Job.state == JobState.FAILED, Job.done_at < moment - KEEP_FAILED))
