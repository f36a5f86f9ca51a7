"""Jobs: due in order, once each, tried again, never two workers at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.database import writing
from marketplace.core.extensions import db, now
from marketplace.core.jobs import queue as jobs
from marketplace.core.jobs.queue import (
    LEASE,
    GiveUp,
    Job,
    cancel,
    claim,
    enqueue,
    finish,
    run_due,
    run_next,
    task,
)
from marketplace.core.revisions import Revision
from tests.clock import FrozenClock
from tests.conftest import Stage
from tests.server import PROGRAM

CHECKOUT = Path(__file__).parent.parent.parent.parent
BLOCKED_WORKER = """
import sys
from marketplace import create_app
from marketplace.core.jobs.queue import run_next, task
from tests.clock import FrozenClock

@task("test.block")
def block(payload):
    print("started", flush=True)
    sys.stdin.read()

with create_app(clock=FrozenClock()).app_context():
    run_next()
"""


@pytest.fixture(autouse=True)
def no_periodic_tasks(own_tasks: None, no_jobs: None) -> None:
    """None is periodic but those that a test registers."""
    for name, registered in jobs._tasks.items():
        jobs._tasks[name] = registered._replace(every=None)


@pytest.fixture
def ran(app: Flask) -> list[Any]:
    """What the task `test.note` was given, in order."""
    found: list[Any] = []

    @task("test.note")
    def note(payload: dict[str, Any]) -> None:
        found.append(payload.get("n"))

    return found


def put(name: str = "test.note", n: int = 0, **options: Any) -> None:
    enqueue(name, {"n": n}, **options)
    db.session.commit()


def only_job() -> Job:
    db.session.expire_all()
    return db.session.scalars(select(Job)).one()


def failing(error: Exception) -> None:
    @task("test.fail")
    def fail(payload: dict[str, Any]) -> None:
        raise error


def test_jobs_run_in_the_order_in_which_they_are_due(ran: list[Any], clock: FrozenClock) -> None:
    put(n=3, run_at=clock() - timedelta(minutes=1))
    put(n=1, run_at=clock() - timedelta(minutes=3))
    put(n=2, run_at=clock() - timedelta(minutes=2))
    assert run_due() == 3
    assert ran == [1, 2, 3]


def test_a_job_of_later_waits_for_the_clock(ran: list[Any], clock: FrozenClock) -> None:
    put(run_at=clock() + timedelta(hours=1))
    assert run_due() == 0
    clock.advance(timedelta(hours=1))
    assert run_due() == 1


def test_a_job_that_is_done_keeps_no_payload_and_does_not_run_again(
    ran: list[Any], clock: FrozenClock
) -> None:
    put(n=7)
    run_due()
    job = only_job()
    assert (job.state, job.payload, job.done_at, job.error) == ("done", {}, clock(), None)
    clock.advance(timedelta(days=1))
    assert run_due() == 0
    assert ran == [7]


def test_a_job_that_enqueues_another_is_followed_by_it(ran: list[Any]) -> None:
    @task("test.chain")
    def chain(payload: dict[str, Any]) -> None:
        enqueue("test.note", {"n": 2})

    put("test.chain")
    assert run_due() == 2
    assert ran == [2]


def test_a_job_is_written_with_what_it_tells_or_not_at_all(ran: list[Any]) -> None:
    enqueue("test.note", {})
    db.session.rollback()
    assert run_due() == 0


def test_a_key_is_taken_once(ran: list[Any]) -> None:
    assert enqueue("test.note", {"n": 1}, key="one")
    assert not enqueue("test.note", {"n": 2}, key="one")
    db.session.commit()
    run_due()
    assert not enqueue("test.note", {"n": 3}, key="one")
    db.session.rollback()
    assert ran == [1]


def test_a_task_that_fails_is_tried_again_later_and_later(app: Flask, clock: FrozenClock) -> None:
    failing(RuntimeError("person@example.com"))
    put("test.fail")
    pauses = []
    for _ in range(4):
        run_due()
        job = only_job()
        assert (job.state, job.error) == ("waiting", "RuntimeError")
        pauses.append((job.run_at - clock()).total_seconds())
        clock.moment = job.run_at
    assert pauses == [10, 20, 40, 80]


def test_a_task_that_keeps_failing_fails_for_good(app: Flask, clock: FrozenClock) -> None:
    failing(RuntimeError())
    put("test.fail")
    begun = clock()
    while only_job().state == "waiting":
        clock.moment = max(clock(), only_job().run_at)
        run_due()
    job = only_job()
    assert (job.state, job.attempts, job.done_at) == ("failed", job.max_attempts, clock())
    assert timedelta(days=1) < clock() - begun < timedelta(days=3)
    clock.advance(timedelta(days=1))
    assert run_due() == 0


def test_a_task_may_give_up(app: Flask) -> None:
    failing(GiveUp())
    put("test.fail")
    run_due()
    assert (only_job().state, only_job().attempts) == ("failed", 1)


def test_a_task_that_nobody_knows_is_kept_for_a_release_that_does(app: Flask) -> None:
    put("test.of_tomorrow")
    run_due()
    assert (only_job().state, only_job().error) == ("waiting", "LookupError")


def test_what_a_failed_task_wrote_is_rolled_back_and_what_a_good_one_wrote_is_kept(app: Flask) -> None:
    @task("test.write")
    def write(payload: dict[str, Any]) -> None:
        db.session.add(Revision(name=payload["name"], value=1))
        db.session.flush()
        if payload["name"] == "bad":
            raise RuntimeError

    for name in ("bad", "good"):
        enqueue("test.write", {"name": name})
    db.session.commit()
    run_due()
    assert db.session.scalars(select(Revision.name)).all() == ["good"]


def test_a_task_whose_writing_breaks_a_constraint_only_at_the_end_has_failed(app: Flask) -> None:
    @task("test.write")
    def write(payload: dict[str, Any]) -> None:
        db.session.add(Revision(name="taken", value=1))

    db.session.add(Revision(name="taken", value=1))
    put("test.write")
    db.session.expunge_all()
    run_due()
    assert (only_job().state, only_job().error) == ("waiting", "IntegrityError")


def test_the_log_says_which_job_failed_and_nothing_personal(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    failing(RuntimeError("person@example.com is unknown"))
    put("test.fail")
    run_due()
    assert "test.fail" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "person" not in caplog.text


def test_a_claimed_job_is_nobody_elses(ran: list[Any], clock: FrozenClock) -> None:
    put()
    assert claim(clock()) is not None
    assert claim(clock()) is None
    assert claim(clock() + LEASE - timedelta(seconds=1)) is None


def test_a_job_whose_worker_died_is_claimed_again_after_the_lease(ran: list[Any], clock: FrozenClock) -> None:
    put()
    first = claim(clock())
    second = claim(clock.advance(LEASE))
    assert first
    assert second
    assert (first.job_id, first.attempt + 1) == (second.job_id, second.attempt)


def test_a_worker_that_comes_too_late_ends_nothing_and_leaves_nothing(
    ran: list[Any], clock: FrozenClock
) -> None:
    put()
    slow = claim(clock())
    quick = claim(clock.advance(LEASE))
    assert slow
    assert quick
    db.session.add(Revision(name="by the slow one", value=1))
    assert not finish(slow.job_id, slow.attempt, clock())
    assert finish(quick.job_id, quick.attempt, clock())
    assert not finish(slow.job_id, slow.attempt, clock(), error="TooLate")
    assert only_job().state == "done"
    assert db.session.scalars(select(Revision.name)).all() == []


def test_a_worker_that_comes_too_late_ends_nothing_even_before_the_next_claim(
    ran: list[Any], clock: FrozenClock
) -> None:
    put("test.unknown")
    slow = claim(clock())
    clock.advance(LEASE)
    run_next()  # another worker found the lost job, and failed on it
    assert slow
    assert not finish(slow.job_id, slow.attempt, clock())


def test_a_job_that_kills_its_workers_ends_too(ran: list[Any], clock: FrozenClock) -> None:
    put()
    while claim(clock()):
        clock.advance(LEASE)
    job = only_job()
    assert (job.state, job.attempts, job.error) == ("failed", job.max_attempts, "WorkerLost")


def test_a_long_task_has_a_long_lease(app: Flask, clock: FrozenClock) -> None:
    task("test.long", lease=timedelta(hours=2))(lambda payload: None)
    put("test.long")
    assert claim(clock())
    assert claim(clock.advance(timedelta(hours=2) - timedelta(seconds=1))) is None
    assert claim(clock.advance(timedelta(seconds=1)))


def test_a_periodic_task_runs_once_in_each_slot(app: Flask, clock: FrozenClock) -> None:
    ran_at = []
    task("test.hourly", every=timedelta(hours=1))(lambda payload: ran_at.append(now()))
    start = clock()
    for _ in range(9):
        run_due()
        clock.advance(timedelta(minutes=20))
    assert ran_at == [start, start + timedelta(hours=1), start + timedelta(hours=2)]


def test_periodic_tasks_cost_no_numbers_while_there_is_nothing_to_do(app: Flask) -> None:
    """A refused insert would use up an id on PostgreSQL, each second, for ever."""
    task("test.daily", every=timedelta(days=1))(lambda payload: None)
    for _ in range(5):
        run_due()
    put("test.daily")
    first, second = db.session.scalars(select(Job.id).order_by(Job.id))
    assert second == first + 1


def in_threads(app: Flask, count: int, work: Callable[[], None]) -> None:
    """Run `work` in threads that start at the same moment, each with a context of its own; raise what they raise."""
    start, errors = threading.Barrier(count), []

    def body() -> None:
        try:
            with app.app_context():
                start.wait()
                work()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def do_all() -> None:
    run_due()


def test_workers_side_by_side_do_each_job_once(app: Flask, ran: list[Any]) -> None:
    for n in range(60):
        enqueue("test.note", {"n": n})
    db.session.commit()
    in_threads(app, 4, do_all)
    assert sorted(ran) == list(range(60))


def test_workers_side_by_side_schedule_a_slot_once(app: Flask) -> None:
    ran: list[int] = []
    task("test.daily", every=timedelta(days=1))(lambda payload: ran.append(1))
    in_threads(app, 4, do_all)
    assert ran == [1]


def test_a_slow_task_lets_others_write(app: Flask) -> None:
    """A mail server may take its time: meanwhile the site goes on."""
    started, written = threading.Event(), threading.Event()

    @task("test.slow")
    def slow(payload: dict[str, Any]) -> None:
        started.set()
        assert written.wait(20)

    put("test.slow")
    worker = threading.Thread(target=in_threads, args=(app, 1, do_all))
    worker.start()
    assert started.wait(20)
    with writing():
        db.session.add(Revision(name="meanwhile", value=1))
        db.session.commit()
    written.set()
    worker.join()
    assert db.session.scalars(select(Job.state)).all() == ["done"]


@pytest.mark.slow
def test_a_killed_workers_job_is_done_by_another(app: Flask, stage: Stage, clock: FrozenClock) -> None:
    done = []
    task("test.block")(lambda payload: done.append(payload["n"]))
    put("test.block", n=5)
    process = subprocess.Popen(
        [sys.executable, "-c", BLOCKED_WORKER],
        cwd=CHECKOUT,
        env={**os.environ, **stage.environ},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    process.kill()
    process.communicate()
    assert run_due() == 0
    clock.advance(LEASE)
    assert run_due() == 1
    assert done == [5]


def test_jobs_that_nobody_began_are_taken_back_by_their_keys(app: Flask) -> None:
    for key in ("one", "two", "begun"):
        enqueue("mail.deliver", {}, key=key, run_at=now() - timedelta(days=key == "begun"))
    db.session.commit()
    assert claim(now()) is not None
    assert cancel(["one", "begun", "unknown"]) == 1
    assert cancel([]) == 0
    db.session.commit()
    assert set(db.session.scalars(select(Job.key))) == {"two", "begun"}


@pytest.mark.slow
def test_processes_side_by_side_do_each_job_once(app: Flask, stage: Stage) -> None:
    mail = {"to": "person@example.com", "subject": "s", "text": "t\n", "html": None, "language": "en"}
    for n in range(50):
        message = {**mail, "id": f"id{n}", "written": now().isoformat()}
        enqueue("mail.deliver", message, run_at=now() - timedelta(days=999))
    db.session.commit()
    call = [*PROGRAM, "worker", "--once"]
    environ = {**os.environ, **stage.environ}
    options: Any = {"cwd": CHECKOUT, "env": environ, "stderr": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen(call, **options) for _ in range(3)]
    said = [worker.communicate()[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0], said
    folder = Path(stage.environ["INSTANCE_PATH"]) / "mail"
    assert len(list(folder.glob("*.eml"))) == 50
    lines = "".join(said).splitlines()
    counts = [int(line.split()[0]) for line in lines if line.endswith("jobs done")]
    mails = db.session.scalars(select(Job.attempts).where(Job.task == "mail.deliver")).all()
    assert mails == [1] * 50
    assert sum(counts) >= 50
