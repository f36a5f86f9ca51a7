"""Whatever people type is shown as what they typed, on every page; and every word is marked with its language."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from flask import Flask

from marketplace.core.config import data_folder
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.text.clean import one_line
from tests.clients import Client
from tests.factories import make_guide, make_listing, make_provider, make_review, make_topic, make_user
from tests.hostile import TEXTS
from tests.pages import Page
from tests.public.site import Site, build_site, folded, spoken, words

pytestmark = pytest.mark.slow

# As the services keep texts: on one line, or with their line breaks.
TYPED = sorted({one_line(text)[:120].strip() for text in TEXTS} - {""})


@pytest.fixture
def hostile(app: Flask) -> list[tuple[str, str]]:
    """Guides, and a topic with providers, listings and reviews, of such texts: (text, provider's name in addresses)."""
    topic, empty = make_topic("peru", languages=()), make_topic("peru", languages=())
    make_guide(topic, "en", "served")
    for number, text in enumerate(TYPED):
        make_guide(empty, "en", f"guide{number}", title=text, description=text, author=text, date_text=text)
    found = []
    for number, text in enumerate(TYPED):
        provider = make_provider(slug=f"p{number}", name=text, description=f"{text}\n\n{text}")
        listing = make_listing(topic, provider, service=f"{text}\n{text}")
        make_review(listing, make_user(name=text[:60]), text=f"{text}\n{text}", outcome=text)
        recompute_ratings(listing.id)
        found.append((text, provider.slug))
    db.session.commit()
    return found


def missing(page: Page, text: str, times: int) -> list[str]:
    """The text where it is shown less often than that, and whatever of it became an element."""
    shown = words(page).count(folded(text))
    broken = [f"<{tag}>" for tag in ("b", "em", "code", "del", "img") if _made_of(page, tag, text)]
    return [*broken, *([text] if shown < times else [])]


def _made_of(page: Page, tag: str, text: str) -> bool:
    main = page.one("main")
    return any((element.text or "").strip() in ("bold", "em", "code", "gone") for element in main.iter(tag))


def test_a_guide_shows_its_title_author_and_every_provider_as_typed(
    client: Client, hostile: list[tuple[str, str]]
) -> None:
    shown = {text: client.page(f"/guides/peru/guide{number}/") for number, text in enumerate(TYPED)}
    for text, page in shown.items():
        assert not missing(page, text, 4), "title, description, author, licence"
    page = client.page("/guides/peru/served/")
    assert [text for text, _ in hostile if folded(text) not in words(page)] == []
    scripts = [script for script in page.all("script") if script.get("type") != "application/ld+json"]
    assert [(script.get("src") or "")[:15] for script in scripts] == ["/static/js/who."]


def test_a_listing_shows_name_service_and_review_as_typed(
    client: Client, hostile: list[tuple[str, str]]
) -> None:
    for text, slug in hostile:
        assert not missing(client.page(f"/guides/peru/served/{slug}/"), text, 6)


def test_a_provider_shows_name_and_description_as_typed(
    client: Client, hostile: list[tuple[str, str]]
) -> None:
    for text, slug in hostile:
        assert not missing(client.page(f"/providers/{slug}/"), text, 3)


def test_lists_and_comparisons_show_names_as_typed(client: Client, hostile: list[tuple[str, str]]) -> None:
    lists = [client.page("/providers/?q="), client.page("/providers/?page=2"), client.page("/guides/peru/")]
    together = " ".join(words(page) for page in lists)
    assert [text for text, _ in hostile if together.count(folded(text)) < 2] == []
    numbers = [str(number) for number in db.session.scalars(db.select(Listing.id).order_by(Listing.id))]
    for start in range(0, len(numbers) - 1, 4):
        some = numbers[start : start + 4]
        if len(some) > 1:
            page = client.page("/compare/?" + "&".join(f"listing={number}" for number in some))
            assert [text for text, _ in hostile[start : start + 4] if folded(text) not in words(page)] == []


def test_a_search_shows_what_was_typed(client: Client, hostile: list[tuple[str, str]]) -> None:
    for text in TYPED:
        page = client.page("/search/", query_string={"q": text})
        assert f"“{folded(text)}”" in words(page)
        assert page.one("input", id="search-q").get("value") == folded(text)


# --- Languages -------------------------------------------------------------------------------------------------------

PAGES = (
    *("/de/", "/de/guides/", "/de/guides/peru/", "/de/search/?q=karte", "/de/search/?q=nichts"),
    *("/de/providers/", "/de/providers/papeles/", "/de/nowhere/", "/de/compare/?listing=1"),
    *(f"/de/guides/peru/ausweis/{rest}" for rest in ("", "papeles/", "?language=fr", "?sort=x&max=y")),
)
# The same in both languages.
SHARED = frozenset({"CC BY-SA 4.0", "Name", "Website", "Marketplace", "Text"})


@pytest.fixture(scope="module")
def english_words() -> frozenset[str]:
    """Every string of the interface in English."""
    with (data_folder("translations") / "es/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    strings = {
        part
        for message in catalogue
        for part in ([message.id] if isinstance(message.id, str) else message.id)
    }
    return frozenset(folded(text) for text in strings if len(text) > 2) - SHARED


@pytest.fixture
def site(app: Flask) -> Site:
    made = build_site()
    reported = {"reported_time": 5, "reported_time_unit": "days", "time_reports": 3}
    make_listing(made.served, make_provider(status="unclaimed"), confirmed_at=None, **reported)
    make_review(made.papeles, text="Everything went well from start to end.")
    make_review(made.papeles, level="unverified")
    recompute_ratings(made.papeles.id)
    db.session.commit()
    return made


@pytest.mark.parametrize("path", PAGES)
def test_words_that_fall_back_to_english_are_marked_as_english(
    client: Client, site: Site, english_words: frozenset[str], path: str
) -> None:
    response = client.get(path)
    page = Page(response.text)
    assert page.root.get("lang") == "de"
    unmarked = {text for language, text in spoken(page) if language == "de" and text in english_words}
    assert unmarked == set()
    assert any(language == "en" and text in english_words for language, text in spoken(page))


@pytest.mark.parametrize(
    ("path", "language"),
    [
        *(("/de/", "en"), ("/de/guides/peru/", "en"), ("/de/search/", "en"), ("/de/about/terms/", "en")),
        *(("/de/guides/peru/ausweis/", None), ("/de/providers/papeles/", None), ("/es/", None), ("/", None)),
    ],
)
def test_a_title_in_other_words_than_the_pages_is_marked_too(
    client: Client, site: Site, path: str, language: str | None
) -> None:
    assert client.page(path).one("title").get("lang") == language


def test_a_comparisons_words_are_marked_too(
    client: Client, site: Site, english_words: frozenset[str]
) -> None:
    page = client.page(f"/de{site.compared}")
    assert {text for language, text in spoken(page) if language == "de" and text in english_words} == set()


@pytest.mark.parametrize(
    ("path", "german"),
    [
        ("/de/guides/peru/ausweis/", ["Aufenthaltskarte", "12–18 Arbeitstage", "4.200 MX$"]),
        ("/de/guides/peru/ausweis/papeles/", ["Aufenthaltskarte", "4.200 MX$"]),
        ("/de/providers/papeles/", ["Aufenthaltskarte", "12–18 Arbeitstage"]),
        ("/de/guides/peru/", ["Aufenthaltskarte"]),
        ("/de/", ["Aufenthaltskarte"]),
    ],
)
def test_words_of_the_table_and_titles_are_in_the_language_of_the_page(
    client: Client, site: Site, path: str, german: list[str]
) -> None:
    texts = spoken(client.page(path))
    for text in german:
        languages = {language for language, said in texts if said == text}
        assert languages == {"de"}, text


@pytest.mark.parametrize(
    "path", ["/es/", "/es/guides/peru/carn%C3%A9/", "/es/guides/peru/carn%C3%A9/papeles/", "/es/nowhere/"]
)
def test_a_translated_page_is_all_in_its_language(
    client: Client, site: Site, english_words: frozenset[str], path: str
) -> None:
    texts = spoken(Page(client.get(path).text))
    # What users wrote in English is marked so; the rest is Spanish.
    assert {text for language, text in texts if language == "es" and text in english_words} == set()
