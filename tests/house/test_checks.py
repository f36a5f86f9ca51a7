"""The checks that every test relies on do find what they are for."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from marketplace.core.extensions import db, now
from marketplace.core.revisions import Revision
from marketplace.web.security import access
from tests.clients import Client, settle
from tests.clock import START, FrozenClock
from tests.isolation import OutsideConnection
from tests.pages import Page, fields_of, lint

GOOD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Papers</title></head>'
    "<body><main><h1>Papers</h1>{}</main></body></html>"
)


def serving(make_app: Callable[..., Flask], view: Callable[[], Any]) -> Client:
    """A client of an application with one more page, `/probe`, that takes GET and POST."""
    app = make_app()
    app.add_url_rule("/probe", "probe", access("open")(lambda: view() or "done"), methods=["GET", "POST"])
    client = app.test_client()
    assert isinstance(client, Client)
    return client


def left_in_the_session() -> None:
    db.session.add(Revision(name="probe", value=1))


def flushed() -> None:
    left_in_the_session()
    db.session.flush()


def executed() -> None:
    db.session.execute(insert(Revision).values(name="probe", value=1))


def committed() -> None:
    flushed()
    db.session.commit()


def rolled_back() -> None:
    flushed()
    db.session.rollback()
    with db.session.begin_nested() as savepoint:
        flushed()
        savepoint.rollback()


@pytest.mark.parametrize(
    ("view", "problem"),
    [
        (left_in_the_session, "neither flushed nor committed"),
        (flushed, "flushed but not committed"),
        (executed, "flushed but not committed"),
    ],
)
def test_what_is_not_committed_fails_the_test(
    make_app: Callable[..., Flask], view: Callable[[], None], problem: str
) -> None:
    with pytest.raises(AssertionError, match=problem):
        serving(make_app, view).post("/probe")


@pytest.mark.parametrize("view", [committed, rolled_back])
def test_what_is_committed_or_rolled_back_passes(
    make_app: Callable[..., Flask], view: Callable[[], None]
) -> None:
    assert serving(make_app, view).post("/probe").status_code == 200


def test_a_get_that_writes_fails_the_test_even_when_it_commits(make_app: Callable[..., Flask]) -> None:
    with pytest.raises(AssertionError, match="GET wrote"):
        serving(make_app, committed).get("/probe")


def test_a_broken_page_fails_the_test(make_app: Callable[..., Flask]) -> None:
    client = serving(make_app, lambda: GOOD.format("<p>One<b>two</p>"))
    with pytest.raises(AssertionError, match="line 1"):
        client.get("/probe")


def test_a_good_page_passes(make_app: Callable[..., Flask]) -> None:
    assert serving(make_app, lambda: GOOD.format("<p>One</p>")).page("/probe").title == "Papers"


@pytest.mark.parametrize(
    ("part", "problem"),
    [
        ('<p id="a"></p><p id="a"></p>', "stands 2 times"),
        ('<input name="q">', "no label"),
        ('<label for="q"></label><input id="q" name="q">', "no label"),
        ('<img src="x.png">', "no alt"),
        ('<p style="color: red">', "style"),
        ("<style>p {}</style>", "<style>"),
        ("<script>alert(1)</script>", "inline <script>"),
        ('<p onclick="go()">x</p>', "onclick"),
        ('<a href="javascript:go()">x</a>', "javascript:"),
        ('<a href="/x"></a>', "without words"),
        ("<button></button>", "without words"),
        ("<h1>Again</h1>", "2 <h1>"),
        ('<p aria-describedby="nowhere">x</p>', "not there"),
        ("<ul><p>x</ul></p>", "line 1"),
        ('<p class="a" class="b">x</p>', "line 1"),
    ],
)
def test_the_rules_for_pages_find(part: str, problem: str) -> None:
    assert problem in " ".join(lint(GOOD.format(part)))


def test_the_rules_for_pages_let_good_parts_pass() -> None:
    part = (
        '<label for="q">Search</label><input id="q" name="q" aria-describedby="hint"><p id="hint">Words</p>'
        '<label>Yes <input type="checkbox" name="yes"></label><input type="hidden" name="token" value="1">'
        '<img src="x.png" alt=""><button aria-label="Close"><span aria-hidden="true">×</span></button>'
        '<script src="x.js"></script><script type="application/ld+json">{}</script>'
    )
    assert lint(GOOD.format(part)) == ()
    assert lint("<tr><td>a fragment</td></tr>") == ()


def test_a_form_sends_what_a_browser_would(make_app: Callable[..., Flask]) -> None:
    from flask import request

    form = (
        '<form method="post"><input type="hidden" name="token" value="7"><label>Name <input name="name" value="A"></label>'
        '<label>Kind <select name="kind"><option value="x">X</option><option value="y" selected>Y</option></select></label>'
        '<label>Note <textarea name="note">\nold</textarea></label><label>On <input type="checkbox" name="on"></label>'
        "<button>Send</button></form>"
    )

    def view() -> str:
        sent = " ".join(f"{name}={value}" for name, value in request.form.items(multi=True))
        return GOOD.format(form) if request.method == "GET" else sent

    client = serving(make_app, view)
    assert client.submit("/probe", {"name": "B"}).text == "token=7 name=B kind=y note=old"
    assert client.submit("/probe", {"name": None, "on": "on"}).text == "token=7 kind=y note=old on=on"
    with pytest.raises(AssertionError, match="has no"):
        client.submit("/probe", {"price": 1})
    assert fields_of(Page(form).form("/probe"))["on"] == []


def test_uncommitted_rows_of_the_test_are_named_before_the_program_runs(app: Flask) -> None:
    db.session.add(Revision(name="probe", value=1))
    with pytest.raises(AssertionError, match="commit what the test made"):
        settle(app)
    db.session.flush()
    with pytest.raises(AssertionError, match="commit what the test made"):
        settle(app)
    db.session.commit()
    settle(app)


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_starts_with_empty_tables_and_its_own_time(
    app: Flask, clock: FrozenClock, turn: int
) -> None:
    assert db.session.scalar(select(Revision).where(Revision.name == "probe")) is None
    assert now() == START
    db.session.add(Revision(name="probe", value=turn))
    db.session.commit()
    clock.advance(timedelta(days=turn))
    assert now() == START + timedelta(days=turn)


def test_statements_are_counted(app: Flask, count_queries: Any) -> None:
    with count_queries(app) as statements:
        db.session.scalar(select(Revision))
    assert len(statements) == 1


def test_no_test_reaches_another_machine() -> None:
    with pytest.raises(OutsideConnection), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideConnection):
        socket.getaddrinfo("example.com", 80)
    with pytest.raises(OutsideConnection), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside:
        outside.sendto(b"x", ("192.0.2.1", 53))


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname()).close()
    assert socket.getaddrinfo("localhost", 80)
