"""The expat's pages: guides with their tables, comparisons, listings, the form of a review."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.e2e.visitor import Visitor
from tests.reviews.proving import picture


@dataclass(frozen=True)
class Experience:
    """What the expat of the story tells."""

    text: str
    cost: str
    time: str = "9"
    outcome: str = "Signed & stamped"


def offers(person: Visitor) -> Locator:
    """The rows of the open guide's table."""
    return person.page.locator("table.offers tr.offer")


def offer_of(person: Visitor, slug: str) -> Locator:
    """One provider's row."""
    return offers(person).filter(has=person.page.locator(f"a.title-link[href$='/{slug}/']"))


def arrange(person: Visitor, **asked: str) -> None:
    """Sort and filter the table."""
    form = person.page.locator("form.filters")
    for name, value in asked.items():
        control = form.locator(f"[name='{name}']")
        if control.evaluate("element => element.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    person.follow(form.locator("button"))


def slugs(person: Visitor) -> list[str]:
    """The providers of the table, in its order, as their addresses name them."""
    links = offers(person).locator("a.title-link").all()
    return [str(link.get_attribute("href")).rstrip("/").rpartition("/")[2] for link in links]


def compare(person: Visitor, *slugs: str) -> None:
    """Mark providers in the table and compare them."""
    for slug in slugs:
        offer_of(person, slug).locator("input[name='listing']").check()
    person.follow("#compare button")
    expect(person.page.locator("table.compare thead th")).to_have_count(len(slugs))


def write_review(person: Visitor, told: Experience) -> None:
    """On the form of a review: a text that is too short, then all of it, preview, send."""
    person.look("review-form", dark=True)
    person.fill(rating="4", text="Too short.", experience_month="1", real_cost=told.cost, real_time=told.time)
    person.press("send")
    person.expect_error_summary("text")
    person.look("review-mistake", again=False)
    expect(person.page.locator("[name='rating'][value='4']")).to_be_checked()
    expect(person.field("real_cost")).to_have_value(told.cost)
    person.fill(text=told.text, outcome=told.outcome)
    person.press("preview")
    expect(person.page.locator(".preview .review")).to_contain_text(told.text)
    person.look("review-preview", again=False)
    person.press("send")
    expect(person.page.locator("main [role='status']")).to_be_visible()
    person.look("my-reviews")


def send_proof(person: Visitor) -> None:
    """From one's reviews: send a picture that proves it."""
    person.follow("a[href$='/proof/']")
    person.look("proof-form", dark=True)
    person.field("files").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": picture()})
    person.press()
    expect(person.page.locator("main [role='status']")).to_be_visible()
    person.look("proof-sent")
