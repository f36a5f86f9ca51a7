"""The account's pages in a real browser: signing in by keyboard, a new password by mail, who I am."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor
from tests.server import LiveServer

PASSWORD = "seven otters paint lamps"
WIDTHS = ("desk", "phone")
PREFIXES = ("", "/es")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site without guides; a test runs the worker when it wants mail."""
    live = LiveServer(Path(tmp_path_factory.mktemp("site")), demo=False, settings={"WORKER": "external"})
    yield live
    live.stop()


@pytest.fixture(scope="module")
def moderator(site: LiveServer) -> str:
    """The link that sets the moderator's password."""
    said = site.command("staff", "create", "mod@example.com", "--role", "moderator", "--json")
    return str(json.loads(said)["link"])


def newest_link(site: LiveServer) -> str:
    """The link of the mail that was written last."""
    site.command("worker", "--once")
    files = sorted((site.instance / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = re.search(rf"^{site.url}/\S+$", files[-1].read_text(), re.MULTILINE)
    assert found
    return found.group()


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_forgotten_password_is_replaced_by_the_keyboard_alone(
    site: LiveServer, moderator: str, seat: Callable[..., Visitor], width: str, prefix: str
) -> None:
    member = seat(width, prefix[1:] or "en")
    page = member.page
    member.open("/account/reset/")
    member.look("reset")
    page.locator("#email").focus()
    page.keyboard.type("mod@example.com")
    page.keyboard.press("Enter")
    expect(page.locator("main [role='status']")).to_contain_text("mod@example.com")
    member.look("mail-sent", again=False)
    page.goto(newest_link(site))
    member.look("new-password")
    page.locator("#password").focus()
    page.keyboard.type("password")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    member.look("password-mistake", again=False)
    page.locator(".error-summary a").press("Enter")
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(f"{PASSWORD} {width} {len(prefix)}")
    page.keyboard.press("Enter")
    page.locator("#email").fill("mod@example.com")
    page.locator("#password").fill(f"{PASSWORD} {width} {len(prefix)}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}{prefix}/staff/")
    member.open("/account/")
    member.look("account")
    member.open("/account/password/")
    member.look("change-password")


def test_a_staff_link_sets_the_password_and_signing_out_ends_the_session(
    site: LiveServer, moderator: str, person: Callable[..., Page]
) -> None:
    site.command("staff", "create", "boss@example.com", "--role", "admin")
    page = person()
    said = site.command("staff", "create", "boss@example.com", "--role", "admin", "--json")
    page.goto(json.loads(said)["link"])
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#email").fill("boss@example.com")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site.url}/staff/")
    page.goto(f"{site.url}/guides/")
    who = page.locator(".site-nav .who")
    expect(who).to_have_text("boss@example.com")
    who.click()
    expect(page.locator("main a[href='/staff/']")).to_be_visible()
    page.locator("form[action='/account/sign-out/'] button").click()
    expect(page).to_have_url(f"{site.url}/")
    expect(who).to_have_count(0)
    page.goto(f"{site.url}/account/")
    expect(page).to_have_url(re.compile("/account/sign-in/"))
