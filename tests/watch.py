"""Watches what a request does to the database: services flush, and whoever called them commits once; GET never writes."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, request
from sqlalchemy import Connection, event

from marketplace.core.extensions import db

WRITING = re.compile(
    r"\s*(?:INSERT|UPDATE|DELETE|REPLACE|WITH\b.*?\b(?:INSERT INTO|UPDATE|DELETE FROM))\b",
    re.IGNORECASE | re.DOTALL,
)
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "SET ")
# Where a request notes how many statements came before it.
STARTED = "tests.watch.started"
# Links in mails confirm by being opened.
GET_MAY_WRITE = frozenset({"security.confirm_email"})


class _Notes(threading.local):
    """What one thread did: requests side by side are not blamed for each other."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.problems: list[str] = []
        self.open: dict[int, list[str]] = {}
        self.marks: dict[tuple[int, str], int] = {}


class WriteWatch:
    """Counts statements, and finds uncommitted changes at the end of each request. Belongs to one application."""

    def __init__(self, app: Flask) -> None:
        self._notes = _Notes()
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", self._executed)
        event.listen(engine, "commit", self._ended)
        event.listen(engine, "rollback", self._ended)
        event.listen(engine, "savepoint", self._marked)
        event.listen(engine, "rollback_savepoint", self._taken_back)
        app.before_request_funcs.setdefault(None, []).insert(0, self._begin)
        app.teardown_request_funcs.setdefault(None, []).append(self._check)

    def take_problems(self) -> list[str]:
        """What was found since last asked."""
        problems, self._notes.problems = self._notes.problems, []
        return problems

    def pending(self) -> list[str]:
        """Writing statements that nobody committed or rolled back yet."""
        return [statement for statements in self._notes.open.values() for statement in statements]

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The statements executed meanwhile, transaction control apart."""
        start = len(self._notes.statements)
        found: list[str] = []
        yield found
        found.extend(self._notes.statements[start:])

    def _begin(self) -> None:
        request.environ[STARTED] = len(self._notes.statements)

    def _check(self, error: BaseException | None) -> None:
        # `session_transaction` of a test client opens a request that never begins: what ran before it is the test's.
        if error is not None or STARTED not in request.environ:
            return
        if db.session.registry.has():
            session = db.session()
            changed = [
                *session.new,
                *session.deleted,
                *(row for row in session.dirty if session.is_modified(row)),
            ]
            if changed:
                self._report(f"rows neither flushed nor committed: {changed}")
        for statements in self._notes.open.values():
            self._report(f"flushed but not committed: {statements}")
        written = [text for text in self._notes.statements[request.environ[STARTED] :] if WRITING.match(text)]
        if written and request.method in ("GET", "HEAD") and request.endpoint not in GET_MAY_WRITE:
            self._report(f"GET wrote: {written}")
        self._notes.open.clear()
        self._notes.marks.clear()

    def _report(self, problem: str) -> None:
        self._notes.problems.append(f"{request.method} {request.path}: {problem}")

    def _executed(self, connection: Connection, cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.upper().startswith(CONTROL):
            return
        self._notes.statements.append(statement)
        if WRITING.match(statement):
            self._notes.open.setdefault(_key(connection), []).append(statement)

    def _ended(self, connection: Connection) -> None:
        self._notes.open.pop(_key(connection), None)

    def _marked(self, connection: Connection, name: str) -> None:
        self._notes.marks[_key(connection), name] = len(self._notes.open.get(_key(connection), ()))

    def _taken_back(self, connection: Connection, name: str, _context: Any) -> None:
        kept = self._notes.marks.get((_key(connection), name), 0)
        statements = self._notes.open.get(_key(connection), [])
        del statements[kept:]
        if not statements:
            self._notes.open.pop(_key(connection), None)


def _key(connection: Connection) -> int:
    return id(connection.connection.driver_connection)
