"""Providers and one provider."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.privacy.services import erase_account
from marketplace.core.extensions import db
from marketplace.core.revisions import raise_site_revision
from marketplace.providers.approvals import add_warning, apply_provider_edit
from marketplace.providers.claims import approve_claim, file_claim
from marketplace.providers.models import Provider, ProviderEdit
from marketplace.public.pages.queries import PAGE_SIZE
from tests.clients import Client
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.public.site import Site, switches, words


def test_providers_are_listed_by_name(client: Client, site: Site) -> None:
    page = client.page("/providers/")
    links = [link for link in page.links() if link.startswith("/providers/") and link != "/providers/"]
    assert links == ["/providers/gestor/", "/providers/papeles/"]


def test_a_warning_is_shown_in_lists_of_providers(client: Client, site: Site) -> None:
    for path in ("/providers/", "/search/?q=papeles"):
        assert "Warning about reviews" not in words(client.page(path))
    add_warning(db.session.scalars(select(Provider).where(Provider.slug == "papeles")).one(), now=NOON)
    db.session.commit()
    for path in ("/providers/", "/search/?q=papeles"):
        assert words(client.page(path)).count("Warning about reviews") == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=papeles", 1),
        ("q=PAPELES+claros", 1),
        ("q=x", 0),
        ("country=peru", 2),
        ("country=chile", 0),
        ("country=", 2),
    ],
)
def test_providers_may_be_searched(client: Client, site: Site, query: str, found: int) -> None:
    page = client.page(f"/providers/?{query}")
    assert len(page.all("ul", class_="rows")) == bool(found)
    assert sum(link.startswith("/providers/") and len(link) > 12 for link in page.links()) == found
    assert found or "No providers match your search" in words(page)


def test_many_providers_come_in_pages(client: Client, site: Site) -> None:
    for number in range(PAGE_SIZE):
        make_provider(name=f"Zeta {number:02}")
    raise_site_revision()
    db.session.commit()
    page = client.page("/providers/?q=&page=2")
    assert "31–32 of 32" in words(page)
    assert switches(page)["es"] == "/es/providers/?q=&page=2"
    client.page("/providers/?page=3", 404)


def test_a_provider_shows_who_it_is_and_what_it_offers(client: Client, site: Site) -> None:
    page = client.page("/providers/papeles/")
    said = words(page)
    for text in (
        "We do paperwork.",
        "Speaks English, Spanish",
        "Mexico",
        "Residence card",
        "MX$4,200",
        "≈ €",
    ):
        assert text in said
    assert "/guides/peru/card/papeles/" in page.links()
    assert switches(page) == {"de": "/de/providers/papeles/", "es": "/es/providers/papeles/"}


def test_offers_are_named_in_the_language_of_the_page_or_in_another_that_is_marked(
    client: Client, site: Site
) -> None:
    make_listing(site.empty, site.papeles.provider)
    db.session.commit()
    page = client.page("/es/providers/papeles/")
    assert "/es/guides/peru/carn%C3%A9/papeles/" in page.links()
    (english,) = [link for link in page.all("a") if link.get("href") == "/guides/chile/tax/papeles/"]
    assert english.get("lang") == "en"


def test_costs_are_converted_into_the_requested_currency(client: Client, site: Site) -> None:
    assert "≈ US$" in words(client.page("/providers/papeles/?currency=usd"))
    assert "≈ €" in words(client.page("/providers/papeles/?currency=nothing"))


def test_an_unclaimed_provider_is_labelled_and_can_be_claimed(client: Client) -> None:
    make_provider(slug="found", status="unclaimed")
    db.session.commit()
    page = client.page("/providers/found/")
    assert "This entry comes from the guides. Nobody has claimed it yet" in words(page)
    assert "/manage/register/" in page.links()
    assert "There are no listings at the moment" in words(page)


@pytest.mark.parametrize("status", ["pending", "suspended", "removed"])
def test_a_provider_that_is_not_shown_is_not_found(client: Client, status: str) -> None:
    make_provider(slug="hidden", status=status)
    db.session.commit()
    client.page("/providers/hidden/", 404)
    client.page("/es/providers/hidden/", 404)


def test_a_topic_whose_guides_are_gone_is_not_listed(client: Client, site: Site) -> None:
    make_listing(make_topic("peru", languages=()), site.papeles.provider)
    db.session.commit()
    assert words(client.page("/providers/papeles/")).count("MX$4,200") == 1


def test_any_number_of_offers_takes_the_same_queries(
    app: Flask, client: Client, site: Site, count_queries: CountQueries
) -> None:
    provider = make_provider(slug="busy")
    for _ in range(12):
        make_listing(make_topic("peru"), provider)
    db.session.commit()
    counts = []
    for slug in ("papeles", "busy"):
        with count_queries(app) as statements:
            client.page(f"/providers/{slug}/")
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 6


def test_two_providers_of_one_owner_are_linked_wherever_both_stand(client: Client, site: Site) -> None:
    pages = {
        "/guides/peru/card/": ["/providers/gestor/", "/providers/papeles/"],
        "/guides/peru/card/papeles/": ["/providers/gestor/"],
        "/providers/gestor/": ["/providers/papeles/"],
    }
    assert not [path for path in pages if "Same owner as" in words(client.page(path))]
    owner, keeper, partner = make_user(), make_user(), make_user()
    papeles, gestor = site.papeles.provider, site.gestor.provider
    for user, provider in ((owner, papeles), (keeper, papeles), (partner, gestor), (owner, gestor)):
        approve_claim(file_claim(user, provider, message="", now=NOON), now=NOON)
    db.session.commit()
    for path, links in pages.items():
        page = client.page(path)
        assert words(page).count("Same owner as") == len(links)
        assert set(links) <= set(page.links())
    gestor.edit = ProviderEdit(name="Gestor Nuevo", website=gestor.website, submitted_at=NOON)
    db.session.flush()
    apply_provider_edit(gestor.edit, now=NOON)
    db.session.commit()
    assert "Same owner as Gestor Nuevo" in words(client.page("/providers/papeles/"))
    erase_account(owner, take_down=False, now=NOON)
    db.session.commit()
    assert not [path for path in pages if "Same owner as" in words(client.page(path))]


@pytest.mark.parametrize(
    ("trader", "profile", "listing"),
    [
        ("trader", "Papeles Claros S.L.", "The provider says that it is a trader."),
        ("private", "it is a private person, not a trader", "is a private person, not a trader"),
        ("asked", "Not yet given", "has not yet said whether it is a trader"),
        ("unknown", "Not yet given", "has not yet said whether it is a trader"),
    ],
)
def test_readers_learn_who_is_behind_a_provider(
    client: Client, site: Site, trader: str, profile: str, listing: str
) -> None:
    provider = site.papeles.provider
    provider.trader, provider.legal_name, provider.address = trader, "Papeles Claros S.L.", "Calle <Mayor> 1"
    db.session.commit()
    page = client.page("/providers/papeles/")
    assert profile in words(page)
    assert ("Calle <Mayor> 1" in words(page)) is (trader == "trader")
    assert listing in words(client.page("/guides/peru/card/papeles/"))
    provider.status = "unclaimed"
    provider.revision += 1
    db.session.commit()
    assert "Who is behind it" not in words(client.page("/providers/papeles/"))
