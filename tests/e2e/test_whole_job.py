"""The whole job, as three people: a provider fills an empty table, a moderator decides, an expat compares and reviews,
and the rows go into the Markdown."""

from __future__ import annotations

import difflib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.deciding import open_queue, publish_item, reject_item
from tests.e2e.joining import confirm_address, sign_in, sign_up
from tests.e2e.offering import Offer, look_at_the_desk, register_business, write_listing
from tests.e2e.reading import Experience, arrange, compare, names, offer_of, offers, write_review
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor

SAMPLES = Path(__file__).parent.parent.parent / "marketplace" / "samples" / "guides"
STEMS = {"en": "buying_through_a_property_trust", "es": "comprar_con_fideicomiso"}
# What the operator adds in bulk beside it: a provider that is there, on the same topic.
RIVAL = "Casa Ocotillo"
RIVALS = """topic,provider,website,service,cost_basis,fee_min,currency,time_min,time_max,time_unit,languages,status
mexico-buying_through_a_property_trust,Casa Ocotillo,https://casa-ocotillo.example/,All of it.,from,9000,MXN,4,6,weeks,es en,published
"""
OFFER = Offer()
TOLD = Experience()


@dataclass(frozen=True)
class Staging:
    """How one story is played."""

    name: str
    width: str
    provider_language: str
    reader_language: str
    scripts: bool = True


STAGINGS = (
    Staging("desk", "desk", "es", "en"),
    Staging("phone", "phone", "en", "es"),
    Staging("plain", "desk", "en", "en", scripts=False),
)


class Story:
    """The site and the three people of one story."""

    def __init__(self, site: Site, staging: Staging, person: Callable[..., Page]) -> None:
        self.site = site
        album = Album(staging.name)

        def seat(language: str) -> Visitor:
            page = person(staging.width, javascript=staging.scripts, locale=language)
            return Visitor(page, site, album, language=language, scripts=staging.scripts)

        self.provider = seat(staging.provider_language)
        self.moderator = seat("en")
        self.reader = seat(staging.reader_language)


@pytest.fixture(params=STAGINGS, ids=lambda staging: staging.name)
def story(request: pytest.FixtureRequest, tmp_path: Path, person: Callable[..., Page]) -> Iterator[Story]:
    site = Site(tmp_path)
    yield Story(site, request.param, person)
    site.stop()


def guide_of(visitor: Visitor) -> str:
    return f"/guides/mexico/{STEMS[visitor.language]}/"


def test_a_table_is_filled_compared_reviewed_and_written_into_the_markdown(
    story: Story, tmp_path: Path
) -> None:
    provider_lists_a_service_on_an_empty_topic(story.provider)
    moderator_decides(story)
    story.site.import_listings(RIVALS)
    reader_compares_and_reviews(story)
    moderator_publishes_the_review(story)
    everybody_sees_the_rating(story)
    rows_go_into_the_markdown(story.site, tmp_path / "guides")


def provider_lists_a_service_on_an_empty_topic(provider: Visitor) -> None:
    provider.open(guide_of(provider))
    provider.look("guide-empty", dark=True)
    provider.skip_to_the_content()
    expect(offers(provider)).to_have_count(0)
    provider.follow(".empty a[href*='/manage/listings/new/']")
    sign_up(provider, name="Irene Q.", email="irene@example.com")
    confirm_address(provider, "irene@example.com")
    register_business(provider, OFFER)
    write_listing(provider, OFFER)
    look_at_the_desk(provider, "desk-waiting")


def moderator_decides(story: Story) -> None:
    moderator = story.moderator
    moderator.open("/staff/")
    sign_in(moderator, "moderator@example.com")
    open_queue(moderator)
    moderator.look("queue", dark=True)
    publish_item(moderator, "provider", OFFER.name, picture="queue-provider")
    publish_item(moderator, "listing", OFFER.name, picture="queue-listing", by_keyboard=True)
    reject_item(
        moderator, "review", "Casa Ocotillo", ground="not_own_experience", addition="Zora, write again."
    )

    letters = story.site.deliver()
    told = [letter for letter in letters if letter.to == "irene@example.com"]
    assert [letter.language for letter in told] == [story.provider.language] * 2
    refused = next(letter for letter in letters if letter.to == "zora@example.com")
    assert "Zora, write again." in refused.text
    look_at_the_desk(story.provider, "desk-live")


def reader_compares_and_reviews(story: Story) -> None:
    reader = story.reader
    reader.open("/")
    reader.look("home", dark=True)
    for language in ("es", "en"):
        reader.page.goto(
            f"{story.site.url}{'/es' if language == 'es' else ''}/guides/mexico/{STEMS[language]}/"
        )
        expect(offers(reader)).to_have_count(2)
    reader.open(guide_of(reader))
    reader.look("guide", dark=True)
    arrange(reader, sort="cost")
    assert names(reader) == [RIVAL, OFFER.name]
    arrange(reader, sort="rating", language="fr")
    assert names(reader) == [OFFER.name]
    reader.look("guide-filtered")
    arrange(reader, language="")
    compare(reader, OFFER.slug, "casa-ocotillo")
    reader.look("compare", dark=True)
    reader.follow(f"table.compare a[href$='/{OFFER.slug}/']")
    reader.look("listing-new")
    reader.follow(".offer-card a[href*='/account/reviews/new/']")
    sign_up(reader, name="Tobias <T>", email="tobias@example.com")
    confirm_address(reader, "tobias@example.com")
    write_review(reader, TOLD)


def moderator_publishes_the_review(story: Story) -> None:
    publish_item(story.moderator, "review", OFFER.name, picture="queue-review", documented=True)
    story.moderator.open("/staff/decisions/")
    story.moderator.look("decisions")


def everybody_sees_the_rating(story: Story) -> None:
    letters = {letter.to: letter for letter in story.site.deliver()}
    assert letters["tobias@example.com"].language == story.reader.language
    received = letters["irene@example.com"]
    assert received.language == story.provider.language
    assert TOLD.text in received.text
    story.provider.page.goto(received.link)
    expect(story.provider.page.locator(".review")).to_contain_text(TOLD.text)
    story.provider.look("listing-reviewed", dark=True)

    reader = story.reader
    reader.open(guide_of(reader))
    expect(offer_of(reader, OFFER.slug).locator(".rating a[href$='#reviews']")).to_be_visible()
    assert names(reader)[0] == OFFER.name, "a counted review puts its listing first"
    reader.look("guide-rated")
    reader.follow(offer_of(reader, OFFER.slug).locator("a.title-link"))
    expect(reader.page.locator(".review.not-counted")).to_have_count(0)
    expect(reader.page.locator(".review-summary .score")).to_have_text(re.compile("^4[.,]0$"))


def rows_go_into_the_markdown(site: Site, folder: Path) -> None:
    shutil.copytree(SAMPLES, folder)
    status, said = site.publish(folder)
    assert (status, said["refused"]) == (0, [])
    assert said["changed"]
    for language, amount in (("en", "18,500"), ("es", "18.500")):
        path = Path(language) / "mexico" / f"{STEMS[language]}.md"
        before, after = ((root / path).read_text().splitlines() for root in (SAMPLES, folder))
        rows = [line[2:] for line in difflib.ndiff(before, after) if line.startswith("+ ")]
        own = [row for row in rows if OFFER.host in row]
        assert len(own) == 1
        assert rows.index(own[0]) == 0, "earned order, as on the page"
        assert amount in own[0]
        assert own[0].count(" | ") == 3, "the bar in the name breaks no cell"
    status, said = site.publish(folder, "--check")
    assert (status, said["changed"]) == (0, 0)
