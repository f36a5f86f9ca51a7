"""The header of the WAL-index changes when, and only when, SQLite's own counter of commits does."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace.web.page_cache.wal_index import WalIndex

INSERT = "INSERT INTO word VALUES (hex(randomblob(2000)))"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in WAL mode."""
    connection = sqlite3.connect(tmp_path / "site.sqlite3", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE word (text)")
    connection.close()
    return tmp_path / "site.sqlite3"


@pytest.fixture
def index(path: Path) -> Iterator[WalIndex]:
    """Its index."""
    found = WalIndex(str(path))
    yield found
    found.close()


@pytest.mark.parametrize("seed", range(3))
def test_the_header_moves_with_each_commit_of_others(path: Path, index: WalIndex, seed: int) -> None:
    chance = random.Random(seed)
    asking = sqlite3.connect(path, isolation_level=None)

    def version() -> int:
        return int(asking.execute("PRAGMA data_version").fetchone()[0])

    writers = [sqlite3.connect(path, isolation_level=None) for _ in range(3)]
    seen = index.read(), version()
    commits = 0
    for _ in range(400):
        writer = chance.choice(writers)
        action = chance.choice(
            (
                *(INSERT, INSERT, INSERT, "DELETE FROM word WHERE random() % 3 = 0", "BEGIN IMMEDIATE"),
                *("read", "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_checkpoint(PASSIVE)", "VACUUM"),
            )
        )
        if action == "read":
            writer.execute("SELECT count(*) FROM word").fetchone()
        elif action == "BEGIN IMMEDIATE":
            writer.execute(action)
            writer.execute(INSERT)
            assert index.read() == seen[0], "nothing is committed yet"
            writer.execute(chance.choice(("COMMIT", "ROLLBACK")))
        else:
            writer.execute(action).fetchall()
        now = index.read(), version()
        if now[1] != seen[1]:
            assert now[0] != seen[0], action
            commits += 1
        seen = now
    assert commits > 100
    for connection in (asking, *writers):
        connection.close()


def test_a_commit_of_another_process_shows(path: Path, index: WalIndex) -> None:
    seen = {index.read()}
    program = (
        f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute({INSERT!r}); c.commit(); c.close()"
    )
    for _ in range(3):
        subprocess.run([sys.executable, "-c", program], check=True)
        seen.add(index.read())
    assert len(seen) == 4


def test_whoever_only_reads_moves_nothing(path: Path, index: WalIndex) -> None:
    before = index.read()
    for _ in range(3):
        reader = sqlite3.connect(path)
        reader.execute("SELECT * FROM word").fetchall()
        reader.close()
    assert index.read() == before


@pytest.mark.parametrize("name", ["missing.sqlite3", "."])
def test_what_is_no_database_has_no_index(tmp_path: Path, name: str) -> None:
    with pytest.raises(OSError, match="SQLite"):
        WalIndex(str(tmp_path / name))


def test_a_database_in_another_mode_has_no_index(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite3")
    connection.execute("CREATE TABLE word (text)")
    with pytest.raises(OSError, match="not in WAL mode"):
        WalIndex(str(tmp_path / "old.sqlite3"))
    connection.close()
