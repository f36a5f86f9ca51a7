"""The whole job, as three people: a provider fills an empty table, a moderator decides, an expat compares and reviews,
and the rows go into the Markdown."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.deciding import publish_item, reject_item
from tests.e2e.joining import confirm_address, sign_in, sign_up
from tests.e2e.offering import look_at_the_desk, register_business, write_listing
from tests.e2e.reading import arrange, compare, offer_of, offers, send_proof, slugs, write_review
from tests.e2e.site import Site
from tests.e2e.staging import RIVAL, STAGINGS, Staging
from tests.e2e.visitor import Visitor

SAMPLES = Path(__file__).parent.parent.parent / "marketplace" / "samples" / "guides"


class Story:
    """The site and the three people of one staging."""

    def __init__(self, site: Site, staging: Staging, seat: Callable[..., Visitor]) -> None:
        self.site = site
        self.staging = staging
        self.offer = staging.offer
        languages = (staging.provider_language, "en", staging.reader_language)
        self.provider, self.moderator, self.reader = (
            seat(staging.width, language, scripts=staging.scripts) for language in languages
        )

    def guide(self, language: str) -> str:
        """The address of the story's guide, without the language's prefix."""
        return f"/guides/{self.staging.country}/{self.staging.stems[language]}/"


@pytest.fixture(params=STAGINGS, ids=lambda staging: staging.name)
def story(request: pytest.FixtureRequest, site: Site, seat: Callable[..., Visitor]) -> Story:
    return Story(site, request.param, seat)


def test_a_table_is_filled_compared_reviewed_and_written_into_the_markdown(
    story: Story, tmp_path: Path
) -> None:
    provider_lists_a_service_on_an_empty_topic(story)
    moderator_decides(story)
    story.site.import_listings(story.staging.rival)
    reader_compares_and_reviews(story)
    moderator_publishes_the_review(story)
    everybody_sees_the_rating(story)
    rows_go_into_the_markdown(story, tmp_path / "guides")


def provider_lists_a_service_on_an_empty_topic(story: Story) -> None:
    provider, email = story.provider, story.staging.provider_email
    provider.open(story.guide(provider.language))
    provider.look("guide-empty", dark=True)
    provider.skip_to_the_content()
    expect(offers(provider)).to_have_count(0)
    provider.follow(".empty a[href*='/manage/listings/new/']")
    sign_up(provider, name="Irene Q.", email=email)
    confirm_address(provider, email)
    register_business(provider, story.offer)
    write_listing(provider, story.offer)
    look_at_the_desk(provider, "desk-waiting")


def moderator_decides(story: Story) -> None:
    moderator, name, staging = story.moderator, story.offer.name, story.staging
    moderator.open("/staff/")
    sign_in(moderator, "moderator@example.com")
    moderator.look("queue", dark=True)
    publish_item(moderator, "provider", name, picture="queue-provider")
    publish_item(moderator, "listing", name, picture="queue-listing", by_keyboard=True)
    reject_item(
        moderator, "review", staging.spam, ground="not_own_experience", addition="Write again, please."
    )

    letters = story.site.deliver()
    told = [letter for letter in letters if letter.to == staging.provider_email]
    assert [letter.language for letter in told] == [story.provider.language] * 2
    refused = next(letter for letter in letters if letter.to == staging.spammer)
    assert "Write again, please." in refused.text
    look_at_the_desk(story.provider, "desk-live")


def reader_compares_and_reviews(story: Story) -> None:
    reader, offer, staging = story.reader, story.offer, story.staging
    reader.open("/")
    reader.look("home", dark=True)
    for prefix, language in (("", "en"), ("/es", "es")):
        reader.page.goto(story.site.url + prefix + story.guide(language))
        expect(offers(reader)).to_have_count(2)
    reader.open(story.guide(reader.language))
    reader.look("guide", dark=True)
    arrange(reader, sort="time")
    assert slugs(reader) == [RIVAL, offer.slug]
    arrange(reader, sort="rating", language="fr")
    assert slugs(reader) == [offer.slug]
    reader.look("guide-filtered")
    arrange(reader, language="")
    compare(reader, offer.slug, RIVAL)
    reader.look("compare", dark=True)
    reader.follow(f"table.compare a[href$='/{offer.slug}/']")
    reader.look("listing-new")
    reader.follow(".offer-card a[href*='/account/reviews/new/']")
    sign_up(reader, name="Tobias <T>", email=staging.reader_email)
    confirm_address(reader, staging.reader_email)
    write_review(reader, staging.told)
    send_proof(reader)


def moderator_publishes_the_review(story: Story) -> None:
    moderator = story.moderator
    publish_item(moderator, "review", story.offer.name, picture="queue-review", documented=True)
    moderator.open("/staff/decisions/")
    moderator.look("decisions")


def everybody_sees_the_rating(story: Story) -> None:
    provider, reader, told = story.provider, story.reader, story.staging.told
    letters = {letter.to: letter for letter in story.site.deliver()}
    assert letters[story.staging.reader_email].language == reader.language
    received = letters[story.staging.provider_email]
    assert received.language == provider.language
    assert told.text in received.text
    provider.page.goto(received.link)
    expect(provider.page.locator(".review")).to_contain_text(told.text)
    provider.look("listing-reviewed", dark=True)

    reader.open(story.guide(reader.language))
    expect(offer_of(reader, story.offer.slug).locator(".rating a[href$='#reviews']")).to_be_visible()
    assert slugs(reader)[0] == story.offer.slug, "a counted review puts its listing first"
    reader.look("guide-rated")
    reader.follow(offer_of(reader, story.offer.slug).locator("a.title-link"))
    expect(reader.page.locator(".review.not-counted")).to_have_count(0)
    expect(reader.page.locator(".review .level.is-checked")).to_have_count(1)
    expect(reader.page.locator(".review-summary .score")).to_have_text(re.compile("^4[.,]0$"))


def rows_go_into_the_markdown(story: Story, folder: Path) -> None:
    shutil.copytree(SAMPLES, folder)
    status, said = story.site.publish(folder)
    assert (status, said["refused"]) == (0, [])
    assert said["changed"]
    thousands = f"{int(story.offer.fee_min):,}"
    for language, amount in (("en", thousands), ("es", thousands.replace(",", "."))):
        path = Path(language) / story.staging.country / f"{story.staging.stems[language]}.md"
        before, after = ((root / path).read_text().splitlines() for root in (SAMPLES, folder))
        rows = [line[2:] for line in difflib.ndiff(before, after) if line.startswith("+ ")]
        assert len(rows) == 2
        assert story.offer.host in rows[0], "earned order, as on the page"
        assert amount in rows[0]
        assert rows[0].count(" | ") == 3, "a bar in a name breaks no cell"
    status, said = story.site.publish(folder, "--check")
    assert (status, said["changed"]) == (0, 0)
