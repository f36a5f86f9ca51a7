"""The moderators' desk without a pointer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.site import PASSWORD
from tests.e2e.visitor import Visitor

FOCUS_SHOWN = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"
KIND = ".queue-item > header .risk"


def sit_down(person: Visitor, email: str) -> None:
    """Come to the queue and sign in, by keys alone."""
    person.open("/staff/")
    person.field("email").focus()
    person.page.keyboard.type(email)
    person.field("password").focus()
    person.page.keyboard.type(PASSWORD)
    go(person, "Enter")


def go(person: Visitor, key: str) -> None:
    """Press a key that leads to another page."""
    with person.page.expect_navigation():
        person.page.keyboard.press(key)


def title(person: Visitor) -> str:
    """What the open item is called."""
    return person.page.locator("#item-title").inner_text()


def walk_to(person: Visitor, kind: str, about: str = "") -> str:
    """Walk down the queue to its first item of a kind, as the queue calls it, about a provider; returns its address."""
    for _ in range(30):
        if person.page.locator(KIND).inner_text().startswith(kind) and about in title(person):
            return person.page.url
        go(person, "j")
    raise AssertionError(f"no {kind} waits")


def choose_ground(person: Visitor, number: int) -> None:
    """Choose a ground by its number; its statement is drafted."""
    person.page.keyboard.press(str(number))
    ground = person.page.locator("[name='ground']").nth(number - 1)
    expect(ground).to_be_focused()
    expect(ground).to_be_checked()
    assert person.page.evaluate(FOCUS_SHOWN)
    expect(person.field("statement")).to_have_value(ground.get_attribute("data-draft") or "")


def tab_to(person: Visitor, selector: str) -> None:
    """Walk with the Tab key until the element has the focus; each stop on the way shows it."""
    for _ in range(60):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(FOCUS_SHOWN), "a stop of the keyboard is not seen"
        if person.page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"the keyboard never comes to {selector}")
