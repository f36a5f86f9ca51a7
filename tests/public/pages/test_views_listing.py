"""A listing with its reviews, and the redirect to its provider's website."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.core.extensions import db
from marketplace.public.pages.views_providers import REVIEWS_PER_PAGE
from marketplace.reviews.invitations.accepting import recompute_invited
from marketplace.reviews.ratings.services import recompute_ratings
from tests.clients import Client
from tests.clock import START
from tests.factories import make_listing, make_provider, make_reply, make_review, make_user, sign_in
from tests.pages import Page, text_of
from tests.public.site import Site, alternates, switches, words
from tests.reviews.asking import ask, invite_of

LISTING = "/guides/peru/card/papeles/"


def review(site: Site, rating: int, **values: object) -> None:
    make_review(site.papeles, rating=rating, **values)
    recompute_ratings(site.papeles.id)
    db.session.commit()


def ratings(page: Page) -> list[str]:
    """The stars of the reviews shown, in their order."""
    return [
        next(mark.attrib["aria-label"] for mark in article.iter() if mark.get("role") == "img")
        for article in page.all("article")
    ]


# --- A listing -------------------------------------------------------------------------------------------------------


def test_a_listing_shows_service_time_and_cost(client: Client, site: Site) -> None:
    page = client.page(LISTING)
    assert page.texts("h1") == ["Papeles Claros"]
    said = words(page)
    for text in (
        *("Residence card", "We fill in the application and go with you.", "MX$4,200", "≈ €"),
        *("official fees not known", "No reviews yet"),
        *("12–18 business days", "once your papers are complete", "English, Spanish", "23 November 2026"),
    ):
        assert text in said
    assert page.texts("dt")[:5] == ["Official fees", "Time", "Counted from", "Languages", "Confirmed"]


def test_an_edited_review_shows_the_date_of_its_edit(client: Client, site: Site) -> None:
    review(site, 4, edited_at=START)
    assert "edited on" in text_of(client.page(LISTING).one("article"))
    review(site, 5)
    assert sum("edited on" in text_of(article) for article in client.page(LISTING).all("article")) == 1


def test_a_listing_has_a_page_in_each_language_of_its_topic(client: Client, site: Site) -> None:
    assert switches(client.page(LISTING)) == {
        "de": "/de/guides/peru/ausweis/papeles/",
        "es": "/es/guides/peru/carn%C3%A9/papeles/",
    }
    page = client.page("/es/guides/peru/carn%C3%A9_nuevo/papeles/")
    assert set(alternates(page)) == {"de", "en", "es"}
    assert page.root.get("lang") == "es"


@pytest.mark.parametrize(
    "path", ["/guides/peru/card/nobody/", "/guides/chile/tax/papeles/", "/guides/peru/nothing/papeles/"]
)
def test_a_listing_that_is_not_there_is_not_found(client: Client, site: Site, path: str) -> None:
    client.page(path, 404)


def test_a_listing_that_was_rejected_is_not_found(client: Client, site: Site) -> None:
    site.papeles.status = "rejected"
    db.session.commit()
    client.page(LISTING, 404)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("paused", "The provider has paused this offer."),
        ("withdrawn", "This provider no longer offers this service here."),
        ("pending", "This offer is waiting for a moderator."),
    ],
)
def test_a_listing_that_is_not_offered_keeps_its_reviews_without_the_offer(
    client: Client, site: Site, status: str, said: str
) -> None:
    """Nobody can park a bad rating by pausing."""
    review(site, 1, text="They never called back.")
    recompute_ratings(site.papeles.id)
    site.papeles.status = status
    db.session.commit()
    page = client.page(LISTING)
    shown = words(page)
    assert said in shown
    assert "They never called back." in shown
    assert "MX$4,200" not in shown
    assert "We fill in the application" not in shown
    assert not [link for link in page.links() if link.startswith("/go/")]
    assert f"/account/reviews/new/?listing={site.papeles.id}" in page.links()
    assert page.one("meta", name="robots").get("content") == "noindex"
    assert not [data for data in page.all("script") if "Service" in (data.text or "")]
    client.page(f"/go/{site.papeles.id}", 404)
    profile = client.page(f"/providers/{site.papeles.provider.slug}/")
    assert LISTING in profile.links(), "its provider's page leads there"
    assert "Not offered at the moment" in words(profile)


def test_reviews_are_shown_with_level_dates_and_what_they_report(client: Client, site: Site) -> None:
    review(
        site,
        4,
        text="They were quick.\nVery.",
        author=make_user(name="Ana"),
        real_cost=450000,
        real_currency="MXN",
        real_time=3,
        real_time_unit="weeks",
        outcome="Got the card",
    )
    said = words(client.page(LISTING))
    for text in ("Ana", "They were quick. Very.", "Documented", "October 2026", "MX$4,500", "3 weeks"):
        assert text in said
    assert "Got the card" in said
    assert "One counted review" in said


def test_unverified_reviews_are_shown_as_not_counted(client: Client, site: Site) -> None:
    review(site, 5)
    review(site, 1, level="unverified")
    page = client.page(LISTING)
    assert "Unverified: not counted" in words(page)
    assert "One more is unverified and not counted" in words(page)
    assert page.texts("p", class_="score") == ["5.0"]


def test_reviews_that_are_not_published_are_not_shown(client: Client, site: Site) -> None:
    for status in ("pending", "rejected", "hidden", "withdrawn"):
        review(site, 1, status=status, text="Never to be seen by anybody at all.")
    assert "Never to be seen" not in words(client.page(LISTING))


def test_the_review_of_an_erased_member_stays_without_a_name(client: Client, site: Site) -> None:
    review(site, 5, user_id=None, text="It went well and quickly in the end.")
    said = words(client.page(LISTING))
    assert "A former member" in said
    assert "It went well" in said


def test_reviews_may_be_filtered_and_sorted(client: Client, site: Site) -> None:
    for number, rating in enumerate((3, 5, 1)):
        review(site, rating, published_at=START - timedelta(days=number))
    review(site, 2, level="unverified", published_at=START - timedelta(days=9))
    assert [text[0] for text in ratings(client.page(LISTING))] == ["3", "5", "1", "2"]
    assert [text[0] for text in ratings(client.page(f"{LISTING}?order=lowest"))] == ["1", "2", "3", "5"]
    assert [text[0] for text in ratings(client.page(f"{LISTING}?rating=5"))] == ["5"]
    assert [text[0] for text in ratings(client.page(f"{LISTING}?level=unverified"))] == ["2"]
    assert ratings(client.page(f"{LISTING}?rating=4")) == []
    assert len(ratings(client.page(f"{LISTING}?rating=9&level=x&order=y"))) == 4


def test_the_most_helpful_come_first_and_the_links_come_back_to_that_order(
    client: Client, site: Site
) -> None:
    for rating, helpful in ((1, 2), (2, 0), (3, 7)):
        review(site, rating, helpful_count=helpful)
    page = client.page(f"{LISTING}?order=helpful")
    assert [text[0] for text in ratings(page)] == ["3", "1", "2"]
    assert "7 people found this helpful" in words(page)
    links = [link for link in page.links() if "/helpful/" in link]
    assert len(links) == 3
    assert all(link.endswith("/helpful/?order=helpful") for link in links)


def test_a_reply_is_shown_below_its_review_in_its_language(client: Client, site: Site) -> None:
    shown = make_review(site.papeles)
    make_reply(shown, language="fr", text="Merci <b>bien</b>", edited_at=START)
    make_reply(make_review(site.papeles), status="pending", text="Not yet read by anybody.")
    recompute_ratings(site.papeles.id)
    db.session.commit()
    page = client.page(LISTING)
    box = page.one("div", class_="reply")
    assert text_of(box).startswith("Reply from Papeles Claros, 23 November 2026, edited on 23 November 2026")
    text = page.one("p", class_="keep-lines", lang="fr")
    assert text_of(text) == "Merci <b>bien</b>"
    assert "Not yet read" not in page.text


def test_readers_see_how_many_clients_the_provider_invited(client: Client, site: Site) -> None:
    assert "invited" not in client.page(LISTING).text
    ask(site.papeles, *(f"client{number}@one.example" for number in range(7)))
    db.session.commit()
    page = client.page(LISTING)
    told = (
        "The provider named 7 people as its clients from the period 1 October 2026 to 31 October "
        "2026, and we invited them to write a review. Nobody has written one yet."
    )
    assert told in page.text
    assert "Some days" not in page.text
    review(site, 4, level="invited")
    ask(site.papeles, "more@one.example", period=(date(2026, 8, 1), date(2026, 8, 31)))
    one = invite_of("client1@one.example")
    one.state = "used"
    recompute_invited(site.papeles.id)
    db.session.commit()
    told = (
        "The provider named 8 people as its clients from the period 1 August 2026 to 31 October "
        "2026, and we invited them to write a review. One of them wrote one."
    )
    assert f"{told} Some days in between are not included." in client.page(LISTING).text
    assert (
        "El proveedor nombró a 8 personas como sus clientes"
        in client.page("/es/guides/peru/carné/papeles/").text
    )


def test_reviews_are_filtered_by_the_levels_that_there_are(client: Client, site: Site) -> None:
    review(site, 5, level="invited")
    review(site, 4, level="unverified")
    page = client.page(f"{LISTING}?level=invited")
    assert ratings(page) == ["5.0 out of 5 stars"]
    assert options(page) == ["", "documented", "invited", "unverified"]
    review(site, 3, level="confirmed")
    assert options(client.page(LISTING)) == ["", "documented", "invited", "confirmed", "unverified"]


def options(page: Page) -> list[str | None]:
    """The levels that the filter offers."""
    return [option.get("value") for option in page.one("select", name="level").iter("option")]


def test_many_reviews_come_in_pages(client: Client, site: Site) -> None:
    for _ in range(REVIEWS_PER_PAGE + 1):
        make_review(site.papeles)
    review(site, 5)
    assert len(ratings(client.page(LISTING))) == REVIEWS_PER_PAGE
    assert len(ratings(client.page(f"{LISTING}?page=2"))) == 2
    for page in ("3", "0", "x", "99999999999"):
        client.page(f"{LISTING}?page={page}", 404)


def test_reports_are_shown_beside_the_advertised_values_from_three_on(client: Client, site: Site) -> None:
    for number in range(3):
        assert "What is advertised and what clients report" not in words(client.page(LISTING))
        review(site, 5, real_time=20 + number, real_time_unit="business_days")
        site.served.revision += 1
        db.session.commit()
    said = words(client.page(LISTING))
    assert "What is advertised and what clients report" in said
    assert "21 business days" in said


def test_authors_are_asked_for_the_cost_without_official_fees(client: Client, site: Site) -> None:
    author = make_user()
    db.session.commit()
    sign_in(client, author)
    assert (
        "Don’t include official fees." in client.page(f"/account/reviews/new/?listing={site.papeles.id}").text
    )


# --- The way out -----------------------------------------------------------------------------------------------------


def test_the_redirect_goes_to_the_website_and_is_not_cached(client: Client, site: Site) -> None:
    response = client.get(f"/go/{site.papeles.id}")
    assert (response.status_code, response.headers["Location"]) == (302, "https://p.example/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in response.headers


def test_there_is_no_redirect_for_a_listing_that_is_not_shown(client: Client, site: Site) -> None:
    site.papeles.provider.status = "suspended"
    site.gestor.provider.website = ""
    db.session.commit()
    for number in (site.papeles.id, site.gestor.id, 0, 999, 2**31 - 1, 2**31, 2**63, 10**30):
        client.page(f"/go/{number}", 404)


def test_an_internationalized_address_is_encoded_in_the_redirect(client: Client, site: Site) -> None:
    site.papeles.provider.website = "https://bücher.example/ñ?q=ü"
    db.session.commit()
    assert client.get(f"/go/{site.papeles.id}").headers["Location"].isascii()


def test_outgoing_links_have_the_right_rel(client: Client, site: Site) -> None:
    site.gestor.referral = True
    site.served.revision += 1
    db.session.commit()
    for path in ("/guides/peru/card/", site.compared):
        rels = {
            link.attrib["href"]: link.get("rel")
            for link in client.page(path).all("a")
            if "/go/" in link.get("href", "")
        }
        assert rels == {f"/go/{site.papeles.id}": "nofollow ugc", f"/go/{site.gestor.id}": "sponsored"}


def test_a_provider_is_shown_without_a_website(client: Client, site: Site) -> None:
    listing = make_listing(site.served, make_provider(slug="plain", website="", host=""))
    site.served.revision += 1
    db.session.commit()
    for path in ("/guides/peru/card/plain/", "/providers/plain/", "/guides/peru/card/"):
        assert f"/go/{listing.id}" not in client.page(path).links()
