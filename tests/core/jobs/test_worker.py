"""The worker: goes on until it is told to stop, says what is wrong, and tidies the table."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select

from marketplace.accounts.privacy.services import erase_account
from marketplace.core.database import PATIENCE, checkpoint
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import GiveUp, Job, enqueue, run_due, task
from marketplace.core.jobs.worker import (
    KEEP_DONE,
    KEEP_FAILED,
    KEEP_KEYED,
    DatabaseBusy,
    forget_deleted,
    start_embedded,
    work,
)
from marketplace.reviews.models import Review
from tests.clock import FrozenClock
from tests.factories import make_listing, make_review, make_topic, make_user

pytestmark = pytest.mark.slow


class CountingStop(threading.Event):
    """Stops after three pauses and remembers how long they were."""

    def __init__(self) -> None:
        super().__init__()
        self.pauses: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.pauses.append(timeout)
        if len(self.pauses) == 3:
            self.set()
        return self.is_set()


def left() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Job.task).order_by(Job.task)))


def test_the_embedded_worker_does_jobs_and_stops(app: Flask) -> None:
    ran = threading.Event()
    task("test.note")(lambda payload: ran.set())
    enqueue("test.note", {})
    db.session.commit()
    worker = start_embedded(app)
    assert ran.wait(20)
    worker.stop()
    assert not worker.is_alive()


def test_a_worker_that_starts_does_what_settings_may_ask_for_once(app: Flask) -> None:
    runs: list[int] = []
    task("test.start", at_start=True)(lambda payload: runs.append(1))
    work(app, CountingStop())
    assert runs == [1]
    work(app, CountingStop())
    assert runs == [1, 1]


def test_stopping_waits_for_the_running_job_only(app: Flask) -> None:
    ran: list[int] = []
    stop = threading.Event()

    @task("test.note")
    def note(payload: dict[str, Any]) -> None:
        ran.append(payload["n"])
        stop.set()

    for n in range(3):
        enqueue("test.note", {"n": n})
    db.session.commit()
    work(app, stop)
    assert len(ran) == 1
    states = db.session.scalars(select(Job.state).where(Job.task == "test.note"))
    assert sorted(states) == ["done", "waiting", "waiting"]


def test_the_worker_looks_again_each_second_when_there_is_nothing(app: Flask) -> None:
    stop = CountingStop()
    work(app, stop)
    assert stop.pauses == [1, 1, 1]


def test_a_database_that_is_away_is_asked_less_and_less_often(
    make_app: Callable[..., Flask], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stop = CountingStop()
    work(make_app(DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3"), stop)
    assert stop.pauses == [2, 4, 8]
    assert "OperationalError" in caplog.text


def test_jobs_that_are_done_are_forgotten_after_a_week(app: Flask, clock: FrozenClock) -> None:
    task("test.note")(lambda payload: None)
    enqueue("test.note", {})
    db.session.commit()
    run_due()
    clock.advance(KEEP_DONE)
    run_due()
    assert "test.note" in left()
    clock.advance(timedelta(days=1))
    run_due()
    assert "test.note" not in left()


def test_what_has_a_key_is_not_done_again_within_a_year(app: Flask, clock: FrozenClock) -> None:
    task("test.note")(lambda payload: None)
    enqueue("test.note", {}, key="once")
    db.session.commit()
    run_due()
    clock.advance(timedelta(days=365))
    run_due()
    assert not enqueue("test.note", {}, key="once")
    db.session.rollback()
    clock.advance(KEEP_KEYED)
    run_due()
    assert "test.note" not in left()


def test_the_slots_of_periodic_tasks_are_forgotten_but_not_the_running_one(
    app: Flask, clock: FrozenClock
) -> None:
    ran: list[int] = []
    task("test.monthly", every=timedelta(days=30))(lambda payload: ran.append(1))
    slots = set()
    for _ in range(15):
        run_due()
        slots.add(clock().timestamp() // timedelta(days=30).total_seconds())
        clock.advance(timedelta(days=10))
    assert len(ran) == len(slots)
    assert left().count("test.monthly") < 4


def test_failed_jobs_stay_for_the_operator_for_a_month(app: Flask, clock: FrozenClock) -> None:
    @task("test.fail")
    def fail(payload: dict[str, Any]) -> None:
        raise GiveUp

    enqueue("test.fail", {"to": "person@example.com"})
    db.session.commit()
    run_due()
    clock.advance(KEEP_FAILED)
    run_due()
    assert "test.fail" in left()
    clock.advance(timedelta(days=1))
    run_due()
    assert "test.fail" not in left()


def raw_files(engine: Engine) -> bytes:
    """What stands in the files of a SQLite database, its write-ahead log included; nothing for another one."""
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    return (
        b"" if path is None else b"".join(file.read_bytes() for file in Path(path).parent.glob("test.sql*"))
    )


@pytest.mark.parametrize("vacuumed", [False, True])
def test_nothing_of_an_erased_member_is_left_in_the_files(
    app: Flask, clock: FrozenClock, vacuumed: bool
) -> None:
    user = make_user(email="quirina.zambrano@example.net", name="Quirina Zambrano-Ott")
    words = "The office on the third floor had no lift. " * 300
    draft = make_review(make_listing(make_topic()), user, status="pending", published_at=None, text=words)
    make_review(make_listing(make_topic()), user, text="She rang twice and it was ready in a week.")
    db.session.commit()
    draft.text = "The lift was out of order. " + words
    db.session.commit()
    told = (b"quirina.zambrano", b"Zambrano-Ott", b"third floor", b"out of order")
    assert all(word in raw_files(db.engine) for word in told) or db.engine.dialect.name == "postgresql"
    erase_account(user, take_down=False, now=clock())
    db.session.commit()
    run_due()
    clock.advance(timedelta(days=8) if vacuumed else timedelta(hours=1))
    run_due()
    assert [word for word in told if word in raw_files(db.engine)] == []
    assert db.session.scalar(select(Review.text)) == "She rang twice and it was ready in a week."


def test_a_reader_in_the_way_makes_the_worker_try_again(app: Flask, clock: FrozenClock) -> None:
    if db.engine.dialect.name == "postgresql":
        assert checkpoint(db.engine)
        return
    make_user()
    db.session.commit()
    with db.engine.connect() as reader:
        reader.exec_driver_sql("PRAGMA busy_timeout=50")
        reader.exec_driver_sql("SELECT * FROM user").fetchall()
        assert not checkpoint(db.engine)
        with db.engine.connect() as same:  # what comes from the pool waits as long as ever
            assert same.exec_driver_sql("PRAGMA busy_timeout").scalar() == PATIENCE
        with pytest.raises(DatabaseBusy):
            forget_deleted({})
    assert checkpoint(db.engine, vacuum=True)
