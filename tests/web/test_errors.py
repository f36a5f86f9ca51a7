"""The pages that say what went wrong, in the language of the address."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask, abort, g, request
from sqlalchemy.exc import OperationalError

from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.web.security import access
from tests.clients import Client
from tests.factories import make_topic
from tests.pages import parsed

pytestmark = pytest.mark.slow

SECRET = "ana@example.com"


@pytest.fixture
def broken(make_app: Callable[..., Flask]) -> Client:
    """A browser on an application with views that fail: `/fail/<how>/`, and `/es/fail/<how>/`."""
    app = make_app()

    @access("open")
    def fail(how: str) -> str:
        if how.isdigit():
            abort(int(how))
        known = {"notfound": NotFound, "conflict": Conflict, "invalid": Invalid, "notallowed": NotAllowed}
        if how in known:
            raise known[how]("code") if how != "notfound" else NotFound
        if how == "locked":
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
        if how == "once" and "met" not in g:
            g.met = True
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("database is locked"))
        if how == "once":
            return f"taken: {request.form.get('text')}"
        if how == "database":
            db.session.execute(db.text("SELECT * FROM nothing"))
        raise LookupError(SECRET)

    app.add_url_rule("/fail/<how>/", "fail", fail, methods=["GET", "POST"])
    app.testing = False
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def test_whoever_met_a_locked_database_can_send_it_again(broken: Client) -> None:
    sent = {"text": "\nAll that I <typed>", "tag": ["a", "b"], "password": "secret", "csrf_token": "old"}
    response = broken.post("/fail/locked/?x=1", data=sent)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    page = parsed(response.get_data(as_text=True))
    form = page.one("form", method="post")
    assert form.get("action") == "/fail/locked/?x=1"
    kept = [(field.get("name"), field.text or "") for field in form.iter("textarea")]
    assert [name for name, _ in kept] == ["text", "tag", "tag"]
    assert kept[0][1].strip() == "All that I <typed>"
    assert page.one("input", name="csrf_token").get("value") not in ("", "old")
    read = broken.page("/fail/locked/", 503)
    assert read.all("form", method="post") == []
    assert "We are busy for a moment" in read.texts("h1")


def test_what_met_a_locked_database_is_tried_once_more(broken: Client) -> None:
    assert broken.post("/fail/once/", data={"text": "typed"}).get_data(as_text=True) == "taken: typed"
    assert broken.get("/fail/once/").status_code == 503, "who only reads loads the page again"
    upload = {"text": "typed", "file": (BytesIO(b"x"), "x.pdf")}
    assert broken.post("/fail/once/", data=upload).status_code == 503, "files are read once"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429])
def test_every_refusal_has_a_page_with_words(broken: Client, status: int) -> None:
    page = broken.page(f"/fail/{status}/", status)
    assert len(page.texts("h1")[0]) > 8
    assert page.texts("p", class_="lead")[0]
    assert page.root.get("lang") == "en"
    assert page.one("meta", name="robots").get("content") == "noindex"


@pytest.mark.parametrize(
    ("how", "status"), [("notfound", 404), ("conflict", 409), ("invalid", 422), ("notallowed", 403)]
)
def test_a_refusal_of_a_service_is_a_page_too(broken: Client, how: str, status: int) -> None:
    assert broken.get(f"/fail/{how}/").status_code == status


@pytest.mark.parametrize("path", ["/es/nowhere/", "/es/guides/nowhere/", "/es/fail/409/", "/es/fail/500/"])
def test_a_page_is_in_the_language_of_the_address(broken: Client, path: str) -> None:
    page = broken.page(path, {"409": 409, "500": 500}.get(path.split("/")[-2], 404))
    assert page.root.get("lang") == "es"
    english = broken.page(path.removeprefix("/es"), page_status(path))
    assert page.texts("h1") != english.texts("h1")


def page_status(path: str) -> int:
    return {"409": 409, "500": 500}.get(path.split("/")[-2], 404)


def test_in_a_language_without_translation_the_words_are_marked_as_english(
    app: Flask, client: Client
) -> None:
    make_topic("peru", languages=("yue",))
    db.session.commit()
    for path in ("/yue/guides/peru/nowhere/", "/yue/guides/nowhere/", "/yue/nowhere/", "/yue/static/x"):
        page = client.page(path, 404)
        assert page.root.get("lang") == "yue"
        assert page.one("header", class_="page-head").get("lang") == "en"
        assert page.links()[1].startswith("/yue/")


@pytest.mark.parametrize(
    "path",
    [
        "/xx/",
        "/xx/guides/peru/card/",
        "/xx/guides/peru/card/papeles/",
        "/xx/nowhere/",
        "/xx/static/x",
        "/xx/?q=1",
    ],
)
def test_an_unknown_language_is_not_found_in_english(client: Client, path: str) -> None:
    page = client.page(path, 404)
    assert page.root.get("lang") == "en"
    assert not [link for link in page.links() if link.startswith("/xx")]


@pytest.mark.parametrize("path", ["/es/static/x.css", "/es/go/5", "/es/sitemap.xml", "/es/metrics"])
def test_what_has_no_prefix_is_not_found_below_one_in_its_language(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert 'lang="es"' in response.text


def test_no_refusal_is_kept_and_none_links_translations_of_itself(broken: Client) -> None:
    for status in (400, 404, 405, 500):
        response = broken.get(f"/fail/{status}/")
        assert "no-store" in response.headers["Cache-Control"]
        assert "ETag" not in response.headers
        assert "Set-Cookie" not in response.headers or status != 404
        assert "hreflang" not in response.text


def test_the_wrong_method_is_told_with_the_right_ones(client: Client) -> None:
    response = client.post("/guides/")
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["/api/nothing", "/es/api/nothing", "/healthz/nothing", "/webhooks/nothing"])
def test_machines_get_a_line_of_text(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response.mimetype == "text/plain"
    assert response.text.count("\n") == 1


@pytest.mark.parametrize("how", ["bug", "database", "500", "503"])
def test_a_fault_says_so_and_nothing_of_it_to_the_reader(broken: Client, how: str) -> None:
    page = broken.page(f"/es/fail/{how}/", 500)
    assert page.root.get("lang") == "es"
    assert SECRET not in page.html
    assert "Traceback" not in page.html
    assert "LookupError" not in page.html


def test_a_fault_is_logged_with_its_kind_and_place(broken: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="marketplace"):
        broken.get("/fail/bug/?q=word")
    (record,) = [entry for entry in caplog.records if entry.name == "marketplace.web.errors"]
    assert "LookupError" in record.getMessage()
    assert "fail" in record.getMessage()
    assert SECRET not in record.getMessage()
    assert "word" not in record.getMessage()


def test_a_redirect_is_no_error(client: Client) -> None:
    response = client.get("/es/guides")
    assert response.status_code == 308
    assert response.headers["Location"].endswith("/es/guides/")
