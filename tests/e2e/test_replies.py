"""A review is answered, the answer is decided on and read, and a member says that the review helped."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.deciding import publish_item
from tests.e2e.joining import sign_in
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor

PROVIDER = "casa-ocotillo"
NAME = "Casa Ocotillo"
GUIDE = "/guides/mexico/renewing_temporary_residence/"
ANSWER = "Thank you. The second appointment no longer costs extra <b>now</b>."


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_a_review_is_answered_and_found_helpful(
    request: pytest.FixtureRequest, site: Site, person: Callable[..., Page], width: str
) -> None:
    album = Album(f"replies-{width}", wanted=bool(request.config.getoption("--pictures")))

    def visitor(language: str = "en") -> Visitor:
        return Visitor(person(width, locale=language), site, album, language=language)

    anchor = provider_replies(visitor("es" if width == "phone" else "en"))
    publish_item(visitor_at_staff(visitor()), "reply", NAME, picture="queue-reply")
    site.deliver()
    member_votes(visitor(), anchor)


def visitor_at_staff(moderator: Visitor) -> Visitor:
    moderator.open("/staff/")
    sign_in(moderator, "moderator@example.com")
    return moderator


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
