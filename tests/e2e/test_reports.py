"""A visitor reports a review, a moderator hides it, its author appeals, and a second moderator shows it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.joining import sign_in
from tests.e2e.keyboard import sign_in_by_keyboard, uphold_by_keyboard, walk_to
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor
from tests.factories import PASSWORD, make_listing, make_provider, make_review, make_topic, make_user

WHY_REPORTED = "The same words stand below three other providers, all from the same week."
WHY_HIDDEN = "The office told us the same."
WHY_WRONG = "I paid for this myself, and I wrote it in my own words after the appointment."
WHY_SHOWN = "The words are their own, as we see now."
LANGUAGES = {"desk": "en", "phone": "es"}


@dataclass(frozen=True)
class Cast:
    """Who plays, and what it is about."""

    review_id: int
    listing: str
    provider: str
    author: str
    text: str
    moderators: tuple[str, str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), demo=False)
    yield site
    site.stop()


def cast(site: Site, width: str) -> Cast:
    """One more published review, with two moderators who do not know it."""
    with site.seeding():
        topic = make_topic()
        author = make_user(language=LANGUAGES[width])
        provider = make_provider(make_user(), name=f"Casa {width.title()}")
        listing = make_listing(topic, provider, review_count=1, rating_sum=5)
        review = make_review(listing, author, text=f"They filled in the form and came with me. {width}")
        stem = topic.key.removeprefix("mexico-")
        return Cast(
            review.id,
            f"/guides/mexico/{stem}/{provider.slug}/",
            provider.name,
            author.email,
            review.text,
            (make_user("moderator").email, make_user("moderator").email),
        )


@pytest.mark.parametrize("width", LANGUAGES)
def test_a_report_is_upheld_and_an_appeal_against_that_too(
    width: str, site: Site, person: Callable[..., Page], request: pytest.FixtureRequest
) -> None:
    album = Album(f"reports-{width}", wanted=bool(request.config.getoption("--pictures")))

    def seat(language: str = "en") -> Visitor:
        return Visitor(person(width, locale=language), site, album, language=language)

    story, reader, author = cast(site, width), seat(), seat(LANGUAGES[width])
    visitor_reports(reader, story)
    first = seat()
    sign_in_by_keyboard(first, story.moderators[0], PASSWORD)
    moderator_upholds(first, f"Report about {story.provider}", WHY_HIDDEN, "flag")
    reader.open(story.listing)
    expect(reader.page.get_by_text(story.text)).to_have_count(0)

    author_appeals(author, story)
    second = seat()
    sign_in_by_keyboard(second, story.moderators[1], PASSWORD)
    moderator_upholds(second, f"Appeal about {story.provider}", WHY_SHOWN, "appeal")
    reader.open(story.listing)
    expect(reader.page.locator(f"#review-{story.review_id}")).to_contain_text(story.text)
    letters = [letter for letter in site.deliver() if letter.to == story.author]
    assert any(WHY_SHOWN in letter.text for letter in letters)


def visitor_reports(reader: Visitor, story: Cast) -> None:
    """With a mistake first; nothing is with the moderators before the link of the mail."""
    reader.open(story.listing)
    review = reader.page.locator("article.review").filter(has_text=story.text)
    reader.follow(review.locator("footer a[href*='/report/']"))
    reader.look("report-form", dark=True)
    email = f"rea.{story.review_id}@example.com"
    reader.fill(reason="fake_or_bought", explanation=WHY_REPORTED, email=email, name="Rea")
    reader.press()
    reader.expect_error_summary("good_faith")
    expect(reader.field("explanation")).to_have_value(WHY_REPORTED)
    reader.look("report-mistake", again=False)
    reader.page.locator("#good_faith").check()
    reader.press()
    reader.look("report-mail")
    letter = next(letter for letter in reader.site.deliver() if letter.to == email)
    reader.page.goto(letter.link)
    expect(reader.page.locator("blockquote.quoted")).to_contain_text(story.text)
    reader.look("report-confirm", dark=True)
    reader.press()
    reader.look("report-sent")


def moderator_upholds(moderator: Visitor, title: str, why: str, kind: str) -> None:
    """Without a pointer."""
    walk_to(moderator, title)
    moderator.look(f"queue-{kind}")
    uphold_by_keyboard(moderator, why)
    expect(moderator.page.locator(".error-summary")).to_have_count(0)
    expect(moderator.page.locator("#item-title").filter(has_text=title)).to_have_count(0)
    moderator.look(f"{kind}-upheld", again=False)


def author_appeals(author: Visitor, story: Cast) -> None:
    """From "Your reviews", where the reason stands; too short at first. A second time there is nothing to ask."""
    author.open("/account/reviews/")
    sign_in(author, story.author, PASSWORD)
    expect(author.page.locator("article.review .reply")).to_contain_text(WHY_HIDDEN)
    author.look("my-reviews-hidden", dark=True)
    address = f"/account/appeals/review/{story.review_id}/"
    author.follow(f"main a[href$='{address}']")
    author.look("appeal-form", dark=True)
    author.fill(text="No.")
    author.press()
    author.expect_error_summary("text")
    author.fill(text=WHY_WRONG)
    author.press()
    expect(author.page.locator("[role='status']").first).to_be_visible()
    author.open(address)
    expect(author.field("text")).to_have_count(0)
    author.look("appeal-made")
