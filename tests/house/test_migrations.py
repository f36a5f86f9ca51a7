"""The migrations make the tables that the models describe, one after another."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from marketplace.core.config import data_folder
from marketplace.core.extensions import db


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")))
    return ScriptDirectory.from_config(config)


def test_migrations_make_what_the_models_describe(app: Flask) -> None:
    context = MigrationContext.configure(db.session.connection(), opts={"compare_type": True})
    assert compare_metadata(context, db.metadatas[None]) == []


def test_the_head_file_names_the_one_newest_migration() -> None:
    """Two branches that each add a migration both change this file, and so collide in git, not in production."""
    kept = (data_folder("migrations") / "head").read_text().strip()
    assert scripts().get_heads() == [kept]


def test_a_new_database_is_at_the_newest_migration(app: Flask) -> None:
    context = MigrationContext.configure(db.session.connection())
    assert context.get_current_heads() == tuple(scripts().get_heads())


def test_migrations_do_not_need_the_code_of_the_day() -> None:
    wrong = [
        path.name
        for path in (data_folder("migrations") / "versions").glob("*.py")
        if "marketplace" in path.read_text()
    ]
    assert not wrong
