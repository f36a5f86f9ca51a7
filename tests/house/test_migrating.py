"""A filled database goes through the migrations and keeps every row, on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import JSON, MetaData, Table, event, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from marketplace import create_app
from marketplace.core.config import data_folder
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.moderation.ledger.services import verify_log
from marketplace.reviews.ratings.services import recompute_ratings
from tests.databases import SqliteFile
from tests.postgres import PostgresServer

pytestmark = pytest.mark.slow

FIRST = "0001"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
TERMS = {
    "service": "We go with you – always.",
    "cost_basis": "range",
    "fee_min": 1,
    "fee_max": 2**40,
    "currency": "MXN",
    "official_fee_kind": "extra",
    "official_fee": 500,
    "time_min": 1,
    "time_max": 2,
    "time_unit": "weeks",
    "languages": ["es"],
}
SUMS = dict.fromkeys(
    ("review_count", "uncounted_count", "rating_sum", "rating_weight", "rating_weighted", "reported_count"), 0
)
STANDS = {"note": "Two\nlines", "version": 3}
WAITS = {"status": "pending", "submitted_at": NOON, **STANDS}
PROVIDER = {"name": "Casa", "website": "https://casa.example/", "description": "Papers, and “more”."}
# What stood in the tables of the first migration, parents first. It stays as it is: later migrations start from it.
ROWS: dict[str, list[dict[str, Any]]] = {
    "exchange_rate": [{"currency": "PEN", "date": date(2026, 11, 1), "rate": 4, "source": "Bank"}],
    "job": [
        {
            "task": "mail.deliver",
            "payload": {"to": "a@example.com"},
            "state": "waiting",
            "run_at": NOON,
            "attempts": 0,
            "max_attempts": 5,
            "created_at": NOON,
        }
    ],
    "revision": [{"name": "site", "value": 7}],
    "provider": [
        {
            **PROVIDER,
            "id": number,
            "slug": f"casa-{number}",
            "host": f"casa{number}.example",
            "languages": ["en"],
            "countries": ["mexico"],
            "status": status,
            "search_text": "casa",
            "revision": 2,
            "created_at": NOON,
            **STANDS,
        }
        for number, status in enumerate(("unclaimed", "pending", "active", "suspended", "removed"), start=1)
    ],
    "topic": [{"id": 1, "key": "mexico-visa", "country": "mexico", "revision": 4}],
    "user": [
        {
            "id": number,
            "email": f"person{number}@example.com",
            "name": "Ana",
            "language": "es",
            "role": role,
            "password": "hash",
            "active": number != 3,
            "fs_uniquifier": f"token{number}",
            "confirmed_at": NOON,
            "created_at": NOON,
        }
        for number, role in enumerate(("member", "moderator", "admin"), start=1)
    ],
    "decision": [
        {
            "subject": "provider",
            "subject_id": 3,
            "version": 1,
            "action": action,
            "ground": "impersonation",
            "statement": "Who are you?",
            "actor_id": actor,
            "decided_at": NOON,
        }
        for action, actor in (("publish", 2), ("reject", 3), ("document", None))
    ],
    "guide": [
        {
            "id": 1,
            "topic_id": 1,
            "language": "en",
            "country": "mexico",
            "stem": "visa",
            **dict.fromkeys(("title", "meta_title", "description", "author", "date_text"), "Visa"),
            **dict.fromkeys(("search_text", "table_heading", "html_before", "html_after"), "<p>Visa</p>"),
            "header": ["Provider"],
            "toc": [],
        }
    ],
    "listing": [
        {
            **TERMS,
            **SUMS,
            **STANDS,
            "id": 1,
            "provider_id": 3,
            "topic_id": 1,
            "status": "published",
            "referral": False,
            "created_at": NOON,
        }
    ],
    "provider_claim": [{**WAITS, "provider_id": 1, "user_id": 1, "message": "Mine."}],
    "provider_edit": [{**WAITS, **PROVIDER, "provider_id": 3}],
    "provider_member": [{"provider_id": 3, "user_id": 1, "created_at": NOON}],
    "guide_file": [
        {
            "guide_id": 1,
            "digest": "0" * 64,
            "content": b"# \xc3\xa9",
            "original_rows": b"",
            "links": {},
            "imported_at": NOON,
        }
    ],
    "listing_edit": [{**WAITS, **TERMS, "listing_id": 1}],
    "listing_row": [{"listing_id": 1, "guide_id": 1, "position": 0, "raw": b"| Casa |"}],
    "published_rows": [{"guide_id": 1, "digest": "1" * 64, "written_at": NOON}],
    "review": [
        {
            **WAITS,
            "listing_id": 1,
            "user_id": 1,
            "rating": 5,
            "text": "All was well. 👍",
            "language": "en",
            "experience_on": date(2026, 10, 1),
            "real_cost": 2**40,
            "real_currency": "MXN",
            "outcome": "",
            "level": "unverified",
        }
    ],
}


@pytest.fixture
def filled(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application on a database at the first migration with a row in every table; its context is pushed."""
    url = SqliteFile(tmp_path).url
    if database_kind == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        url = server.url(server.new_database())
    app = create_app({"DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path / "instance")})
    with app.app_context():
        flask_migrate.upgrade(revision=FIRST)
        tables = reflected()
        with db.engine.begin() as connection:
            for name, rows in ROWS.items():
                connection.execute(tables[name].insert(), rows)
        yield app
        db.session.remove()
        db.engine.dispose()


def reflected() -> dict[str, Table]:
    """The tables as the database has them, whatever today's models say."""
    metadata = MetaData()

    @event.listens_for(metadata, "column_reflect")
    def keep_json(inspector: Any, table: Table, column: Any) -> None:
        # Reflected JSON would write None as `null`.
        if isinstance(column["type"], JSON):
            column["type"] = JSON(none_as_null=True)

    metadata.reflect(db.engine)
    return {name: table for name, table in metadata.tables.items() if name != "alembic_version"}


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in reflected().items()
        }


def contents(known: dict[str, list[str]]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables, in the columns that are named."""
    tables = reflected()
    found = {}
    with db.engine.connect() as connection:
        for name, columns in known.items():
            rows = connection.execute(select(*(tables[name].c[column] for column in columns)))
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def decide(action: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(reflected()["decision"].insert(), [{**ROWS["decision"][0], "action": action}])


def test_every_table_of_the_first_migration_has_rows_here(filled: Flask) -> None:
    assert {name for name, count in counts().items() if not count} == set()


def test_a_filled_database_keeps_every_row_on_the_way_to_the_newest_migration(filled: Flask) -> None:
    before = counts()
    columns = {name: list(table.c.keys()) for name, table in reflected().items()}
    rows = contents(columns)
    flask_migrate.upgrade()
    after = counts()
    assert {name: after[name] for name in before} == before
    assert contents(columns) == rows
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadatas[None]) == []


@pytest.mark.parametrize("action", ["suspend", "reinstate"])
def test_decisions_on_a_standing_are_taken_from_the_second_migration_on(filled: Flask, action: str) -> None:
    with pytest.raises(IntegrityError):
        decide(action)
    flask_migrate.upgrade(revision="0002")
    decide(action)
    with pytest.raises(IntegrityError):
        decide("burn")


def test_going_back_from_the_second_migration_throws_no_decision_away(filled: Flask) -> None:
    flask_migrate.upgrade(revision="0002")
    before = counts()
    flask_migrate.downgrade(revision=FIRST)
    assert counts() == before
    flask_migrate.upgrade(revision="0002")
    decide("suspend")
    with pytest.raises(IntegrityError):
        flask_migrate.downgrade(revision=FIRST)
    assert counts() == {**before, "decision": before["decision"] + 1}


def test_an_amount_keeps_its_meaning_where_its_currency_gets_decimals(filled: Flask) -> None:
    flask_migrate.upgrade(revision="0005")
    listing, review = reflected()["listing"], reflected()["review"]
    drawn = {"cost": [[3000.0, 2], [4500.0, 1]], "time": [[2.0, 3]]}
    with db.engine.begin() as connection:
        values = {
            "currency": "RSD",
            "fee_min": 3000,
            "fee_max": 4000,
            "reported_cost": 3500,
            "report_values": drawn,
        }
        connection.execute(listing.update().values(values))
        connection.execute(review.update().values(real_cost=2500, real_currency="IQD"))

    def amounts() -> list[Any]:
        with db.engine.connect() as connection:
            found = connection.execute(
                select(listing.c.fee_min, listing.c.fee_max, listing.c.official_fee, listing.c.reported_cost)
            ).one()
            return [
                *found,
                connection.scalar(select(review.c.real_cost)),
                connection.scalar(select(listing.c.report_values)),
            ]

    before = amounts()
    flask_migrate.upgrade(revision="0006")
    drawn_after = {"cost": [[300_000.0, 2], [450_000.0, 1]], "time": [[2.0, 3]]}
    assert amounts() == [300_000, 400_000, 50_000, 350_000, 2_500_000, drawn_after]
    flask_migrate.downgrade(revision="0005")
    assert amounts() == before


def test_the_sums_of_invited_reviews_are_right_after_the_migration_that_brings_them(filled: Flask) -> None:
    flask_migrate.upgrade(revision="0007")
    row = {**ROWS["review"][0], "status": "published"}
    told = (("documented", 1, 0), ("confirmed", 3, 0), ("documented", 3, 0), *(("invited", 5, 540),) * 10)
    with db.engine.begin() as connection:
        for level, rating, age in told:
            published = datetime(2026, 1, 1, 23, tzinfo=UTC) - timedelta(days=age)
            values = {"level": level, "rating": rating, "published_at": published, "version": 1, "risk": 0}
            connection.execute(reflected()["review"].insert(), [{**row, **values, "risk_reasons": []}])
    flask_migrate.upgrade()
    listing = db.session.get_one(Listing, 1)
    assert listing.rating_average == pytest.approx((7 + 1.75 * 5) / 4.75)
    assert (listing.invited_weight, listing.invited_weighted) == pytest.approx((5, 25))
    kept = (listing.rating_average, listing.invited_weight, listing.invited_weighted)
    sums = recompute_ratings(1)
    assert (sums.rating_average, sums.invited_weight, sums.invited_weighted) == pytest.approx(kept)


def test_the_log_of_a_filled_database_is_chained_and_can_be_verified(filled: Flask) -> None:
    flask_migrate.upgrade(revision="0009")
    log = reflected()["action_log"]
    words = {"action": "see_proof", "subject": "proof", "subject_id": 5, "at": NOON.replace(microsecond=7)}
    with db.engine.begin() as connection:
        connection.execute(log.insert(), [{**words, "actor_id": None}, {**words, "actor_id": 2}])
    flask_migrate.upgrade()
    report = verify_log(now=NOON)
    assert (report.entries, report.waiting, report.fault) == (len(ROWS["decision"]) + 2, 0, None)
    db.session.rollback()
    flask_migrate.downgrade(revision="0009")
    with db.engine.begin() as connection:
        connection.execute(reflected()["decision"].update().values(statement="It can be changed again."))


LATER_MIGRATION = """
from alembic import op

revision = "later"
down_revision = "{head}"


def upgrade():
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    for table in ("user", "review", "provider"):
        with op.batch_alter_table(table, recreate=recreate):
            pass
"""


def test_a_later_migration_can_make_anew_what_triggers_name(filled: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(data_folder("migrations"), folder)
    head = (folder / "head").read_text().strip()
    (folder / "versions" / "later.py").write_text(LATER_MIGRATION.format(head=head))
    flask_migrate.upgrade(directory=str(folder))
    with db.engine.begin() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "later"
        assert connection.scalar(text("SELECT count(*) FROM review")) == len(ROWS["review"])
        with pytest.raises(DBAPIError, match="can only be added to"):
            connection.execute(text("DELETE FROM decision"))


def test_spellings_of_one_name_get_one_key_and_doubles_their_number(filled: Flask) -> None:
    flask_migrate.upgrade(revision="0020")
    known = {
        "host": "pena.example",
        "website": "https://pena.example/",
        "sort_name": "",
        "revision": 0,
        "version": 1,
    }
    same = {**ROWS["provider"][0], **known}
    rows = [
        (21, "unclaimed", "O’Peña", "o’peña"),
        (22, "active", "O'PEÑA", "o'peña"),
        (23, "active", "Peña e Hijos", "peña e hijos"),
        (24, "removed", "O`Peña", "o`peña"),
    ]
    with db.engine.begin() as connection:
        tables = reflected()
        for number, status, name, key in rows:
            values = {"id": number, "slug": f"pena-{number}", "status": status, "name": name, "name_key": key}
            merged = 22 if number == 24 else None
            connection.execute(
                tables["provider"].insert(),
                [{**same, **values, "search_text": key, "merged_into_id": merged}],
            )
        for number, provider, status in ((31, 22, "published"), (32, 24, "withdrawn")):
            row = {**ROWS["listing"][0], "id": number, "provider_id": provider, "status": status}
            connection.execute(tables["listing"].insert(), [row])
        connection.execute(
            tables["user"].update().where(tables["user"].c.id == 1).values(email="ana@bücher.example")
        )

    def keys() -> dict[int, str]:
        provider = reflected()["provider"].c
        with db.engine.connect() as connection:
            found = connection.execute(select(provider.id, provider.name_key).where(provider.id > 20))
            return {number: key for number, key in found}

    flask_migrate.upgrade()
    assert keys() == {21: "o'peña\x0121", 22: "o'peña", 23: "peña e hijos", 24: "\x0124"}
    with db.engine.connect() as connection:
        tables = reflected()
        offers, known_as, people = tables["listing"].c, tables["provider"].c, tables["user"].c
        became = connection.execute(select(offers.id, offers.merged_into_id).where(offers.id > 30))
        assert {number: into for number, into in became} == {31: None, 32: 31}
        assert connection.scalar(select(known_as.search_text).where(known_as.id == 21)) == "o'pena"
        assert connection.scalar(select(people.email).where(people.id == 1)) == "ana@xn--bcher-kva.example"
    flask_migrate.downgrade(revision="0020")
    flask_migrate.upgrade()
    assert keys()[22] == "o'peña"
