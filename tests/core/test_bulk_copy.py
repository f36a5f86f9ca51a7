"""Rows that are copied are those that the models would have written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from marketplace.core.bulk_copy import copy_rows, end_copying, without_indexes
from marketplace.core.extensions import db
from marketplace.guides.models import Guide, GuideFile, Topic
from tests.clock import START
from tests.factories import make_guide, make_topic

TOPICS = ("id", "key", "country")


def values_of(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in inspect(type(row)).columns}


def test_a_copied_row_is_the_one_that_the_model_writes(app: Flask) -> None:
    topic = make_topic(languages=())
    written = make_guide(topic, "en", "one", retired_at=START + timedelta(hours=1), header=None)
    written.file.content = b"bytes \x00\xff and | bars\t\\N"
    db.session.flush()
    names = [column.key for column in Guide.__table__.columns if column.key != "shown"]
    again = {**values_of(written), "id": written.id + 1, "stem": "two"}
    file = {**values_of(written.file), "guide_id": again["id"]}
    connection = db.session.connection()
    assert copy_rows(connection, Guide.__table__, names, [[again[name] for name in names]]) == 1
    assert copy_rows(connection, GuideFile.__table__, list(file), [list(file.values())]) == 1
    db.session.expire_all()
    copied = db.session.get_one(Guide, again["id"])
    assert values_of(copied) == {**again, "shown": True}
    assert values_of(copied.file) == file


def test_numbering_goes_on_and_indexes_are_there_again(app: Flask) -> None:
    connection, table = db.session.connection(), Topic.__table__
    indexes = {index["name"] for index in inspect(connection).get_indexes("topic")}
    with without_indexes(connection, table):
        assert (
            copy_rows(connection, table, TOPICS, ((n, f"peru-{n}", "peru") for n in range(1, 25_001)))
            == 25_000
        )
    end_copying(connection, [table])
    assert {index["name"] for index in inspect(db.session.connection()).get_indexes("topic")} == indexes
    assert make_topic().id == 25_001
    assert db.session.scalars(select(Topic.revision).distinct()).all() == [0, 1]


def test_what_the_database_forbids_cannot_be_copied(app: Flask) -> None:
    connection = db.session.connection()
    driver = connection.dialect.loaded_dbapi.IntegrityError
    with pytest.raises((IntegrityError, driver)):
        copy_rows(connection, Topic.__table__, TOPICS, [(1, "peru-1", "peru"), (2, "peru-1", "peru")])


def test_a_default_made_of_the_rows_other_values_must_be_given(app: Flask) -> None:
    with pytest.raises(AttributeError):
        copy_rows(db.session.connection(), Guide.__table__, ["topic_id", "title"], [(1, "Card")])
