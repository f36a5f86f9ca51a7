"""Buying a featured placement in a real browser, as a person does: look, decline, close, come back, pay, see the label
in four languages, cancel and take it back; and what an admin sees of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from marketplace.i18n.table_words import word
from marketplace.samples import guides_folder
from tests.e2e.joining import sign_in
from tests.e2e.site import Shop, selling
from tests.e2e.visitor import Visitor
from tests.guide_files import write_guide
from tests.server import LiveServer

TOPIC = "mexico-electronic_signature"
GUIDES = {
    "en": "/guides/mexico/electronic_signature/",
    "es": "/es/guides/mexico/obtener_la_firma_electr%C3%B3nica/",
    "de": "/de/guides/mexico/signatur/",
    "pt": "/pt/guides/mexico/assinatura/",
}
LOOKS = 500  # each takes some milliseconds; the worker, seconds
PLACES = "/manage/casa-ocotillo/placements/"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A shop of its own for each story: what is bought stays bought."""
    with selling(tmp_path) as found:
        guides = tmp_path / "guides"
        shutil.copytree(guides_folder(), guides)
        write_guide(guides, "de/mexico/signatur", key=TOPIC, title="Elektronische Signatur")
        write_guide(guides, "pt/mexico/assinatura", key=TOPIC, title="Assinatura eletrônica")
        found.site.command("guides", "import", str(guides))
        yield found


@pytest.fixture
def site(shop: Shop) -> LiveServer:
    """Where the people of a story are seated."""
    return shop.site


@pytest.fixture
def come(seat: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """A function that seats somebody who has signed in."""

    def sit(email: str, width: str, language: str = "en") -> Visitor:
        person = seat(width, language)
        person.open("/account/sign-in/")
        sign_in(person, email)
        return person

    return sit


def labels(page: Page) -> list[str]:
    """The labels of the paid rows of the open guide's table, for Casa Ocotillo."""
    rows = page.locator("tr.is-sponsored").filter(has_text="Casa Ocotillo")
    return [text.strip() for text in rows.locator(".tag-sponsored").all_inner_texts()]


def look_at_the_guides(page: Page, shop: Shop, expected: bool) -> None:
    """In each of four languages the label is there, or is not."""
    for language, path in GUIDES.items():
        page.goto(shop.url + path)
        assert labels(page) == ([word(language, "sponsored")] if expected else []), path


@pytest.mark.parametrize(("width", "language"), [("desk", "en"), ("phone", "es")])
def test_a_provider_buys_a_place_and_everyone_sees_it_labelled(
    shop: Shop, person: Callable[..., Page], come: Callable[..., Visitor], width: str, language: str
) -> None:
    reader = person(width)
    look_at_the_guides(reader, shop, expected=False)
    buyer = come("provider@example.com", width, language)
    buyer.open(PLACES)
    buyer.look("places", dark=True)
    buyer.follow("a[href$='/placements/new/']")
    buyer.look("choose")
    buyer.follow("a[href*='placements/new/?listing=']")
    buyer.look("buy", dark=True)
    buyer.page.locator("main details summary").first.click()
    assert word("de", "sponsored") in buyer.page.locator("main").inner_text()
    buyer.fill(kind="month")
    buyer.press("buy")
    assert buyer.page.url.startswith(f"{shop.stripe.url}/pay/")
    buyer.follow("#decline")
    expect(buyer.page.locator("body")).to_contain_text("The card was declined.")
    look_at_the_guides(reader, shop, expected=False)
    buyer.follow("#close")
    buyer.look("closed", again=False)
    expect(buyer.page.locator(".state-now [role='status']")).to_be_visible()
    buyer.follow("form[action$='/pay/'] button")
    buyer.follow("#pay")
    assert "back=paid" in buyer.page.url
    # The page turned by itself.
    expect(buyer.page.locator("form[action$='/portal/'] button")).to_have_count(2)
    buyer.look("live")
    look_at_the_guides(reader, shop, expected=True)
    reader.goto(shop.url + GUIDES["en"])
    reader.locator("tr.is-sponsored input[name='listing']").first.check()
    reader.locator("tr.offer:not(.is-sponsored) input[name='listing']").last.check()
    reader.locator("#compare button").click()
    expect(reader.locator("table.compare thead .tag-sponsored")).to_have_count(1)


def test_a_cancelled_place_stands_until_its_end_and_can_be_taken_back(come: Callable[..., Visitor]) -> None:
    buyer = come("provider@example.com", "desk")
    buyer.open(PLACES)
    buyer.follow("form[action$='/portal/'] button")
    buyer.follow("text=Cancel at period end")
    buyer.follow("text=Back to the site")
    row = buyer.page.locator("main tbody tr").filter(has_text="€49")
    expect(row.first).to_contain_text("Live, cancelled")
    buyer.look("cancelled")
    buyer.follow("form[action$='/portal/'] button")
    buyer.follow("text=Keep it")
    buyer.follow("text=Back to the site")
    expect(row.first).to_contain_text("renews automatically")


def test_the_places_of_a_full_country_are_waited_for_without_paying(come: Callable[..., Visitor]) -> None:
    """An admin lowers the places of a country below what is taken: what runs stays, and who comes next waits."""
    admin = come("admin@example.com", "desk")
    admin.open("/staff/placements/")
    admin.look("staff-placements", dark=True)
    admin.follow("a[href$='/prices/mexico/']")
    admin.look("staff-price")
    admin.fill(month_amount="a lot")
    admin.press()
    admin.expect_error_summary("month_amount")
    admin.fill(month_amount="49", topic_slots="3", country_slots="1")
    admin.press()
    expect(admin.page.locator("main [role='status']")).to_be_visible()
    buyer = come("provider@example.com", "phone")
    buyer.open(f"{PLACES}new/?country=mexico")
    buyer.look("full")
    buyer.press("wait")
    expect(buyer.page.locator("main [role='status']")).to_be_visible()
    buyer.look("waiting")
    admin.open("/staff/placements/?state=any")
    admin.follow(admin.page.locator("#all ~ table a.title-link").filter(has_text="Mexico").first)
    admin.look("staff-placement")
    expect(admin.page.locator("main")).to_contain_text("Subscription")


def test_the_pages_of_a_place_work_without_javascript(shop: Shop, seat: Callable[..., Visitor]) -> None:
    buyer = seat("phone", scripts=False)
    page = buyer.page
    buyer.open(f"/account/sign-in/?next={PLACES}new/?country=mexico")
    sign_in(buyer, "provider@example.com")
    page.goto(f"{shop.url}{PLACES}new/?country=mexico")
    page.locator("button[value='buy']").click()
    page.locator("#pay").click()
    expect(page.locator("h1")).to_have_text("Featured placement")
    again = page.locator(".state-now noscript a")
    expect(again).to_have_count(1)
    for _ in range(LOOKS):
        if again.count() == 0:
            break
        again.click()
    expect(page.locator(".state-now h2")).to_have_text("Live")
