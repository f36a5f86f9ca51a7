"""Public pages in a real browser: twice each, at a phone's and a desk's width, with the rules of WCAG and our CSP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.server import LiveServer

WIDTHS = ("desk", "phone")
PATHS = (
    "/",
    "/es/",
    "/guides/",
    "/providers/",
    "/search/?q=visa",
    "/about/decisions/",
    "/about/receipts/",
    "/about/ranking/",
    "/account/sign-in/",
    "/nowhere/",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The demo site, shared by the tests of this file: they only read."""
    live = LiveServer(Path(tmp_path_factory.mktemp("site")), demo=True, settings={})
    yield live
    live.stop()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_and_keeps_to_the_policy(
    site: LiveServer,
    person: Callable[..., Page],
    accessible: Callable[[Page], None],
    path: str,
    width: str,
) -> None:
    page = person(width)
    for _ in range(2):
        # The second answer may be a 304, whose headers must let the kept page run as well.
        page.goto(site.url + path)
    accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "the page scrolls sideways"


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reader_walks_from_home_to_a_guide_without_javascript(
    site: LiveServer, person: Callable[..., Page], width: str
) -> None:
    page = person(width, javascript=False)
    page.goto(site.url)
    page.goto(f"{site.url}/guides/")
    page.locator("main a[href^='/guides/']").first.click()
    page.locator("main a[href^='/guides/']").first.click()
    assert page.locator("h1").inner_text()
