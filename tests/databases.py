"""The two databases that tests run on, migrated once a process and put back to that state before each test.

SQLite: a file, copied from the migrated one. PostgreSQL: rows are deleted and those that the migrations wrote come back
from a copy kept in the schema `pristine`. The program commits for real, so no transaction is rolled back around a test.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql

from tests.postgres import PostgresServer

KINDS = ("sqlite", "postgresql")


class MigratedDatabase(Protocol):
    """An empty database at `url`; `keep()` remembers its state, `restore()` returns to it."""

    url: str
    shared: bool  # whether `restore()` works beside idle connections

    def keep(self) -> None:
        """Remember the state as it is now: migrated."""

    def restore(self) -> None:
        """Return to the remembered state; where the database is not shared, nobody else may be connected."""


class SqliteFile:
    """A database file in a folder."""

    shared = False

    def __init__(self, folder: Path) -> None:
        self._path = folder / "test.sqlite3"
        self._pristine = folder / "pristine.sqlite3"
        self.url = f"sqlite:///{self._path}"

    def keep(self) -> None:
        """Copy the file. The last connection was closed, so the write-ahead log is in it."""
        shutil.copyfile(self._path, self._pristine)

    def restore(self) -> None:
        """Put a new file in place: a connection that a test forgot keeps the old one."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._pristine, self._path)


class PostgresDatabase:
    """A database of a server. A test's connections go back to the pool and serve the next one."""

    shared = True

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._name = server.new_database()
        self.url = server.url(self._name)
        self._tables: list[tuple[str, bool]] = []
        self._sequences: list[tuple[str, int | None]] = []
        self._cleaner: psycopg.Connection | None = None

    def keep(self) -> None:
        """List the tables and sequences; copy the rows that the migrations wrote."""
        with self._server.connect(self._name) as connection:
            connection.execute("CREATE SCHEMA pristine")
            found = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            for (name,) in found:
                table = sql.Identifier(name)
                row = connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone()
                if row is not None:
                    connection.execute(
                        sql.SQL("CREATE TABLE pristine.{} AS SELECT * FROM public.{}").format(table, table)
                    )
                self._tables.append((name, row is not None))
            self._sequences = connection.execute(
                "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
            ).fetchall()

    def restore(self) -> None:
        """Empty every table and write the kept rows again, in one transaction with the keys' triggers off."""
        connection = self._cleaner
        if connection is None or connection.closed:
            # Kept open: a new one would read the catalogue of every table first, which takes longer than the cleaning.
            connection = self._cleaner = self._server.connect(self._name)
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            connection.execute(self._cleaning())

    def _cleaning(self) -> sql.Composed:
        steps = []
        for name, kept in self._tables:
            table = sql.Identifier(name)
            steps.append(sql.SQL("DELETE FROM public.{}").format(table))
            if kept:
                steps.append(sql.SQL("INSERT INTO public.{} SELECT * FROM pristine.{}").format(table, table))
        for name, value in self._sequences:
            arguments = (sql.Literal(name), sql.Literal(value or 1), sql.Literal(value is not None))
            steps.append(sql.SQL("SELECT setval({}, {}, {})").format(*arguments))
        return sql.SQL("; ").join(steps)
