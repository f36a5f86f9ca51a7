"""What machines ask: is the process up, is everything there that it needs."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import text

from marketplace import create_app
from marketplace.core.extensions import db
from marketplace.web.health import newest_migration
from tests.clients import Client
from tests.conftest import CountQueries
from tests.production import PRODUCTION


def test_the_process_answers_without_the_database(
    app: Flask, client: Client, count_queries: CountQueries
) -> None:
    with count_queries(app) as statements:
        response = client.get("/healthz")
    assert (response.status_code, response.json, statements) == (200, {"status": "ok"}, [])


def test_all_that_is_needed_is_there(app: Flask, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json == {
        "status": "ok",
        "checks": {"database": "ok", "jobs": "ok", "migrations": "ok", "currencies": "ok"},
        "warnings": [],
    }


def test_an_older_schema_is_not_ready(app: Flask, client: Client) -> None:
    db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["checks"]["migrations"] == "behind"
    db.session.execute(
        text("UPDATE alembic_version SET version_num = :newest"), {"newest": newest_migration()}
    )
    db.session.commit()
    assert client.get("/readyz").status_code == 200


def test_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    app = create_app({"INSTANCE_PATH": str(tmp_path)})
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert response.json is not None
    assert response.json["status"] == "unready"
    assert app.test_client().get("/healthz").status_code == 200


def test_a_site_in_production_says_which_settings_it_lacks(tmp_path: Path) -> None:
    environ = {**PRODUCTION, "INSTANCE_PATH": str(tmp_path)}
    bare = create_app(environ).extensions["settings"].warnings
    assert [warning.partition(" ")[0] for warning in bare] == ["MAIL_URL", "TRUSTED_PROXIES"]
    full = {
        **environ,
        "MAIL_URL": "smtp://mail.example",
        "MAIL_SENDER": "a@b.example",
        "TRUSTED_PROXIES": "1",
    }
    assert create_app(full).extensions["settings"].warnings == []
    host = {"Host": PRODUCTION["SITE_URL"].removeprefix("https://")}
    answer = create_app(environ).test_client().get("/readyz", headers=host).get_json()
    assert answer["warnings"] == bare


def test_machines_get_no_cookie_and_nothing_to_keep(app: Flask, client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        headers = client.get(path).headers
        assert "Set-Cookie" not in headers
        assert "no-store" in headers["Cache-Control"]
