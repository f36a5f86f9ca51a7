"""Copies rows into a table by the hundred thousand: `COPY` on PostgreSQL, one prepared statement on SQLite.

Nothing is flushed, no event is sent and no constraint but the database's is checked: who copies leaves everything as the
services would have. Values are those that the columns take; the models' defaults stand in for columns that are not named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, text

ROWS_AT_ONCE = 10_000
CACHE_KIB = 256 * 1024

Row = Sequence[Any]
Convert = Callable[[Any], Any]


def copy_rows(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> int:
    """Add rows, given as values of the named columns, in the connection's transaction; returns how many."""
    names, defaults = list(names), _defaults(table, names)
    columns = [table.c[name] for name in (*names, *defaults)]
    constants = tuple(defaults.values())
    converts = [_converter(connection, column.type) for column in columns]
    found = (
        [value if convert is None or value is None else convert(value) for convert, value in pairs]
        for pairs in (zip(converts, (*row, *constants), strict=True) for row in rows)
    )
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(table.name)} ({', '.join(quote(column.name) for column in columns)})"
    copy = _copy_on_postgresql if connection.dialect.name == "postgresql" else _copy_on_sqlite
    return copy(connection, target, len(columns), found)


def _defaults(table: Table, names: Sequence[str]) -> dict[str, Any]:
    """What the model puts into the other columns, the same into every row. A default made of a row's other values must be
    given: it raises `AttributeError` here."""
    found: dict[str, Any] = {}
    for column in table.columns:
        default = column.default
        if column.name not in names and default is not None:
            found[column.name] = default.arg(None) if default.is_callable else default.arg  # type: ignore[attr-defined]
    return found


def _converter(connection: Connection, kind: Any) -> Convert | None:
    """What makes of a value what the driver takes."""
    found: Convert | None = kind.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return found


def _copy_on_postgresql(connection: Connection, target: str, width: int, rows: Iterable[Row]) -> int:
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor:
        with cursor.copy(f"COPY {target} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)


def _copy_on_sqlite(connection: Connection, target: str, width: int, rows: Iterable[Row]) -> int:
    driver: Any = connection.connection.driver_connection
    marks = ", ".join("?" * width)
    count = 0
    for batch in _batches(rows):
        driver.executemany(f"INSERT INTO {target} VALUES ({marks})", batch)  # noqa: S608 - names of a model
        count += len(batch)
    return count


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, ROWS_AT_ONCE)):
        yield batch


@contextmanager
def without_indexes(connection: Connection, table: Table) -> Iterator[None]:
    """Drop a table's indexes, and make them anew at the end: sorting once is cheaper than a place for each row."""
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def begin_copying(connection: Connection) -> None:
    """Give SQLite the memory for large indexes; for the life of the connection."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{CACHE_KIB}")


def end_copying(connection: Connection, tables: Iterable[Table]) -> None:
    """Go on numbering after the rows that came with their ids, and tell PostgreSQL's planner how many there are, as its
    autovacuum would some time later. SQLite is told nothing: where it knows how alike the values of an index are, it takes
    rare ones, such as what waits for a moderator, for common ones, and scans."""
    if connection.dialect.name != "postgresql":
        return
    quote = connection.dialect.identifier_preparer.quote
    for table in tables:
        name = quote(table.name)
        if "id" in table.c:
            connection.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name}")  # noqa: S608
            )
        connection.execute(text(f"ANALYZE {name}"))
