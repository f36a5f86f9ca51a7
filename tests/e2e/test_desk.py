"""The moderators' desk without a pointer: look around, reject on a ground, take it back, publish."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.keyboard import choose_ground, go, sit_down, tab_to, title, walk_to
from tests.e2e.visitor import Visitor


@pytest.fixture(params=("phone", "desk"))
def moderator(request: pytest.FixtureRequest, seat: Callable[..., Visitor]) -> Visitor:
    moderator = seat(request.param)
    moderator.page.clock.install()
    sit_down(moderator, "moderator@example.com")
    return moderator


def test_a_moderator_works_without_a_pointer(moderator: Visitor) -> None:
    page, button = moderator.page, moderator.page.locator("[data-undo] button")
    moderator.look("queue")
    first = title(moderator)
    go(moderator, "j")
    assert title(moderator) != first
    go(moderator, "k")
    assert title(moderator) == first

    address = walk_to(moderator, "Review")
    choose_ground(moderator, 2)
    moderator.look("rejecting", again=False)
    go(moderator, "r")
    expect(page.locator("[data-undo] [role='status']")).to_contain_text("You can undo this for 10 seconds.")
    expect(button).to_be_in_viewport()
    moderator.look("rejected", again=False)
    go(moderator, "z")
    assert page.url == address, "what was undone opens again"
    expect(page.locator(".history")).to_contain_text("Undone by")
    moderator.look("undone", again=False)

    go(moderator, "p")
    expect(page.locator("[data-undo] [role='status']")).to_contain_text("Published.")
    tab_to(moderator, "[data-undo] button")
    page.clock.fast_forward(11_000)
    expect(button).to_have_count(0)
    expect(page.locator("[data-undo] [role='status']")).to_be_focused()
    moderator.open("/staff/")
    expect(page.locator(f".queue a[href='{address.removeprefix(moderator.site.url)}']")).to_have_count(0)
    for name in ("decisions", "spam", "providers"):
        moderator.open(f"/staff/{name}/")
        moderator.look(name)
