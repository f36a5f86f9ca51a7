"""A review is reported and hidden, its author appeals, and another moderator shows it again; moderators use no pointer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.joining import sign_in
from tests.e2e.keyboard import choose_ground, go, sit_down, tab_to, walk_to
from tests.e2e.site import Site
from tests.e2e.visitor import Visitor

LISTING = "/guides/mexico/renewing_temporary_residence/casa-ocotillo/"
AUTHOR = "expat@example.com"
TEXT = "a clear list of what to bring"
READER = "reader@letters.example"
WHY = "The office it speaks of has been closed since the spring, so nobody can have been there."
REASON = "We asked the office itself."
APPEAL = "The office moved across the street in May. I was there with an appointment, and I have the stamp."


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_report_is_upheld_and_an_appeal_reverses_it(
    width: str, site: Site, seat: Callable[..., Visitor]
) -> None:
    reader = seat(width)
    report_review(reader)
    decide(seat(width), "moderator@example.com", "Report", ground=2, picture="queue-report")
    letters = {letter.to: letter for letter in site.deliver()}
    reader.open(LISTING)
    expect(reader.page.locator("article.review", has_text=TEXT)).to_have_count(0)
    assert letters[READER].subject == "Your report was upheld"
    appeal(seat(width), letters[AUTHOR].link)
    decide(seat(width), "admin@example.com", "Appeal", ground=1, picture="queue-appeal")
    letters = {letter.to: letter for letter in site.deliver()}
    reader.open(LISTING)
    expect(reader.page.locator("article.review", has_text=TEXT)).to_have_count(1)
    assert letters[READER].subject == "The decision on your report has changed"
    assert REASON in letters[AUTHOR].text


def report_review(reader: Visitor) -> None:
    """Somebody without an account reports the review, after a mistake, and confirms the address."""
    reader.open(LISTING)
    review = reader.page.locator("article.review", has_text=TEXT)
    reader.follow(review.locator("a[href*='/report/?review=']"))
    reader.look("report", dark=True)
    reader.fill(reason="fake_or_bought", explanation=WHY, email="no address")
    reader.press()
    reader.expect_error_summary("email", "good_faith")
    reader.look("report-mistake", again=False)
    expect(reader.field("explanation")).to_have_value(WHY)
    reader.fill(email=READER, good_faith="y")
    reader.press()
    reader.look("report-mailed")
    (letter,) = [letter for letter in reader.site.deliver() if letter.to == READER]
    reader.page.goto(letter.link)
    reader.look("report-confirm")
    reader.press()
    reader.look("report-sent")


def decide(moderator: Visitor, email: str, kind: str, *, ground: int, picture: str) -> None:
    """Find the item in the queue, choose a ground and uphold it: by keys alone."""
    sit_down(moderator, email)
    walk_to(moderator, kind, about="Casa Ocotillo")
    moderator.look(picture, dark=True)
    choose_ground(moderator, ground)
    tab_to(moderator, "textarea[name='statement']")
    moderator.page.keyboard.press("Control+End")
    moderator.page.keyboard.type(f" {REASON}")
    tab_to(moderator, "button[value='uphold']")
    go(moderator, "Enter")
    expect(moderator.page.locator("main [role='status']").first).to_be_visible()


def appeal(author: Visitor, link: str) -> None:
    """The author finds the decision under their reviews, and appeals by the link of the mail."""
    author.open("/account/reviews/")
    sign_in(author, AUTHOR)
    expect(author.page.locator("article.review", has_text=TEXT).locator(".reply")).to_contain_text(REASON)
    author.look("reviews-hidden", dark=True)
    assert author.page.locator("a[href*='/account/appeals/review/']").count() == 1
    author.page.goto(link)
    author.look("appeal", dark=True)
    author.fill(text="No.")
    author.press()
    author.expect_error_summary("text")
    author.fill(text=APPEAL)
    author.press()
    expect(author.page.locator("main [role='status']")).to_be_visible()
    author.page.goto(link)
    author.look("appeal-made")
