"""The Flask extensions, made once and bound by `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import current_app
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from marketplace.core.config import Settings
from marketplace.core.database import LARGEST_ID, Base, prepare_engine

Clock = Callable[[], datetime]
Row = TypeVar("Row", bound=Base)


class Database(SQLAlchemy):
    """Flask-SQLAlchemy whose engines follow our connection rules."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Any) -> Engine:
        engine = super()._make_engine(bind_key, options, app)
        prepare_engine(engine)
        return engine


db = Database(model_class=Base)
migrate = Migrate(render_as_batch=True, compare_type=True)
babel = Babel()
limiter = Limiter(get_remote_address, swallow_errors=True, storage_uri="clock://")  # see `limits`


def find_row(model: type[Row], row_id: int) -> Row | None:
    """The row with this id, or None, also for ids out of range."""
    return db.session.get(model, row_id) if 0 < row_id <= LARGEST_ID else None


def insert_into(model: Any) -> Any:
    """The current database's INSERT, with `on_conflict_do_nothing`."""
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert if on_postgresql else sqlite.insert)(model)


def system_clock() -> datetime:
    """The time now, aware UTC."""
    return datetime.now(UTC)


def current_settings() -> Settings:
    """The application's settings."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def now() -> datetime:
    """The application's time, aware UTC: the clock that `create_app` was given."""
    clock: Clock = current_app.extensions["clock"]
    return clock()
