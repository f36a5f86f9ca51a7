"""The database's foundations: naming convention, UTC time type, and how SQLite connections behave.

Units that write begin IMMEDIATE on SQLite, so that two writers queue instead of failing half-way; reads begin deferred
and never wait for them. `writing()` marks the unit; requests other than GET are marked by the application.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Date, DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

LARGEST_ID = 2**31 - 1  # what an INTEGER holds; PostgreSQL refuses to look for more

PATIENCE = 5_000  # milliseconds that a connection waits for a lock of SQLite's
CHECKPOINT_PATIENCE = 200
TURN = 0.12  # seconds: who waits for SQLite's lock tries again after 0.1 at the latest
# With `secure_delete`, what is deleted or overwritten is zeroed in the file: an erased member must not be found in it.
PRAGMAS = (
    "foreign_keys=ON",
    "journal_mode=WAL",
    "synchronous=NORMAL",
    f"busy_timeout={PATIENCE}",
    "secure_delete=ON",
)

_write_intent: ContextVar[bool] = ContextVar("write_intent", default=False)


class Base(DeclarativeBase):
    """Declarative base of every model; constraint names follow one convention so that they map to field errors."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def one_of(column: str, values: Iterable[str]) -> str:
    """The SQL condition that a column holds one of some words, such as the members of an enum."""
    words = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({words})"


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: takes aware datetimes only, stores UTC, returns aware UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive datetimes; SQLite gets naive UTC, PostgreSQL aware UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return aware UTC whatever the driver gives."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UTCDay(FunctionElement[date]):
    """The day in UTC of a `UTCDateTime` column, in SQL."""

    name = "utc_day"
    type = Date()
    inherit_cache = True


class UTCMonth(UTCDay):
    """The first day of the month in UTC of a `UTCDateTime` column, in SQL."""

    name = "utc_month"
    inherit_cache = True


@compiles(UTCDay, "sqlite")
def _day_on_sqlite(element: UTCDay, compiler: Any, **kwargs: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kwargs)}, 1, 10)"


@compiles(UTCDay, "postgresql")
def _day_on_postgresql(element: UTCDay, compiler: Any, **kwargs: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kwargs)} AT TIME ZONE 'UTC' AS DATE)"


@compiles(UTCMonth, "sqlite")
def _month_on_sqlite(element: UTCMonth, compiler: Any, **kwargs: Any) -> str:
    return f"substr({compiler.process(element.clauses, **kwargs)}, 1, 8) || '01'"


@compiles(UTCMonth, "postgresql")
def _month_on_postgresql(element: UTCMonth, compiler: Any, **kwargs: Any) -> str:
    moment = compiler.process(element.clauses, **kwargs)
    return f"CAST(date_trunc('month', {moment} AT TIME ZONE 'UTC') AS DATE)"


@contextmanager
def writing() -> Iterator[None]:
    """Mark what happens inside as a unit that writes: its transactions begin IMMEDIATE on SQLite."""
    token = _write_intent.set(True)
    try:
        yield
    finally:
        _write_intent.reset(token)


def by_code_points(length: int) -> String:
    """The type of a column that both databases sort alike, byte by byte, whatever the language of the server."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def let_others_write(engine: Engine) -> None:
    """After a unit of long work: SQLite's lock has no queue, and who takes it again at once keeps the others out for ever.
    Wait as long as they sleep between their tries. Other databases let writers work beside each other."""
    if engine.dialect.name == "sqlite":
        time.sleep(TURN)


def is_locked(error: BaseException) -> bool:
    """Whether a statement failed only because somebody else held SQLite's lock for too long."""
    return "database is locked" in str(getattr(error, "orig", ""))


def set_write_intent(intent: bool) -> None:
    """Say for the rest of this context whether transactions are begun to write."""
    _write_intent.set(intent)


def _on_connect(connection: DBAPIConnection, record: Any) -> None:
    connection.isolation_level = None  # pysqlite would begin transactions behind our back
    cursor = connection.cursor()
    for pragma in PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _write_intent.get() else "BEGIN")


def checkpoint(engine: Engine, *, vacuum: bool = False) -> bool:
    """Copy SQLite's write-ahead log into the file and empty it, for it holds earlier versions of rows; with `vacuum`, write
    the file anew without free pages first. Not inside a transaction. False where a reader or writer was in the way; other
    databases do this by themselves."""
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        if vacuum:
            cursor.execute("VACUUM")
        # While it waits for readers, nobody can write: it gives up long before a writer does.
        cursor.execute(f"PRAGMA busy_timeout = {CHECKPOINT_PATIENCE}")
        answer = cursor.execute(
            "PRAGMA wal_checkpoint(TRUNCATE)"
        ).fetchone()  # (busy, pages in the log, pages copied)
        return answer is not None and not answer[0]
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout = {PATIENCE}")
        connection.close()


def prepare_engine(engine: Engine) -> None:
    """Install the connection rules on an engine; called once for each engine made."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
