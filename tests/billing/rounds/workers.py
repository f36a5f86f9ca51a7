"""Worker processes that are killed with -9: from outside at random moments, and by themselves at a random step of theirs.

A nursery imports the program once and forks a worker for each line that it is told, so that a killed one is replaced at
once. `python -m tests.billing.rounds.workers <clock file>` is the nursery; settings come from its environment.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.billing.rounds.clock import FileClock

CHECKOUT = Path(__file__).resolve().parent.parent.parent.parent
POLL_SECONDS = 0.02
AT_ONCE = 2
LIVES = (5, 150)  # steps that a worker lives, at most
MOMENTS = (0.01, 0.2)  # seconds between two looks of the killer
KILLS = 0.3
FOREVER = 0


class Workers:
    """The nursery and its workers; a context manager that ends them all."""

    def __init__(self, environ: Mapping[str, str], clock: Path) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, "-m", "tests.billing.rounds.workers", str(clock)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._living: list[int] = []
        self._ended = threading.Event()
        self._killer: threading.Thread | None = None
        self.killed = 0

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
        self._nursery.communicate()  # the end of its input is its end

    def start(self, chance: random.Random, *, by_clock: bool) -> None:
        """Let workers work and die until `stop`. `by_clock` says whether they do what is due from time to time."""
        self._ended.clear()
        self._killer = threading.Thread(target=self._kill, args=(chance, by_clock), daemon=True)
        self._killer.start()

    def stop(self) -> None:
        """Kill those that live, for good."""
        if self._killer is None:
            return
        self._ended.set()
        self._killer.join()
        self._killer = None
        while self._living:
            self._end(self._living[0])

    def _kill(self, chance: random.Random, by_clock: bool) -> None:
        while not self._ended.is_set():
            for worker in [one for one in self._living if not _lives(one)]:
                self._living.remove(worker)
                self.killed += 1
            while len(self._living) < AT_ONCE:
                self._living.append(self._born(chance.randint(*LIVES), by_clock))
            self._ended.wait(chance.uniform(*MOMENTS))
            if chance.random() < KILLS:
                self._end(chance.choice(self._living))

    def _born(self, steps: int, by_clock: bool) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(f"{steps} {int(by_clock)}\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def _end(self, worker: int) -> None:
        self._living.remove(worker)
        self.killed += 1
        if _lives(worker):
            os.kill(worker, signal.SIGKILL)
        while _lives(worker):
            time.sleep(0.001)


def _lives(worker: int) -> bool:
    try:
        os.kill(worker, 0)
    except ProcessLookupError:
        return False
    return True


class _Orphaned(threading.Event):
    """Is set once the parent is gone; pauses are short."""

    def __init__(self) -> None:
        super().__init__()
        self._parent = os.getppid()

    def is_set(self) -> bool:
        """Whether the parent is gone."""
        return os.getppid() != self._parent

    def wait(self, timeout: float | None = None) -> bool:
        """A short pause, whatever is asked for."""
        time.sleep(POLL_SECONDS)
        return self.is_set()


def _nurse(clock: Path) -> None:
    from marketplace import create_app

    app = create_app(clock=FileClock(clock))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    for line in sys.stdin:
        steps, by_clock = map(int, line.split())
        worker = os.fork()
        if not worker:
            _live(app, steps, by_clock)
            os._exit(0)
        print(worker, flush=True)


def _live(app: Flask, steps: int, by_clock: int) -> None:
    from marketplace.core.jobs import queue as jobs
    from marketplace.core.jobs.worker import work

    if not by_clock:
        for name, known in jobs._tasks.items():
            jobs._tasks[name] = known._replace(every=None)
    if steps != FOREVER:
        _die_at(app, steps)
    work(app, _Orphaned())


def _die_at(app: Flask, steps: int) -> None:
    """Die with -9 at this statement, commit or call of Stripe, counted from the worker's birth."""
    from marketplace.core.extensions import db

    left = steps

    def count(*_anything: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def count_calls(name: str, _arguments: Any) -> None:
        if name == "socket.connect":
            count()

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
        event.listen(db.engine, "commit", count)
    sys.addaudithook(count_calls)


if __name__ == "__main__":
    _nurse(Path(sys.argv[1]))
