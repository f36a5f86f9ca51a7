"""The moderators' pages."""

from __future__ import annotations

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor


def open_queue(person: Visitor) -> None:
    """The queue, with its first item open."""
    person.open("/staff/")
    expect(person.page.locator(".queue")).to_be_visible()


def open_item(person: Visitor, kind: str, provider: str) -> None:
    """Find an item in the queue and open it."""
    open_queue(person)
    row = _row(person, kind, provider)
    if row.count():  # the first item stands open, without a row of its own
        person.follow(row)
    expect(person.page.locator("#item-title")).to_contain_text(provider)


def publish_item(
    person: Visitor,
    kind: str,
    provider: str,
    *,
    picture: str = "",
    documented: bool = False,
    by_keyboard: bool = False,
) -> None:
    """Open an item of the queue and publish it; by its key, where scripts run."""
    open_item(person, kind, provider)
    if picture:
        person.look(picture)
    if documented:
        with person.page.expect_popup() as opened:
            person.page.locator(".proof-list button").first.click()
        expect(opened.value.locator("img")).to_be_visible()
        opened.value.close()
        person.page.locator("[name='documented']").check()
    if by_keyboard and person.scripts:
        with person.page.expect_navigation():
            person.page.keyboard.press("p")
    else:
        person.press("publish")
    _expect_decided(person, kind, provider)


def reject_item(person: Visitor, kind: str, provider: str, *, ground: str, addition: str) -> None:
    """Reject an item: first without a ground, then with one and its statement, to which a sentence is added."""
    open_item(person, kind, provider)
    person.press("reject")
    expect(person.page.locator(".error-summary")).to_be_focused()
    person.look("queue-mistake", again=False)
    person.fill(ground=ground)
    if not person.field("statement").input_value():
        person.press("draft")  # without scripts a button drafts
    drafted = person.field("statement").input_value()
    assert drafted
    person.fill(statement=f"{drafted}\n\n{addition}")
    person.look("queue-reject", again=False)
    person.press("reject")
    _expect_decided(person, kind, provider)


def _row(person: Visitor, kind: str, provider: str) -> Locator:
    rows = person.page.locator(f".queue-row a[href*='/staff/queue/{kind}/']")
    return rows.filter(has_text=provider)


def _expect_decided(person: Visitor, kind: str, provider: str) -> None:
    expect(person.page.locator("main [role='status']")).to_be_visible()
    expect(_row(person, kind, provider)).to_have_count(0)
