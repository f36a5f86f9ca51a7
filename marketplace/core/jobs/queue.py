"""Background jobs: a table, so that a job is written in the same transaction as what it tells.

A job runs at least once: its task must be idempotent. A worker claims a job with a lease; if the worker dies, the lease
runs out and another claims it. `finish` is fenced by the attempt, so that a slow worker cannot end a job that was
claimed again: what it did is rolled back. Between claim and end no transaction is open until the task begins one, so that
a slow server elsewhere never holds the write lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import JSON, Index, String, Text, case, delete, func, literal, select, update
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement

from marketplace.core.database import UTCDateTime, writing
from marketplace.core.extensions import db, insert_into, now

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
BACKOFF_BASE = timedelta(seconds=10)
BACKOFF_LIMIT = timedelta(hours=6)
MAX_ATTEMPTS = 18  # with the back-off, two days

Task = Callable[[dict[str, Any]], None]


class GiveUp(Exception):
    """Raised by a task when retrying cannot help: its job fails at once."""


class Registered(NamedTuple):
    """A task as the worker knows it."""

    run: Task
    every: timedelta | None
    lease: timedelta
    at_start: bool


class Claim(NamedTuple):
    """A job taken by this worker; `attempt` fences its end."""

    job_id: int
    attempt: int
    task: str
    payload: dict[str, Any]


_tasks: dict[str, Registered] = {}


class JobState(StrEnum):
    """Where a job is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class Job(db.Model):
    """A background job. `payload` is JSON."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_at", "state", "run_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[str] = mapped_column(String(10), default=JobState.WAITING)
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=MAX_ATTEMPTS)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


def task(
    name: str, every: timedelta | None = None, *, lease: timedelta = LEASE, at_start: bool = False
) -> Callable[[Task], Task]:
    """Register the function that runs jobs of this name; with `every`, the worker enqueues it periodically, with `at_start`
    whenever a worker starts, because settings may be others.

    `lease` is longer than the task ever takes: when it runs out, the worker is taken for dead and another begins.
    """

    def register(function: Task) -> Task:
        _tasks[name] = Registered(function, every, lease, at_start)
        return function

    return register


def periodic_tasks() -> dict[str, timedelta]:
    """The tasks that the clock enqueues, and how often."""
    return {name: known.every for name, known in _tasks.items() if known.every is not None}


def enqueue(
    name: str, payload: dict[str, Any], *, run_at: datetime | None = None, key: str | None = None
) -> bool:
    """Add a job in the caller's transaction. Returns False if a job with the same `key` exists."""
    moment = now()
    values = {"task": name, "payload": payload, "key": key, "run_at": run_at or moment, "created_at": moment}
    written = insert_into(Job).values(values).on_conflict_do_nothing(index_elements=["key"])
    return db.session.execute(written.returning(Job.id)).first() is not None


def cancel(keys: Collection[str]) -> int:
    """Delete the jobs with these keys that have not started, in the caller's transaction; returns how many."""
    waiting = delete(Job).where(Job.key.in_(keys), Job.state == JobState.WAITING)
    gone = db.session.execute(waiting.returning(Job.id).execution_options(synchronize_session=False))
    return len(gone.all())


def claim(moment: datetime) -> Claim | None:
    """Claim the next due job; commits. None if nothing is due, which is checked without the write lock."""
    found = db.session.scalar(select(Job.id).where(_due(moment) | _lost(moment)).limit(1))
    db.session.commit()
    if found is None:
        return None
    with writing():
        _release_lost(moment)
        taken = db.session.execute(_claim_statement(moment)).first()
        db.session.commit()
    return None if taken is None else Claim(taken.id, taken.attempts, taken.task, dict(taken.payload))


def _due(moment: datetime) -> ColumnElement[bool]:
    return (Job.state == JobState.WAITING) & (Job.run_at <= moment)


def _lost(moment: datetime) -> ColumnElement[bool]:
    return (Job.state == JobState.WORKING) & (Job.lease_until <= moment)


def _release_lost(moment: datetime) -> None:
    # Their workers died. A job that kills its worker each time must end as well.
    last = Job.attempts >= Job.max_attempts
    statement = update(Job).where(_lost(moment))
    statement = statement.values(
        state=case((last, JobState.FAILED), else_=JobState.WAITING),
        done_at=case((last, literal(moment, UTCDateTime())), else_=None),
        run_at=moment,
        lease_until=None,
        error="WorkerLost",
    )
    db.session.execute(statement.execution_options(synchronize_session=False))


def _claim_statement(moment: datetime) -> Any:
    due = select(Job.id).where(_due(moment)).order_by(Job.run_at, Job.id).limit(1)
    next_one = due.with_for_update(skip_locked=True).correlate(None).scalar_subquery()
    return (
        update(Job)
        .where(Job.id == next_one)
        .values(state=JobState.WORKING, lease_until=_lease_end(moment), attempts=Job.attempts + 1)
        .returning(Job.id, Job.attempts, Job.task, Job.payload)
        .execution_options(synchronize_session=False)
    )


def _lease_end(moment: datetime) -> ColumnElement[datetime]:
    usual = literal(moment + LEASE, UTCDateTime())
    leases = {name: known.lease for name, known in _tasks.items() if known.lease != LEASE}
    ends = {name: literal(moment + lease, UTCDateTime()) for name, lease in leases.items()}
    return case(ends, value=Job.task, else_=usual) if ends else usual


def finish(
    job_id: int, attempt: int, moment: datetime, error: str | None = None, *, final: bool = False
) -> bool:
    """Record the end of an attempt with what the task did: done, to be tried again later, or failed; commits.

    False, and everything since the claim rolled back, if the job was claimed again meanwhile.
    """
    values: dict[str, Any] = {"lease_until": None, "error": error}
    if error is None:
        values |= {"state": JobState.DONE, "done_at": moment, "payload": {}}
    else:
        last = literal(final) | (Job.attempts >= Job.max_attempts)
        pause = min(BACKOFF_BASE * 2 ** (attempt - 1), BACKOFF_LIMIT)
        values |= {"state": case((last, JobState.FAILED), else_=JobState.WAITING), "run_at": moment + pause}
        values["done_at"] = case((last, literal(moment, UTCDateTime())), else_=None)
    mine = (Job.id == job_id) & (Job.attempts == attempt) & (Job.state == JobState.WORKING)
    statement = update(Job).where(mine).values(values).returning(Job.id)
    if db.session.execute(statement.execution_options(synchronize_session=False)).first() is None:
        db.session.rollback()
        return False
    db.session.commit()
    return True


def run_next() -> bool:
    """Run one due job. False if there was none. A task's changes and the job's end are one transaction."""
    taken = claim(now())
    if taken is None:
        return False
    job_id, attempt, name, payload = taken
    with writing():
        try:
            if name not in _tasks:
                raise LookupError(name)
            _tasks[name].run(payload)
            if not finish(job_id, attempt, now()):
                log.warning("job %s (%s) was claimed again during attempt %s", job_id, name, attempt)
        except Exception as error:
            db.session.rollback()
            # The class only: a message could hold an address.
            log.warning("job %s (%s) failed at attempt %s: %s", job_id, name, attempt, type(error).__name__)
            finish(job_id, attempt, now(), error=type(error).__name__, final=isinstance(error, GiveUp))
    return True


def run_due(limit: int = 1000, stopped: Callable[[], bool] = lambda: False) -> int:
    """Run all due jobs, up to `limit` or until `stopped()`; returns how many."""
    schedule(now())
    done = 0
    while done < limit and not stopped() and run_next():
        done += 1
    return done


def schedule(moment: datetime) -> None:
    """Enqueue the periodic tasks of the current slot; a slot's job exists once however many workers there are.

    Slots count from the epoch: a daily task is due at midnight UTC.
    """
    periodic = periodic_tasks().items()
    slots = {f"{name}:{int(moment.timestamp() // every.total_seconds())}": name for name, every in periodic}
    there = set(db.session.scalars(select(Job.key).where(Job.key.in_(slots))))
    db.session.commit()
    if missing := slots.keys() - there:
        with writing():
            for key in sorted(missing):
                enqueue(slots[key], {}, run_at=moment, key=key)
            db.session.commit()


def enqueue_at_start() -> None:
    """Enqueue what a worker that starts should do. Commits."""
    with writing():
        for name in sorted(name for name, known in _tasks.items() if known.at_start):
            enqueue(name, {})
        db.session.commit()


def job_counts() -> dict[str, int]:
    """The number of jobs by state."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    return {state: count for state, count in rows}
