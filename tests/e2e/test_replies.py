"""A review is answered, the answer is decided on and read, and a member says that the review helped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.deciding import publish_item
from tests.e2e.joining import sign_in
from tests.e2e.visitor import Visitor

PROVIDER = "casa-ocotillo"
NAME = "Casa Ocotillo"
GUIDE = "/guides/mexico/renewing_temporary_residence/"
ANSWER = "Thank you. The second appointment no longer costs extra <b>now</b>."


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_review_is_answered_and_found_helpful(width: str, seat: Callable[..., Visitor]) -> None:
    anchor = provider_replies(seat(width, "es" if width == "phone" else "en"))
    moderator = seat(width)
    moderator.open("/staff/")
    sign_in(moderator, "moderator@example.com")
    publish_item(moderator, "reply", NAME, picture="queue-reply")
    moderator.site.deliver()
    member_votes(seat(width), anchor)


def provider_replies(provider: Visitor) -> str:
    """Answers the first review without a reply that stands on the listing's first page; returns its anchor."""
    provider.open(f"/manage/{PROVIDER}/reviews/?show=unanswered")
    sign_in(provider, "provider@example.com")
    provider.look("reviews-received", dark=True)
    first = provider.page.locator("article.review").first
    anchor = str(first.get_attribute("id"))
    provider.follow(first.locator("footer a").first)
    provider.look("reply-form", dark=True)
    provider.fill(text="Write to desk@ocotillo.example")
    provider.press("send")
    provider.expect_error_summary("text")
    provider.fill(text=ANSWER, language="en")
    provider.press("preview")
    expect(provider.page.locator(".preview .reply")).to_contain_text(ANSWER)
    provider.look("reply-preview", again=False)
    provider.press("send")
    expect(provider.page.locator("main [role='status']")).to_be_visible()
    return anchor


def member_votes(member: Visitor, anchor: str) -> None:
    member.open(f"{GUIDE}{PROVIDER}/")
    review = member.page.locator(f"#{anchor}")
    expect(review.locator(".reply")).to_contain_text(ANSWER)
    member.look("listing-replied", dark=True)
    member.follow(review.locator("footer a[href*='/helpful/']"))
    sign_in(member, "expat@example.com")
    member.look("helpful")
    member.press("vote")
    expect(member.page).to_have_url(f"{member.site.url}{GUIDE}{PROVIDER}/#{anchor}")
    expect(review).to_be_in_viewport()
