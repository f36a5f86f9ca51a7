"""Who may use a route, what headers a page carries, where a redirect may lead."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.web.security import access, access_rule, content_security_policy, declare_rules, safe_target
from tests.billing.shop import Shop
from tests.clients import Client, path_of
from tests.factories import make_listing, make_topic, make_user, sign_in
from tests.production import PRODUCTION

PAGES = {"member": "/account/", "confirmed": "/manage/register/", "moderator": "/staff/"}
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def person(role: str = "member", *, confirmed: bool = True) -> User:
    user = make_user(role, confirmed=confirmed)
    db.session.commit()
    return user


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


@pytest.mark.parametrize("path", PAGES.values())
def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: Client, path: str) -> None:
    response = client.get(f"{path}?x=ñ&y=1")
    assert response.status_code == 302
    assert path_of(response).startswith("/account/sign-in/?next=")
    assert "no-store" in response.headers["Cache-Control"]


def test_the_way_back_keeps_the_language(client: Client) -> None:
    assert path_of(client.get("/es/manage/register/")) == "/es/account/sign-in/?next=/es/manage/register/"


@pytest.mark.parametrize(
    ("role", "confirmed", "answers"),
    [
        ("member", False, (200, 302, 404)),
        ("member", True, (200, 200, 404)),
        ("moderator", True, (200, 200, 200)),
        ("admin", True, (200, 200, 200)),
    ],
)
def test_a_rule_is_held_against_the_person(
    client: Client, role: str, confirmed: bool, answers: tuple[int, ...]
) -> None:
    sign_in(client, person(role, confirmed=confirmed))
    assert tuple(status(client, path) for path in PAGES.values()) == answers


def test_a_stranger_to_staff_pages_is_not_told_that_they_exist(client: Client) -> None:
    sign_in(client, person())
    assert client.page("/staff/", 404).texts("h1") == client.page("/nowhere/", 404).texts("h1")


def test_a_route_without_a_rule_does_not_answer(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    app.add_url_rule("/forgotten/", "forgotten", lambda: "secret")
    response = app.test_client().get("/forgotten/")
    assert response.status_code == 404
    assert "secret" not in response.text


def test_a_rule_is_one_of_those_there_are() -> None:
    with pytest.raises(ValueError, match="anybody"):
        access("anybody")


def test_rules_of_a_librarys_views_are_declared_apart() -> None:
    app = Flask("library")
    app.add_url_rule("/x/", "library.x", lambda: "")
    assert access_rule(app, "library.x") is None
    assert access_rule(app, None) is None
    declare_rules(app, {"library.x": "member"})
    assert access_rule(app, "library.x") == "member"


@pytest.mark.parametrize(
    "path", "/ /es/guides/ /nowhere/ /account/sign-in/ /account/ /healthz /go/1 /search/?page=0".split()
)
def test_every_answer_carries_the_security_headers(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY == content_security_policy()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers, "no HTTPS in development"


def test_production_asks_for_https_and_serves_its_own_host_alone(make_app: Callable[..., Flask]) -> None:
    client = make_app(**PRODUCTION).test_client()
    headers = client.get("/", base_url="https://papers.example").headers
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    cookie = client.get("/account/sign-in/", base_url="https://papers.example").headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert client.get("/", base_url="https://evil.example").status_code == 400


def test_only_pages_that_say_so_may_be_kept(client: Client, app: Flask) -> None:
    listing = make_listing(make_topic())
    db.session.commit()
    for path in ("/", "/account/sign-in/", "/nowhere/", f"/go/{listing.id}", "/readyz"):
        control = client.get(path).headers["Cache-Control"]
        assert ("no-store" not in control) is (path == "/"), path


@pytest.mark.parametrize("path", ["/", "/es/", "/guides/", "/search/?q=x", "/providers/", "/nowhere/"])
def test_a_page_is_the_same_bytes_for_everybody(
    client: Client, new_client: Callable[[], Client], path: str
) -> None:
    sign_in(client, person("admin"))
    mine, theirs = client.get(path), new_client().get(path)
    assert mine.data == theirs.data
    assert {**mine.headers} == {**theirs.headers}
    assert "Set-Cookie" not in mine.headers
    assert "Cookie" not in mine.headers.get("Vary", "")


@pytest.mark.parametrize(
    "target", ["/", "/account/", "/es/guides/perú/?q=a%20b&x=//y#z", "/a:b/", "/?next=//evil"]
)
def test_a_redirect_may_lead_to_a_path_of_this_site(target: str) -> None:
    assert safe_target(target, "/home/") == target


@pytest.mark.parametrize(
    "target",
    [
        *(None, "", "account/", "https://evil.example/", "//evil.example", "///evil.example", "http:/x"),
        *("/\\evil.example", "\\\\evil.example", "/x\\y", "/\t/evil.example", "/\n/evil.example"),
        *("/\x00", " /x", "javascript:alert(1)", "/[", "//["),
    ],
)
def test_anywhere_else_is_the_default(target: str | None) -> None:
    assert safe_target(target, "/home/") in {"/home/", target if target == "/[" else "/home/"}


@settings(deadline=None)
@given(st.text(alphabet="/\\:@.?#%ab\t\n\r[] \u2028é", max_size=12))
def test_no_target_leaves_the_site(target: str) -> None:
    found = safe_target(target, "/home/")
    # As browsers read it: backslashes are slashes, tabs and line breaks are dropped.
    seen = found.replace("\\", "/").translate({9: None, 10: None, 13: None})
    assert seen.startswith("/")
    assert not seen.startswith("//")
    assert not urlsplit(found).netloc


def test_the_pages_that_lead_to_pay_may_and_no_other_page_may(shop: Shop, client: Client) -> None:
    sign_in(client, shop.seller.member)
    desk = f"/manage/{shop.seller.provider.slug}/"
    paying = client.get(f"{desk}placements/").headers["Content-Security-Policy"]
    assert paying == POLICY.replace("form-action 'self'", f"form-action 'self' {shop.stripe.url}")
    for path in (desk, "/", "/account/"):
        assert client.get(path).headers["Content-Security-Policy"] == POLICY
