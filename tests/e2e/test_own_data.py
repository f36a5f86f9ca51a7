"""A member reads what is kept, takes it away, and goes: the published review stays without a name, or goes too."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.joining import sign_in
from tests.e2e.site import Site
from tests.e2e.visitor import Album, Visitor
from tests.factories import PASSWORD, make_listing, make_provider, make_review, make_topic, make_user

# On the phone the reviews are taken down as well.
TAKES_DOWN = {"desk": ("en", False), "phone": ("es", True)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), demo=False)
    yield site
    site.stop()


@pytest.mark.parametrize("width", TAKES_DOWN)
def test_a_member_takes_the_data_and_goes(
    width: str, site: Site, person: Callable[..., Page], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    language, takes_down = TAKES_DOWN[width]
    album = Album(f"own-data-{width}", wanted=bool(request.config.getoption("--pictures")))
    name, email = f"Zenobia {width.title()}", f"zenobia.{width}@example.com"
    with site.seeding():
        topic, provider = make_topic(), make_provider(make_user())
        author = make_user(name=name, email=email, language=language)
        review = make_review(make_listing(topic, provider, review_count=1, rating_sum=5), author)
        text, anchor = review.text, f"#review-{review.id}"
        page = f"/guides/mexico/{topic.key.removeprefix('mexico-')}/{provider.slug}/"
    reader = Visitor(person(width), site, album, language="en")
    reader.open(page)
    expect(reader.page.locator(anchor)).to_contain_text(name)

    member = Visitor(person(width, locale=language), site, album, language=language)
    member.open("/account/data/")
    sign_in(member, email, PASSWORD)
    member.look("data", dark=True)
    expect(member.page.locator("main")).to_contain_text(text)
    with member.page.expect_download() as given:
        member.page.locator("main a[href$='/account/data/export.json']").click()
    given.value.save_as(tmp_path / "data.json")
    kept = json.loads((tmp_path / "data.json").read_text())
    assert (kept["account"][0]["email"], kept["account"][0]["name"]) == (email, name)
    assert [row["text"] for row in kept["reviews"]] == [text]

    erase(member, take_down=takes_down)
    assert [letter.to for letter in site.deliver()] == [email]
    reader.open(page)
    expect(reader.page.locator("main")).not_to_contain_text(name)
    expect(reader.page.get_by_text(text)).to_have_count(0 if takes_down else 1)
    member.open("/account/")
    member.fill(email=email, password=PASSWORD)
    member.press()
    expect(member.page.locator(".error-summary")).to_be_visible()


def erase(member: Visitor, *, take_down: bool) -> None:
    """From the page of one's data, with another password at first."""
    member.follow("main a[href$='/account/data/erase/']")
    member.look("erase", dark=True)
    if take_down:
        member.page.locator("#take_down").check()
    member.fill(password="not the password")
    member.press()
    member.expect_error_summary("password")
    expect(member.page.locator("#take_down")).to_be_checked(checked=take_down)
    member.look("erase-mistake", again=False)
    member.fill(password=PASSWORD)
    member.press()
    member.look("erased")
