"""Comparing two to four listings."""

from __future__ import annotations

import pytest

from marketplace.core.extensions import db
from marketplace.guides.services import raise_topic_revisions
from tests.clients import Client
from tests.factories import make_guide, make_listing, make_topic
from tests.pages import text_of
from tests.public.site import Site, switches, words


def test_two_to_four_listings_are_compared(client: Client, site: Site) -> None:
    page = client.page(site.compared)
    heads = [text_of(head) for head in page.one("thead").iter("th")]
    assert heads == ["Papeles Claros", "Gestor Rápido"]
    best = [text_of(cell) for cell in page.all("td", class_="best")]
    assert len(best) == 1, "only the cost differs"
    assert best[0].startswith("MX$1,000")
    assert "Lowest" in best[0]


def test_only_the_differences_may_be_shown(client: Client, site: Site) -> None:
    page = client.page(f"{site.compared}&only=differences&currency=usd")
    assert page.all("tr", class_="same") == []
    every = next(link for link in page.links() if link.startswith("/compare/") and "only" not in link)
    assert every == f"{site.compared}&currency=usd", "the currency stays"
    assert "US$" in words(page)


def test_a_comparison_keeps_its_listings_in_other_languages(client: Client, site: Site) -> None:
    assert switches(client.page(site.compared)) == {"de": f"/de{site.compared}", "es": f"/es{site.compared}"}


def test_listings_of_several_topics_say_which(client: Client, site: Site) -> None:
    other = make_topic("chile", languages=())
    make_guide(other, "en", "visa", title="Visa")
    listing = make_listing(other)
    db.session.commit()
    said = words(client.page(f"/compare/?listing={site.papeles.id}&listing={listing.id}"))
    assert "Residence card" in said
    assert "Visa" in said


def test_a_listing_marked_twice_counts_once(client: Client, site: Site) -> None:
    page = client.page(f"{site.compared}&listing={site.papeles.id}&listing=0{site.gestor.id}")
    assert len(list(page.one("thead").iter("th"))) == 2


@pytest.mark.parametrize("ids", [[], ["{a}"], ["{a}", "{a}"], ["{a}", "0{a}"], ["1", "2", "3", "4", "5"]])
def test_fewer_than_two_or_more_than_four_are_refused(client: Client, site: Site, ids: list[str]) -> None:
    query = "&".join(f"listing={text.format(a=site.papeles.id)}" for text in ids)
    for prefix, title in (("", "You can compare two to four providers"), ("/es", "")):
        page = client.page(f"{prefix}/compare/?{query}", 422)
        assert title in page.texts("h1")[0]
        assert page.root.get("lang") == (prefix[1:] or "en")
    assert "no-store" in client.get(f"/compare/?{query}").headers["Cache-Control"]


@pytest.mark.parametrize("ids", ["999", "999&listing=998"])
def test_without_any_listing_there_is_no_comparison(client: Client, site: Site, ids: str) -> None:
    client.page(f"/compare/?listing=0&listing={ids}", 404)


@pytest.mark.parametrize("other", ["-1", "x", "", "1.0", "²", "2147483648", "9" * 30])
def test_a_listing_that_is_not_there_cannot_be_compared(client: Client, site: Site, other: str) -> None:
    client.page(f"/compare/?listing={site.papeles.id}&listing={other}", 404)


def test_of_a_shared_comparison_the_others_stay_with_a_word(client: Client, site: Site) -> None:
    third = make_listing(site.served)
    db.session.commit()
    path = f"{site.compared}&listing={third.id}&listing=999"
    site.gestor.status = "paused"
    raise_topic_revisions([site.served.id])
    db.session.commit()
    page = client.page(path)
    heads = [text_of(head) for head in page.one("thead").iter("th")]
    assert len(heads) == 2
    assert "Gestor Rápido" not in " ".join(heads)
    assert "Gestor Rápido: not offered at the moment." in words(page)
    assert "One provider in this link is no longer listed here." in words(page)
    client.page(f"{path}&only=differences")


def test_a_comparison_of_which_one_is_left_leads_back(client: Client, site: Site) -> None:
    site.gestor.status = "withdrawn"
    db.session.commit()
    page = client.page(site.compared)
    assert "Only one provider is left to show." in words(page)
    back = next(link for link in page.links() if link.endswith("#providers"))
    assert back == f"/guides/peru/card/?listing={site.papeles.id}#providers"


@pytest.mark.parametrize("count", [1, 5])
def test_too_few_or_too_many_lead_back_with_what_was_marked(client: Client, site: Site, count: int) -> None:
    marked = [site.papeles.id, *(make_listing(site.served).id for _ in range(count - 1))]
    db.session.commit()
    query = "&".join(f"listing={number}" for number in marked)
    page = client.page(f"/compare/?topic={site.served.id}&{query}", 422)
    back = next(link for link in page.links() if link.endswith("#providers"))
    table = client.page(back.partition("#")[0])
    boxes = {int(box.get("value")) for box in table.all("input", name="listing") if "checked" in box.attrib}
    assert boxes == set(marked)


def test_who_marked_nothing_comes_back_to_the_table(client: Client, site: Site) -> None:
    assert str(site.served.id) == client.page("/guides/peru/card/").one("input", name="topic").get("value")
    page = client.page(f"/compare/?topic={site.served.id}", 422)
    assert "/guides/peru/card/#providers" in page.links()
    assert "/guides/" in client.page("/compare/?topic=x", 422).links()
