"""How Flask-Security is bound: our routes only, nothing on pages that everybody reads, links that grow old by our clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask
from flask_security.utils import get_message
from jinja2 import nodes

from marketplace.accounts.setup import SECURITY_RULES
from marketplace.core.extensions import db
from tests.accounts.people import link_of, sign_up
from tests.clients import Client
from tests.clock import FrozenClock
from tests.factories import PASSWORD, make_user, sign_in

PUBLIC = ("/", "/es/", "/guides/", "/about/privacy/", "/no-such-page/")


def test_there_are_no_routes_of_the_library_but_those_with_a_rule(app: Flask) -> None:
    found = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")}
    assert found == set(SECURITY_RULES)


def test_the_library_adds_no_commands_of_its_own(app: Flask) -> None:
    assert not {"users", "roles"} & set(app.cli.commands)


def test_no_request_loads_an_identity(app: Flask) -> None:
    hooks = [*app.before_request_funcs[None], *app.after_request_funcs[None]]
    assert not [hook for hook in hooks if "principal" in getattr(hook, "__module__", "")]


def test_pages_that_everybody_reads_ask_for_no_user(app: Flask, client: Client, count_queries: Any) -> None:
    user = make_user()
    db.session.commit()
    sign_in(client, user)
    with count_queries(app) as statements:
        client.get("/about/privacy/")
    assert not [text for text in statements if 'FROM "user"' in text]


@pytest.mark.parametrize("path", PUBLIC)
def test_pages_that_everybody_reads_set_no_cookie_and_do_not_vary(
    app: Flask, client: Client, new_client: Callable[[], Client], path: str
) -> None:
    user = make_user()
    db.session.commit()
    sign_in(client, user)
    signed_in, stranger = client.get(path), new_client().get(path)
    assert signed_in.data == stranger.data
    for response in (signed_in, stranger):
        assert "Set-Cookie" not in response.headers
        assert "Cookie" not in response.headers.get("Vary", "")


def test_a_remembered_visitor_gets_no_cookie_from_a_page_that_everybody_reads(
    app: Flask, client: Client
) -> None:
    make_user(email="anna@example.com")
    db.session.commit()
    client.submit("/account/sign-in/", {"email": "anna@example.com", "password": PASSWORD, "remember": "y"})
    client.delete_cookie("session")
    response = client.get("/about/privacy/")
    assert "Set-Cookie" not in response.headers
    assert "Cookie" not in response.headers.get("Vary", "")
    assert client.get("/account/").status_code == 200


def test_account_pages_are_never_kept(client: Client) -> None:
    for path in ("/account/sign-in/", "/account/sign-up/", "/account/reset/", "/account/"):
        control = client.get(path).headers["Cache-Control"]
        assert "no-store" in control
        assert "private" in control


def test_a_token_in_an_address_or_header_signs_nobody_in(app: Flask, client: Client) -> None:
    user = make_user()
    db.session.commit()
    token = str(user.get_auth_token())
    assert client.get(f"/account/?auth_token={token}").status_code == 302
    assert client.get("/account/", headers={"Authentication-Token": token}).status_code == 302


def test_nobody_is_answered_in_json(client: Client) -> None:
    for path in ("/account/sign-in/", "/account/sign-up/", "/account/reset/"):
        response = client.get(path, headers={"Accept": "application/json"})
        assert response.mimetype == "text/html"


@pytest.mark.parametrize(("path", "days"), [("/account/reset/", 1), ("/account/sign-up/", 2)])
def test_links_grow_old_by_the_clock(
    app: Flask,
    new_client: Callable[[], Client],
    mailbox: Callable[[], list[EmailMessage]],
    clock: FrozenClock,
    path: str,
    days: int,
) -> None:
    if path == "/account/reset/":
        make_user(email="anna@example.com")
        db.session.commit()
        new_client().submit(path, {"email": "anna@example.com"})
    else:
        sign_up(new_client())
    link = link_of(mailbox()[-1])
    clock.advance(timedelta(days=days) - timedelta(seconds=1))
    assert new_client().get(link).status_code == 200
    clock.advance(timedelta(seconds=2))
    assert new_client().get(link).status_code == 302


def test_a_password_is_stored_as_argon2(app: Flask, client: Client) -> None:
    from tests.accounts.people import person

    sign_up(client)
    assert str(person().password).startswith("$argon2id$")


def test_two_applications_in_one_process_do_not_share_their_settings(
    app: Flask, make_app: Callable[..., Flask]
) -> None:
    other = make_app(SITE_NAME="Papers")
    assert other.extensions["security"] is not app.extensions["security"]
    with app.app_context():
        assert get_message("UNAUTHENTICATED")[0] == "Sign in to continue."


def test_the_librarys_other_pages_find_what_they_need_in_ours(app: Flask) -> None:
    """Second factors and passkeys are off; their templates must work on the day they are turned on."""
    macros = dir(app.jinja_env.get_template("security/_macros.html").module)
    frame = ("security/base.html", "layouts/private.html", "layouts/base.html")
    blocks = {name for template in frame for name in app.jinja_env.get_template(template).blocks}
    for page in files("flask_security").joinpath("templates/security").iterdir():
        if page.name.startswith(("_", "base")) or not page.name.endswith(".html"):
            continue
        tree = app.jinja_env.parse(page.read_text())
        imported = {
            name for node in tree.find_all(nodes.FromImport) for name in node.names if isinstance(name, str)
        }
        assert imported <= set(macros), page.name
        assert {block.name for block in tree.find_all(nodes.Block)} <= blocks, page.name
        app.jinja_env.compile(page.read_text(), page.name)
