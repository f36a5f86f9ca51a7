"""Health checks: whether the process runs, and whether its dependencies work."""

from __future__ import annotations

from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, jsonify
from sqlalchemy import select

from marketplace.core.config import data_folder
from marketplace.core.extensions import current_settings, db
from marketplace.core.jobs.queue import Job
from marketplace.i18n.currencies import EXPONENTS
from marketplace.values.exponents import stored_exponents
from marketplace.web.security import access

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access("machine")
def healthz() -> Any:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access("machine")
def readyz() -> Any:
    """The database answers, its schema and the decimals of its amounts are this release's, and the job table can be read.
    503 otherwise."""
    checks: dict[str, str] = {}
    try:
        db.session.execute(select(Job.id).limit(1))
        checks["database"] = checks["jobs"] = "ok"
        found = MigrationContext.configure(db.session.connection()).get_current_revision()
        checks["migrations"] = "ok" if found == newest_migration() else "behind"
        checks["currencies"] = "ok" if stored_exponents() == EXPONENTS else "other decimals"
    except Exception as error:
        db.session.rollback()
        checks["database"] = type(error).__name__
    ready = set(checks.values()) == {"ok"}
    state = {
        "status": "ok" if ready else "unready",
        "checks": checks,
        "warnings": current_settings().warnings,
    }
    return jsonify(state), 200 if ready else 503


def newest_migration() -> str | None:
    """The revision that this release's code needs."""
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    return ScriptDirectory.from_config(config).get_current_head()
