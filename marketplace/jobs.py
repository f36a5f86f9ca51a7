"""Background jobs: a table, so that a job is written in the same transaction as what it tells.

A job runs at least once: its task must be idempotent. A worker claims a job with a lease; if the worker dies, the lease
runs out and another claims it. `finish` is fenced by the attempt, so that a slow worker cannot end a job that was
claimed again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import JSON, Index, String, Text, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import UTCDateTime, writing
from marketplace.extensions import db, now

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACKOFF_BASE = timedelta(seconds=10)
BACKOFF_LIMIT = timedelta(hours=6)
MAX_ATTEMPTS = 12
KEEP_DONE = timedelta(days=7)
POLL_SECONDS = 1.0

Task = Callable[[dict[str, Any]], None]
_tasks: dict[str, Task] = {}
_periodic: dict[str, timedelta] = {}


class Job(db.Model):
    """One thing to do later. `payload` is JSON; `state` is waiting, working, done or failed."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=MAX_ATTEMPTS)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def task(name: str, every: timedelta | None = None) -> Callable[[Task], Task]:
    """Register the function that does jobs of this name; with `every`, the worker enqueues it by the clock."""

    def register(function: Task) -> Task:
        _tasks[name] = function
        if every is not None:
            _periodic[name] = every
        return function

    return register


def enqueue(name: str, payload: dict[str, Any], *, run_at: datetime | None = None, key: str | None = None) -> None:
    """Write a job in the caller's transaction. With a `key`, a job that exists already is left as it is."""
    moment = now()
    values = {
        "task": name,
        "payload": payload,
        "key": key,
        "state": "waiting",
        "run_at": run_at or moment,
        "attempts": 0,
        "max_attempts": MAX_ATTEMPTS,
        "created_at": moment,
    }
    insert = postgresql_insert if db.session.get_bind().dialect.name == "postgresql" else sqlite_insert
    db.session.execute(insert(Job).values(**values).on_conflict_do_nothing(index_elements=["key"]))


def claim(moment: datetime) -> tuple[int, int] | None:
    """Take the next due job: its id and the attempt that fences it; commits. None when nothing is due."""
    due = (
        select(Job.id)
        .where(Job.state.in_(("waiting", "working")), Job.run_at <= moment)
        .where((Job.lease_until.is_(None)) | (Job.lease_until <= moment), Job.attempts < Job.max_attempts)
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = db.session.execute(
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(state="working", lease_until=moment + LEASE, attempts=Job.attempts + 1)
        .returning(Job.id, Job.attempts)
    ).first()
    db.session.commit()
    return None if taken is None else (taken.id, taken.attempts)


def finish(job_id: int, attempt: int, moment: datetime, error: str | None = None) -> bool:
    """Record the end of an attempt: done, to be tried again later, or failed. False if the job was claimed again."""
    job = db.session.scalar(select(Job).where(Job.id == job_id, Job.attempts == attempt, Job.state == "working"))
    if job is None:
        db.session.rollback()
        return False
    job.lease_until = None
    job.error = error
    if error is None:
        job.state, job.done_at, job.payload = "done", moment, {}
    elif attempt >= job.max_attempts:
        job.state, job.done_at = "failed", moment
    else:
        job.state, job.run_at = "waiting", moment + min(BACKOFF_BASE * 2 ** (attempt - 1), BACKOFF_LIMIT)
    db.session.commit()
    return True


def run_next(moment: datetime | None = None) -> bool:
    """Do one due job. False when there was none. A task's changes and the job's end are one transaction."""
    moment = moment or now()
    with writing():
        taken = claim(moment)
        if taken is None:
            return False
        job_id, attempt = taken
        job = db.session.get_one(Job, job_id)
        name, payload = job.task, dict(job.payload)
        try:
            _tasks[name](payload)
            finish(job_id, attempt, moment)
        except Exception as error:
            db.session.rollback()
            # The class only: a message could hold an address.
            log.warning("job %s (%s) failed at attempt %s: %s", job_id, name, attempt, type(error).__name__)
            finish(job_id, attempt, moment, error=type(error).__name__)
    return True


def run_due(limit: int = 1000) -> int:
    """Do all that is due now, up to `limit` jobs; returns how many."""
    schedule(now())
    done = 0
    while done < limit and run_next():
        done += 1
    return done


def schedule(moment: datetime) -> None:
    """Enqueue the periodic tasks of the current slot; a slot's job exists once however many workers there are."""
    with writing():
        for name, every in _periodic.items():
            slot = int(moment.timestamp() // every.total_seconds())
            enqueue(name, {}, run_at=moment, key=f"{name}:{slot}")
        db.session.commit()


@task("jobs.purge", every=timedelta(days=1))
def purge(payload: dict[str, Any]) -> None:
    """Forget jobs that ended a week ago."""
    db.session.execute(delete(Job).where(Job.state == "done", Job.done_at < now() - KEEP_DONE))


def work(app: Flask, stop: threading.Event) -> None:
    """Do jobs until `stop` is set: the loop of `marketplace worker` and of the embedded thread."""
    while not stop.is_set():
        try:
            with app.app_context():
                done = run_due(limit=100)
        except Exception as error:
            log.error("worker: %s", type(error).__name__)
            done = 0
        if not done:
            stop.wait(POLL_SECONDS)


def start_embedded(app: Flask) -> threading.Event:
    """Start the worker thread beside the web server; returns the event that stops it."""
    stop = threading.Event()
    threading.Thread(target=work, args=(app, stop), name="worker", daemon=True).start()
    return stop
