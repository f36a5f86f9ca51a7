"""SQLite's lock has no queue: who works for long lets others have it in between."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from marketplace.core.database import is_locked, let_others_write

ROUNDS = 12


def rounds_until_served(path: Path, pause: Callable[[], object]) -> int:
    """How many units of long work pass before somebody else who waits has written; `ROUNDS` where they never did."""
    working = sqlite3.connect(path, isolation_level=None)
    working.execute("PRAGMA journal_mode = WAL")
    working.execute("CREATE TABLE word (text)")
    working.execute("BEGIN IMMEDIATE")
    started = threading.Event()

    def write_once() -> None:
        waiting = sqlite3.connect(path, isolation_level=None, timeout=30)
        started.set()
        waiting.execute("INSERT INTO word VALUES ('other')")
        waiting.close()

    other = threading.Thread(target=write_once)
    other.start()
    started.wait(10)
    served = ROUNDS
    for number in range(ROUNDS):
        working.executemany("INSERT INTO word VALUES (?)", (("own",) for _ in range(150_000)))
        if working.execute("SELECT 1 FROM word WHERE text = 'other'").fetchone():
            served = number
            break
        working.execute("COMMIT")
        working.execute("DELETE FROM word WHERE text = 'own'")
        pause()
        working.execute("BEGIN IMMEDIATE")
    working.execute("ROLLBACK")
    other.join(30)
    working.close()
    return served


def test_a_writer_who_waits_is_served_between_two_units(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/site.sqlite3")
    assert rounds_until_served(tmp_path / "site.sqlite3", lambda: let_others_write(engine)) < ROUNDS / 2


@pytest.mark.parametrize(
    ("message", "locked"), [("database is locked", True), ("no such table: word", False), ("", False)]
)
def test_only_a_lock_is_called_a_lock(message: str, locked: bool) -> None:
    error = RuntimeError()
    error.orig = sqlite3.OperationalError(message)
    assert is_locked(error) is locked
