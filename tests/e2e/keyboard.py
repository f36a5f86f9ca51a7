"""What a person does who uses no pointer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.visitor import Visitor

FOCUS_SHOWN = "getComputedStyle(document.activeElement).outlineStyle !== 'none'"


def go(person: Visitor, key: str) -> None:
    """Press a key that leads to another page."""
    with person.page.expect_navigation():
        person.page.keyboard.press(key)


def tab_to(person: Visitor, selector: str) -> None:
    """Walk with the Tab key until the element has the focus; each stop on the way shows it."""
    for _ in range(60):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(FOCUS_SHOWN), "a stop of the keyboard is not seen"
        if person.page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"the keyboard never comes to {selector}")


def sign_in_by_keyboard(person: Visitor, email: str, password: str) -> None:
    """Open the moderators' desk and sign in."""
    person.open("/staff/")
    tab_to(person, "main [name='email']")
    person.page.keyboard.type(email)
    tab_to(person, "main [name='password']")
    person.page.keyboard.type(password)
    go(person, "Enter")


def walk_to(person: Visitor, title: str) -> None:
    """Down the queue to the item of this title."""
    heading = person.page.locator("#item-title")
    for _ in range(10):
        if heading.inner_text() == title:
            return
        go(person, "j")
    raise AssertionError(f"{title} does not wait")


def uphold_by_keyboard(person: Visitor, addition: str, *, ground: int = 1) -> None:
    """Uphold the open item: its key, the ground's number, a sentence added to the drafted statement, the button."""
    page = person.page
    if not page.locator("button[value='uphold']").count():
        go(person, "u")
    page.keyboard.press(str(ground))
    expect(page.locator("[name='ground']").nth(ground - 1)).to_be_checked()
    tab_to(person, "textarea[name='statement']")
    page.keyboard.press("Control+End")
    page.keyboard.type(f" {addition}")
    tab_to(person, "button[value='uphold']")
    go(person, "Enter")
