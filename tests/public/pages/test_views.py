"""Home, countries, one country, search, and the guide with its table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.core.extensions import db
from marketplace.guides.services import raise_topic_revisions
from marketplace.public.pages.queries import PAGE_SIZE
from tests.clients import Client
from tests.clock import START
from tests.factories import make_guide, make_listing, make_provider, make_topic
from tests.pages import Page, text_of
from tests.public.site import Site, alternates, switches, words

CARD, CARNÉ = "/guides/peru/card/", "/es/guides/peru/carn%C3%A9/"


def names(page: Page) -> list[str]:
    """The providers of the table in their order."""
    return [text_of(link) for cell in page.all("th", class_="cell-name") for link in cell.iter("a")][::2]


# --- Home, countries, one country ------------------------------------------------------------------------------------


def test_home_searches_lists_countries_and_what_is_new(client: Client, site: Site) -> None:
    page = client.page("/")
    assert page.one("form", action="/search/", class_="home-search")
    links = page.links()
    assert {"/guides/peru/", "/guides/chile/", CARD} <= set(links)
    assert "/guides/chile/tax/" not in links, "nobody serves it"
    spanish = client.page("/es/")
    assert {"/es/guides/peru/", CARNÉ} <= set(spanish.links())
    assert "/es/guides/chile/" not in spanish.links()


def test_an_empty_site_has_a_message(client: Client) -> None:
    for path in ("/", "/guides/", "/es/guides/"):
        assert client.page(path).one("h1") is not None
    assert "There are no guides" in words(client.page("/guides/"))


def test_countries_show_their_numbers_of_procedures_and_providers(client: Client, site: Site) -> None:
    page = client.page("/guides/")
    found = {text_of(item) for item in page.one("ul", class_="country-list")}
    assert found == {"Chile one procedure", "Peru one procedure, 2 providers"}


def test_a_country_lists_all_its_guides_with_their_providers(client: Client, site: Site) -> None:
    page = client.page("/es/guides/peru/")
    assert {CARNÉ, "/es/guides/peru/carn%C3%A9_nuevo/"} <= set(page.links())
    assert "2 proveedores" in words(page)
    assert "no providers yet" in words(client.page("/guides/chile/"))


@pytest.mark.parametrize(
    "path", ["/guides/nowhere/", "/es/guides/chile/", "/de/guides/chile/", "/guides/PERU/"]
)
def test_a_country_without_guides_in_the_language_is_not_found(client: Client, site: Site, path: str) -> None:
    client.page(path, 404)


def test_a_list_of_countries_counts_no_more_topics_than_it_shows(client: Client, site: Site) -> None:
    """A topic served in Peru that has no German guide is no served procedure of the German list."""
    other = make_topic("peru", languages=("en",))
    make_listing(other)
    raise_topic_revisions([other.id])
    db.session.commit()
    assert "one procedure has providers" in words(client.page("/de/guides/peru/"))
    assert "2 procedures have providers" in words(client.page("/guides/peru/"))


# --- Languages -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/guides/", "/search/", "/providers/", "/about/ranking/"])
def test_a_page_of_the_site_links_every_language(client: Client, site: Site, path: str) -> None:
    assert switches(client.page(path)) == {"de": f"/de{path}", "es": f"/es{path}"}
    assert switches(client.page(f"/de{path}")) == {"en": path, "es": f"/es{path}"}


def test_a_country_links_the_languages_of_its_guides(client: Client, site: Site) -> None:
    assert switches(client.page("/guides/chile/")) == {}
    assert switches(client.page("/guides/peru/")) == {"de": "/de/guides/peru/", "es": "/es/guides/peru/"}


def test_a_guide_links_its_topics_other_guides_the_first_of_each_language(client: Client, site: Site) -> None:
    assert switches(client.page(CARD)) == {"de": "/de/guides/peru/ausweis/", "es": CARNÉ}
    german = client.page("/de/guides/peru/ausweis/")
    assert switches(german) == {"en": CARD, "es": CARNÉ}
    assert switches(client.page("/es/guides/peru/carn%C3%A9_nuevo/")) == {
        "de": "/de/guides/peru/ausweis/",
        "en": CARD,
    }


def test_two_guides_of_a_topic_in_one_language_link_each_other(client: Client, site: Site) -> None:
    second = "/es/guides/peru/carn%C3%A9_nuevo/"
    for one, other, title in ((CARNÉ, second, "Carné nuevo"), (second, CARNÉ, "Carné de residencia")):
        byline = client.page(one).one("p", class_="byline")
        assert [text_of(link) for link in byline.iter("a") if link.get("href") == other] == [title]
    assert second not in client.page(CARD).links()


def test_alternate_links_name_the_same_languages(client: Client, site: Site) -> None:
    whole = "http://127.0.0.1:8000"
    page = client.page(f"{CARD}?sort=cost")
    assert page.one("link", rel="canonical").get("href") == whole + CARD
    assert alternates(page) == {
        "de": f"{whole}/de/guides/peru/ausweis/",
        "en": whole + CARD,
        "es": whole + CARNÉ,
    }
    second = client.page("/es/guides/peru/carn%C3%A9_nuevo/")
    assert second.one("link", rel="canonical").get("href") == f"{whole}/es/guides/peru/carn%C3%A9_nuevo/"
    assert alternates(second)["es"] == f"{whole}/es/guides/peru/carn%C3%A9_nuevo/"
    for path in ("/", "/guides/", "/guides/peru/"):
        assert alternates(client.page(path)) == {
            "de": f"{whole}/de{path}",
            "en": whole + path,
            "es": f"{whole}/es{path}",
        }


@pytest.mark.parametrize(
    "path",
    ["/guides/peru/nothing/", "/es/guides/peru/card/", "/guides/chile/card/", "/guides/peru/carn%C3%A9/"],
)
def test_a_guide_that_is_not_there_is_not_found(client: Client, site: Site, path: str) -> None:
    prefix = "/es" if path.startswith("/es") else ""
    page = client.page(path, 404)
    assert page.root.get("lang") == (prefix[1:] or "en")
    assert {form.get("action") for form in page.all("form")} == {f"{prefix}/search/"}


def test_a_retired_guide_is_gone_and_no_page_links_it(client: Client, site: Site) -> None:
    guide = next(guide for guide in site.served.guides if guide.language == "de")
    guide.retired_at, guide.shown = START, False
    raise_topic_revisions([site.served.id])
    db.session.commit()
    client.page("/de/guides/peru/ausweis/", 404)
    assert "de" not in switches(client.page(CARD))
    assert client.get("/de/").status_code == 404, "the language went with its last guide"


# --- The guide -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["abc", "-5", "12x", "1.2.3.4"])
def test_a_cost_limit_that_is_no_amount_says_so_and_shows_all(client: Client, site: Site, typed: str) -> None:
    page = client.page(f"{CARD}?max={typed}")
    assert "Enter the highest cost as a number" in text_of(page.one("div", role="alert"))
    assert page.one("input", id="max").get("value") == typed, "what was typed stays"
    assert len(names(page)) == 2


def test_a_guide_shows_its_text_around_the_table_with_its_own_header(client: Client, site: Site) -> None:
    page = client.page(CARD)
    assert page.texts("h1") == ["Residence card"]
    assert sorted(names(page)) == ["Gestor Rápido", "Papeles Claros"]
    heads = [text_of(head) for head in page.all("th", role="columnheader")]
    assert heads[1:4] == ["Provider / Website", "Timelines", "Cost"]
    body = words(page)
    assert body.index("What it is.") < body.index("Papeles Claros") < body.index("More.")
    assert "12–18 business days" in body
    assert "MX$4,200" in body


def test_the_licence_names_author_site_and_source_and_what_was_changed(client: Client, site: Site) -> None:
    for path in (CARD, CARNÉ):
        footer = client.page(path).one("div", class_="licence")
        text = text_of(footer)
        assert "Marketplace contributors" in text
        assert "Tramitit" in text
        assert "CC BY-SA 4.0" in text
        links = [link.attrib["href"] for link in footer.iter("a")]
        assert f"https://tramitit.com{path}" in links
    assert "Changes: this site added the provider table" in text_of(
        client.page(CARD).one("div", class_="licence")
    )


def test_an_empty_table_shows_ways_on(client: Client, site: Site) -> None:
    page = client.page("/guides/chile/tax/")
    assert "Nobody offers this yet" in words(page)
    assert "/providers/?country=chile" in page.links()
    assert "/manage/listings/new/?topic=chile-tax" in page.links()
    assert page.all("table", class_="offers") == []


def test_a_guide_without_a_table_has_ours_after_its_text(client: Client) -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "en", "irs", header=None, table_heading="", html_after="")
    make_listing(topic, make_provider(name="Papeles"))
    db.session.commit()
    page = client.page("/guides/peru/irs/")
    assert page.texts("h2", id="providers") == ["Providers that can do it for you"]
    assert names(page) == ["Papeles"]


def test_a_reader_may_order_and_filter_the_table(client: Client, site: Site) -> None:
    assert names(client.page(f"{CARD}?sort=cost")) == ["Gestor Rápido", "Papeles Claros"]
    assert names(client.page(f"{CARD}?max=100&currency=eur")) == ["Gestor Rápido"]
    nobody = client.page(f"{CARD}?language=de")
    assert names(nobody) == []
    assert "No providers match your filters" in words(nobody)


def test_the_form_keeps_the_query(client: Client, site: Site) -> None:
    page = client.page(f"{CARD}?sort=cost&language=es&max=%22%3E5&currency=usd")
    assert page.one("input", id="max").get("value") == '">5'
    assert page.one("input", name="currency").get("value") == "USD"
    chosen = [option.get("value") for option in page.all("option") if "selected" in option.attrib]
    assert chosen == ["cost", "es"]
    assert page.one("div", role="alert") is not None, "the highest cost is no number"


@pytest.mark.parametrize("query", ["sort=x", "language=klingon", "max=-1", "currency=XYZ"])
def test_an_invalid_query_is_reported_and_the_table_shown(client: Client, site: Site, query: str) -> None:
    page = client.page(f"{CARD}?{query}")
    assert page.texts("div", role="alert")[0]
    assert len(names(page)) == 2


def test_a_price_without_a_rate_comes_last_by_cost_with_a_reason(client: Client, site: Site) -> None:
    make_listing(site.served, make_provider(name="Porteño"), currency="ARS", fee_min=1)
    raise_topic_revisions([site.served.id])
    db.session.commit()
    page = client.page(f"{CARD}?sort=cost")
    assert names(page)[-1] == "Porteño"
    assert "no exchange rate for ARS, so not compared" in words(page)


def test_rates_are_named_once_with_source_and_day(client: Client, site: Site) -> None:
    note = text_of(client.page(CARD).one("p", class_="offers-note"))
    assert note.count("MXN") == 1
    assert "ECB" in note
    assert "€1 =" in note


def test_old_data_are_dimmed_then_leave_with_a_word(client: Client) -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "en", "card")
    for age in (0, 180, 270):
        make_listing(topic, make_provider(name=f"Age {age}"), confirmed_at=START - timedelta(days=age))
    db.session.commit()
    page = client.page(CARD)
    assert names(page) == ["Age 0", "Age 180"]
    (stale,) = page.all("tr", class_="is-stale")
    assert "Data not confirmed since May 2026" in text_of(stale)


def test_unclaimed_and_referral_are_labelled_in_words(client: Client) -> None:
    topic = make_topic("peru", languages=())
    make_guide(topic, "de", "ausweis")
    make_listing(topic, make_provider(status="unclaimed"), referral=True, confirmed_at=None)
    db.session.commit()
    page = client.page("/de/guides/peru/ausweis/")
    assert len(page.one("span", class_="tags")) == 2
    (link,) = [link for link in page.all("a") if link.get("href", "").startswith("/go/")]
    assert link.get("rel") == "sponsored"


# --- Search ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/search/?q=RESIDENCE", CARD),
        ("/search/?q=card+peru", CARD),
        ("/search/?q=papeles", "/providers/papeles/"),
        ("/search/?q=rapido", "/providers/gestor/"),
        ("/es/search/?q=CARNE", CARNÉ),
        ("/search/?country=chile", "/guides/chile/tax/"),
    ],
)
def test_guides_and_providers_are_found(client: Client, site: Site, path: str, found: str) -> None:
    assert found in client.page(path).links()


def test_what_does_not_match_is_not_listed(client: Client, site: Site) -> None:
    page = client.page("/search/?q=card&country=chile")
    assert CARD not in page.links()
    assert ("No procedures have all of these words in their title") in words(page)


def test_a_long_list_is_paged_and_keeps_the_question(client: Client, site: Site) -> None:
    topic = make_topic("peru", languages=())
    for number in range(PAGE_SIZE):
        make_guide(topic, "en", f"paper{number}", title=f"Card paper {number:02}", search_text="card")
    raise_topic_revisions([topic.id])
    db.session.commit()
    first = client.page("/search/?q=card&country=peru")
    onward = next(link.attrib["href"] for link in first.all("a", rel="next"))
    assert onward == "/search/?q=card&country=peru&page=2"
    second = client.page(onward)
    assert second.all("a", rel="prev")[0].attrib["href"] == "/search/?q=card&country=peru&page=1"
    assert "31–31 of 31" in words(second)
    client.page("/search/?q=card&country=peru&page=3", 404)


def test_a_search_page_is_not_for_search_engines(client: Client, site: Site) -> None:
    assert client.page("/search/?q=x").one("meta", name="robots").get("content") == "noindex"


def test_the_words_searched_for_come_back_as_typed(client: Client, site: Site) -> None:
    typed = "<b>&amp; \"x\" 'y' {{ z }} %s"
    page = client.page("/search/", query_string={"q": typed})
    assert page.one("input", id="search-q").get("value") == typed
    assert f"“{typed}”" in page.texts("h1")[0]


def test_lists_follow_the_alphabet_of_the_reader(client: Client) -> None:
    for place, title in enumerate(("Zulassung", "Änderung", "öffnen", "Anmeldung")):
        make_guide(make_topic("spain", f"spain-{place}", languages=()), "de", f"g{place}", title=title)
    for title in ("ñandú", "nube", "oasis"):
        make_guide(make_topic("spain", f"spain-{title}", languages=()), "es", title, title=title)
    for name in ("Zeta", "Álvarez", "Bravo", "«Ana»"):
        make_provider(name=name)
    db.session.commit()

    def stems(path: str, part: str) -> list[str]:
        return [link for link in client.page(path).links() if part in link and link != part]

    assert stems("/de/guides/spain/", "/de/guides/spain/") == [
        f"/de/guides/spain/g{n}/" for n in (1, 3, 2, 0)
    ]
    spanish = stems("/es/guides/spain/", "/es/guides/spain/")
    assert spanish == [f"/es/guides/spain/{stem}/" for stem in ("nube", "%C3%B1and%C3%BA", "oasis")]
    page = client.page("/providers/")
    named = [text_of(link) for link in page.all("a") if (link.get("href") or "").startswith("/providers/")]
    assert [name for name in named if name in ("Zeta", "Álvarez", "Bravo", "«Ana»")] == [
        "Álvarez",
        "«Ana»",
        "Bravo",
        "Zeta",
    ]


def test_what_people_wrote_carries_its_language_where_it_is_clearly_another(client: Client) -> None:
    topic = make_topic("peru", "peru-lang", languages=())
    make_guide(topic, "en", "lang", title="Card")
    make_guide(topic, "es", "lengua", title="Carné")
    spanish = "Preparamos todos los papeles, pedimos la cita y te acompañamos a la oficina."
    provider = make_provider(
        slug="lenguas", description="We prepare your papers and go to the office with you."
    )
    make_listing(topic, provider, service=spanish)
    short = make_provider(slug="corto", description="Gestoría Peña Lima")
    make_listing(topic, short, service="Trámites")
    db.session.commit()

    def language_of(path: str, text: str) -> str | None:
        return next(one for one in client.page(path).all("p") if text_of(one) == text).get("lang")

    assert language_of("/guides/peru/lang/lenguas/", spanish) == "es"
    assert language_of("/es/guides/peru/lengua/lenguas/", spanish) is None
    assert language_of("/es/providers/lenguas/", provider.description) == "en"
    assert language_of("/providers/lenguas/", provider.description) is None
    assert language_of("/providers/corto/", short.description) is None, "too short to tell"
