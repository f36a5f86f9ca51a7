"""Public pages in a real browser: twice each, at a phone's and a desk's width, with the rules of WCAG and our CSP."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.visitor import Visitor

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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_accessible_and_keeps_to_the_policy(
    seat: Callable[..., Visitor], path: str, width: str
) -> None:
    reader = seat(width, "es" if path.startswith("/es/") else "en")
    reader.open(path.removeprefix("/es"))
    reader.look("page")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_reader_walks_from_home_to_a_guide_without_javascript(
    seat: Callable[..., Visitor], width: str
) -> None:
    reader = seat(width, scripts=False)
    reader.open("/")
    reader.open("/guides/")
    reader.follow(reader.page.locator("main a[href^='/guides/']").first)
    reader.follow(reader.page.locator("main a[href^='/guides/']").first)
    assert reader.page.locator("h1").inner_text()
