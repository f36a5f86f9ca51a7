"""The rows that a move touches, as they were before it: read, compared, kept as JSON, and put back.

Whatever a move changes it names as `Touch`es: a model and the columns that find its rows, those that the move deletes or
adds included. Of a row that only changed, the changed columns are kept; of one that was deleted, all. Versions and
revisions are counters: they never go back.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Table, delete, insert, inspect, select, update

from marketplace.core.extensions import db

COUNTERS = ("version", "revision")
Place = tuple[str, tuple[Any, ...]]
Rows = dict[Place, dict[str, Any]]
Entry = dict[str, Any]
_READERS: dict[str, Callable[[str], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "bytes": b64decode,
}


@dataclass(frozen=True, slots=True)
class Touch:
    """The rows of a model that have these values; a list means any of them."""

    model: Any
    where: Mapping[str, Any]


def rows_of(model: Any, **where: Any) -> Touch:
    """The rows of a model with these values in their columns."""
    return Touch(model, where)


def this_row(row: Any) -> Touch:
    """One row that is there."""
    state = inspect(row)
    names = (column.name for column in state.mapper.primary_key)
    return Touch(type(row), dict(zip(names, state.identity, strict=True)))


def read_rows(touches: Sequence[Touch]) -> Rows:
    """The rows as they are in the database now, by table and key, in values that JSON can hold."""
    db.session.flush()
    found: Rows = {}
    for touch in touches:
        table: Table = touch.model.__table__
        wanted = [
            table.c[name].in_(value) if isinstance(value, list) else table.c[name] == value
            for name, value in touch.where.items()
        ]
        query = select(table).where(*wanted).order_by(*table.primary_key.columns)
        for row in db.session.execute(query).mappings():
            key = tuple(row[column.name] for column in table.primary_key.columns)
            found[table.name, key] = {name: pack(value) for name, value in row.items()}
    return found


def entries_of(before: Rows, after: Rows) -> list[Entry]:
    """What a move did, row by row. `before` of an entry is what is put back, None for a row that is new; `after` is what has
    to stand there still for that, None for a row that is gone."""
    entries = []
    for place in [*before, *(place for place in after if place not in before)]:
        old, new = before.get(place), after.get(place)
        changed = _changed(old, new) if old is not None and new is not None else old
        if changed == {}:
            continue
        table, key = place
        fence = new
        if new is not None and "version" in new:
            fence = {"version": new["version"]}
        elif new is not None and changed is not None:
            fence = {name: new[name] for name in changed}
        entries.append(
            {"table": table, "key": [pack(part) for part in key], "before": changed, "after": fence}
        )
    return entries


def _changed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in old.items() if name not in COUNTERS and new[name] != value}


def standing_row(entry: Entry) -> dict[str, Any] | None:
    """The row of an entry as it is now, held until the transaction ends; None where there is none."""
    query = select(_table(entry)).where(*_at(entry)).with_for_update(key_share=True)
    row = db.session.execute(query).mappings().first()
    return None if row is None else {name: pack(value) for name, value in row.items()}


def is_untouched(entry: Entry, row: dict[str, Any] | None) -> bool:
    """Whether a row stands as the move left it."""
    fence = entry["after"]
    if row is None or fence is None:
        return row is None and fence is None
    return all(row[name] == value for name, value in fence.items())


def put_back(entries: Sequence[Entry], rows: Sequence[dict[str, Any] | None]) -> None:
    """Undo what the entries tell; `rows` are their rows as they are now. New rows go first, those that were deleted come
    last; each gets a version that no one has seen."""
    fresh = 1 + max(
        (int(row["version"]) for row in (*rows, *_befores(entries)) if row is not None and "version" in row),
        default=0,
    )
    for entry, row in zip(entries, rows, strict=True):
        if entry["before"] is None:
            db.session.execute(delete(_table(entry)).where(*_at(entry)))
        elif row is not None:
            values = _unpacked(entry["before"])
            if "version" in row:
                values["version"] = fresh
            db.session.execute(update(_table(entry)).where(*_at(entry)).values(**values))
    for entry, row in zip(entries, rows, strict=True):
        if entry["before"] is not None and row is None:
            values = _unpacked(entry["before"])
            if "version" in values:
                values["version"] = fresh
            db.session.execute(insert(_table(entry)).values(**values))
    db.session.expire_all()


def pack(value: Any) -> Any:
    """A column's value as JSON holds it."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, bytes):
        return {"bytes": b64encode(value).decode("ascii")}
    return value


def unpack(value: Any) -> Any:
    """The inverse of `pack`."""
    if isinstance(value, dict) and len(value) == 1:
        ((name, text),) = value.items()
        if name in _READERS:
            return _READERS[name](text)
    return value


def model_of(entry: Entry) -> Any:
    """The model whose table an entry names."""
    mappers = db.Model.registry.mappers  # type: ignore[attr-defined]
    return next(mapper.class_ for mapper in mappers if mapper.local_table is _table(entry))


def key_of(entry: Entry) -> tuple[Any, ...]:
    """The primary key of an entry's row."""
    return tuple(unpack(part) for part in entry["key"])


def _befores(entries: Sequence[Entry]) -> list[dict[str, Any] | None]:
    return [entry["before"] for entry in entries]


def _unpacked(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: unpack(value) for name, value in values.items()}


def _table(entry: Entry) -> Table:
    return db.metadata.tables[entry["table"]]


def _at(entry: Entry) -> list[Any]:
    columns = _table(entry).primary_key.columns
    return [column == value for column, value in zip(columns, key_of(entry), strict=True)]
