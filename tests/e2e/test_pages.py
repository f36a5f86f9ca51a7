"""Public pages in a real browser: twice each, at a phone's and a desk's width, with the rules of WCAG and our CSP."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

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


GUIDE = "/guides/mexico/renewing_temporary_residence/"


def test_on_paper_the_provider_has_room(seat: Callable[..., Visitor]) -> None:
    reader = seat()
    reader.page.emulate_media(media="print")
    reader.page.set_viewport_size({"width": 720, "height": 1000})  # A4 without margins
    reader.open(GUIDE)
    table, name = (reader.page.locator(selector).first for selector in (".offers", ".offer .cell-name"))
    boxes = table.bounding_box(), name.bounding_box()
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["width"] > boxes[0]["width"] * 0.3


def test_selects_keep_their_arrow_in_forced_colours(seat: Callable[..., Visitor]) -> None:
    reader = seat()
    reader.page.emulate_media(forced_colors="active")
    reader.open(GUIDE)
    assert reader.page.locator("#sort").evaluate("field => getComputedStyle(field).appearance") != "none"


@pytest.mark.parametrize(("path", "beside"), [(GUIDE, ".toc"), (f"{GUIDE}ventanilla-siete/", ".offer-card")])
def test_on_a_phone_what_stands_beside_comes_where_it_is_read(
    seat: Callable[..., Visitor], path: str, beside: str
) -> None:
    reader = seat("phone")
    reader.open(path)
    tops = reader.page.locator(beside).evaluate(
        "here => [here, here.nextElementSibling].map(part => part.getBoundingClientRect().top)"
    )
    assert tops[0] < tops[1]


def test_a_wide_comparison_says_that_it_scrolls_and_its_buttons_stay_apart(
    seat: Callable[..., Visitor],
) -> None:
    reader = seat("phone")
    reader.open(GUIDE)
    boxes = reader.page.locator("input[name='listing']")
    for number in range(3):
        boxes.nth(number).check()
    reader.page.locator("#compare button").click()
    for width in (320, 390):
        reader.page.set_viewport_size({"width": width, "height": 800})
        assert reader.page.locator(".scroll-hint").is_visible()
        buttons = [box.bounding_box() for box in reader.page.locator("tfoot .btn").all()]
        edges = [(box["x"], box["x"] + box["width"]) for box in buttons if box is not None]
        assert len(edges) == 3
        assert all(left[1] < right[0] for left, right in pairwise(edges))
    reader.page.set_viewport_size({"width": 1280, "height": 800})
    assert reader.page.locator(".scroll-hint").is_hidden()
