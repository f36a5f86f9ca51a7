"""Alembic's environment: the application's database, in batches on SQLite with foreign keys off and checked after."""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from marketplace.core.database import UTCDateTime

db = current_app.extensions["migrate"].db
metadata = db.metadatas[None]


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Write our own types as plain SQLAlchemy, so that old migrations do not need today's code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def configure(connection: Connection) -> None:
    """What a migration and a comparison of models share."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=True,
    )


def run_migrations() -> None:
    """Migrate. On SQLite a batch change drops and recreates tables: with foreign keys on it would delete children."""
    engine = db.engine
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys=OFF")
            # A batch change drops a table and renames its copy: triggers elsewhere that name it must not fail meanwhile.
            raw.execute("PRAGMA legacy_alter_table=ON")
        configure(connection)
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = raw.execute("PRAGMA foreign_key_check").fetchall()
            raw.execute("PRAGMA foreign_keys=ON")
            raw.execute("PRAGMA legacy_alter_table=OFF")
            if broken:
                raise RuntimeError(f"the migration left {len(broken)} broken references")


run_migrations()
