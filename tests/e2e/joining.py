"""The pages on which somebody signs up, confirms the address and signs in."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.site import PASSWORD
from tests.e2e.visitor import Visitor

GOOD_PASSWORD = "olive lantern seven ferry"


def sign_up(person: Visitor, *, name: str, email: str) -> None:
    """From the sign-in page that a visitor was sent to: create an account, after one mistake."""
    person.look("sign-in")
    person.follow("aside a[href*='/account/sign-up/']")
    person.look("sign-up")
    person.fill(name=name, email=email, password="short")
    person.press()
    person.expect_error_summary("password")
    person.look("sign-up-mistake", again=False)
    expect(person.field("name")).to_have_value(name)
    expect(person.field("email")).to_have_value(email)
    person.fill(password=GOOD_PASSWORD)
    person.press()
    person.look("mail-sent")


def confirm_address(person: Visitor, email: str) -> None:
    """Open the link of the mail that signing up wrote, and sign in."""
    letters = [letter for letter in person.site.deliver() if letter.to == email]
    assert [letter.language for letter in letters] == [person.language]
    assert letters[0].link.startswith(f"{person.site.url}{person.prefix}/account/")
    person.page.goto(letters[0].link)
    expect(person.page.locator("main [role='status']")).to_be_visible()
    person.look("address-confirmed")
    if person.field("password").count():
        sign_in(person, email, GOOD_PASSWORD)


def sign_in(person: Visitor, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page; it leads on to where the person was going."""
    person.fill(email=email, password=password)
    person.press()
    expect(person.field("password")).to_have_count(0)
