"""Whether anything was committed since a page was last found to be current; asked before each use, in microseconds.

SQLite shows each commit in memory that its processes share. PostgreSQL tells a listener that a revision was
raised: triggers on the tables that hold revisions notify it in the raising transaction. Either moves the `generation`: pages
found current at the present one are current, others have their revisions compared once. Without a working connection there
is no generation, and pages are made current inside Flask, by the request's own transaction.

A notice can reach the listener's socket later than the writer its own answer. So the listener is asked for an empty
statement each time: PostgreSQL sends what was committed before it first. Requests that wait for each other share the answer
to a question that was put after they came.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import Engine

from marketplace.core.revisions import revisions_query
from marketplace.web.page_cache.wal_index import WalIndex

CHANNEL = "pages_changed"
EMPTY_QUERY = 0  # libpq's PGRES_EMPTY_QUERY
RETRY_AFTER = 1.0  # seconds
log = logging.getLogger(__name__)


class Proof:
    """A connection of its own to the database, shared by the threads of the process, that only reads."""

    mark = "?"

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._connection: Any = None
        self._generation = 0
        self._order = count()
        self._asked = -1
        self._answer: int | None = None
        self._retry_at = 0.0

    def generation(self) -> int | None:
        """A number that has grown if something may have changed since it was last asked; None if that is unknown."""
        came = next(self._order)
        with self._lock:
            if self._answer is None or self._asked < came:
                self._asked = next(self._order)
                self._answer = self._guarded(self._look)
            return self._answer

    def values(self, names: Sequence[str]) -> tuple[Any, ...] | None:
        """The revisions of these names as they are now, or None if they cannot be read."""
        query, parameters = revisions_query(names, self.mark)
        with self._lock:
            return self._guarded(lambda: tuple(self._connection.execute(query, parameters).fetchone()))

    def close(self) -> None:
        """Give up the connection; the next question opens another."""
        with self._lock:
            self._close()

    def _guarded(self, ask: Any) -> Any:
        try:
            if self._connection is None:
                if time.monotonic() < self._retry_at:
                    return None
                self._open()
            return ask()
        except Exception as error:  # whatever a driver raises: the page is made current without us
            log.warning("the page cache lost its connection: %s", type(error).__name__)
            self._close()
            self._retry_at = time.monotonic() + RETRY_AFTER
            return None

    def _open(self) -> None:
        pooled = self._engine.raw_connection()
        self._connection = pooled.dbapi_connection
        pooled.detach()
        self._generation += 1  # what happened meanwhile, nobody knows
        self._prepare()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception as error:
                log.debug("closing: %s", type(error).__name__)

    def _prepare(self) -> None:
        raise NotImplementedError

    def _look(self) -> int:
        raise NotImplementedError


class SqliteProof(Proof):
    """Sees in SQLite's shared memory that something was committed, or where that cannot be reached, asks how often."""

    _index: WalIndex | None = None

    def _prepare(self) -> None:
        try:
            self._index = WalIndex(self._connection.execute("PRAGMA database_list").fetchone()[2])
        except (OSError, AttributeError) as error:
            log.info("commits are counted by data_version: %s", error)
        self._seen = self._state()

    def _look(self) -> int:
        if (state := self._state()) != self._seen:
            self._seen = state
            self._generation += 1
        return self._generation

    def _state(self) -> object:
        if self._index is not None:
            return self._index.read()
        return self._connection.execute("PRAGMA data_version").fetchone()

    def _close(self) -> None:
        index, self._index = self._index, None
        if index is not None:
            index.close()
        super()._close()


class PostgresProof(Proof):
    """Listens to PostgreSQL."""

    mark = "%s"

    def _prepare(self) -> None:
        self._connection.autocommit = True
        self._connection.add_notify_handler(self._moved)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def _moved(self, notification: object) -> None:
        self._generation += 1

    def _look(self) -> int:
        driver = self._connection.pgconn
        if driver.exec_(b"").status != EMPTY_QUERY:
            raise ConnectionError
        while driver.notifies() is not None:
            self._generation += 1
        return self._generation


def proof_for(engine: Engine) -> Proof:
    """The proof that fits the database."""
    return SqliteProof(engine) if engine.dialect.name == "sqlite" else PostgresProof(engine)
