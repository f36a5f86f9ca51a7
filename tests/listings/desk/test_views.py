"""The desk's overview and lists."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.listings.queries import PAGE_SIZE
from marketplace.providers.claims import file_claim
from tests.clients import Client, path_of
from tests.factories import NOON, make_guide, make_listing, make_provider, make_topic, make_user, sign_in


@pytest.fixture
def member(app: Flask, client: Client) -> User:
    member = make_user()
    db.session.commit()
    sign_in(client, member)
    return member


def test_a_visitor_is_asked_to_sign_in(client: Client) -> None:
    response = client.get("/manage/")
    assert response.status_code == 302
    assert path_of(response) == "/account/sign-in/?next=/manage/"


def test_a_member_without_a_provider_is_led_to_registering(client: Client, member: User) -> None:
    page = client.page("/manage/")
    assert "Getting started" in page.text
    assert "/manage/register/" in page.links()


def test_an_unconfirmed_member_is_led_to_confirming_first(app: Flask, client: Client) -> None:
    newcomer = make_user(confirmed=False)
    db.session.commit()
    sign_in(client, newcomer)
    assert "/account/confirm/" in client.page("/manage/").links()
    assert client.get("/manage/register/").status_code == 302


def test_a_member_with_one_provider_sees_its_desk(client: Client, member: User) -> None:
    provider = make_provider(member, name="Casa Ocotillo", slug="casa")
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", title="Visa")
    make_listing(topic, provider)
    db.session.commit()
    page = client.page("/manage/")
    assert page.texts("h1") == ["Overview"]
    assert "Nothing needs your attention now." in page.text
    assert "Mexico, MX$4,200, 12–18 business days" in page.text
    assert "Getting started" not in page.text


def test_the_desk_says_what_needs_somebody(client: Client, member: User) -> None:
    provider = make_provider(member, slug="casa")
    make_listing(make_topic(), provider, status="rejected", note="Say what it costs.")
    make_listing(make_topic(), provider, confirmed_at=NOON - timedelta(days=170))
    make_listing(make_topic(), provider, confirmed_at=NOON - timedelta(days=200))
    make_listing(make_topic(), provider, confirmed_at=NOON - timedelta(days=300))
    db.session.commit()
    page = client.page("/manage/casa/")
    assert "4 things need your attention." in page.text
    assert "Say what it costs." in page.text
    assert "Its row will be dimmed on 3 December 2026." in page.text
    assert "It will leave the tables on 1 February 2027." in page.text
    assert "It left the tables on 24 October 2026" in page.text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("pending", "Registration being checked"),
        ("removed", "Your registration was not accepted"),
        ("suspended", "Your provider is suspended"),
    ],
)
def test_the_desk_says_how_the_provider_stands(client: Client, member: User, status: str, words: str) -> None:
    make_provider(member, slug="casa", status=status, note="Who are you?")
    db.session.commit()
    page = client.page("/manage/casa/")
    assert words in page.text
    assert ("Who are you?" in page.text) is (status != "pending")


def test_a_suspended_provider_s_desk_opens_to_read_and_says_how_to_answer(
    client: Client, member: User
) -> None:
    provider = make_provider(member, slug="casa", status="suspended", note="Show us <the> licence.\nBy mail.")
    listing = make_listing(make_topic(), provider)
    db.session.commit()
    for path in ("/manage/", "/manage/casa/"):
        page = client.page(path)
        assert (
            "Clients can’t see your listings, and nothing can be changed until we reinstate the provider"
        ) in page.text
        assert "Show us <the> licence." in page.text
        assert "/about/contact/" in page.links()
        assert "/manage/casa/listings/new/" not in page.links()
    assert "On hold until the provider is reinstated" in client.page("/manage/casa/listings/").text
    for path in ("profile/", f"listings/{listing.id}/edit/", f"listings/{listing.id}/preview/"):
        client.page(f"/manage/casa/{path}")
    response = client.submit(f"/manage/casa/listings/{listing.id}/pause/")
    assert "This provider is suspended, so nothing about it can be changed" in response.get_data(as_text=True)
    db.session.refresh(listing)
    assert listing.status == "published"


def test_a_member_with_several_providers_chooses(client: Client, member: User) -> None:
    for slug in ("one", "two"):
        make_provider(member, slug=slug, name=f"Casa {slug}")
    make_provider(make_user(), slug="other")
    db.session.commit()
    links = client.page("/manage/").links()
    assert {"/manage/one/", "/manage/two/"} <= set(links)
    assert "/manage/other/" not in links


def test_a_claim_is_shown_until_it_is_approved(client: Client, member: User) -> None:
    claim = file_claim(member, make_provider(name="Claimed"), message="", now=NOON)
    db.session.commit()
    assert "Claimed With a moderator since 23 November 2026." in client.page("/manage/").text
    claim.status, claim.note = "rejected", "Prove it."
    db.session.commit()
    assert "Not accepted: Prove it." in client.page("/manage/").text


def test_the_list_is_filtered_by_status_and_words(client: Client, member: User) -> None:
    provider = make_provider(member, slug="casa")
    topic = make_topic(languages=())
    make_guide(topic, "en", "visa", title="Visa", search_text="visa")
    make_listing(topic, provider)
    make_listing(make_topic(), provider, status="draft")
    db.session.commit()
    assert "2 listings" in client.page("/manage/casa/listings/").text
    assert "One listing found" in client.page("/manage/casa/listings/?show=draft").text
    assert "One listing found" in client.page("/manage/casa/listings/?q=VISA").text
    assert "No listings match these filters." in client.page("/manage/casa/listings/?q=nothing").text
    client.page("/manage/casa/listings/?show=none-such", status=404)


def test_an_empty_list_says_how_to_begin(client: Client, member: User) -> None:
    make_provider(member, slug="casa")
    db.session.commit()
    page = client.page("/manage/casa/listings/")
    assert ("You do not offer anything yet") in page.text
    assert "/manage/casa/listings/new/" in page.links()


def test_a_long_list_has_pages_and_none_beyond_the_last(client: Client, member: User) -> None:
    provider = make_provider(member, slug="casa")
    for _ in range(PAGE_SIZE + 1):
        make_listing(make_topic(languages=()), provider)
    db.session.commit()
    assert "Page 1 of 2" in client.page("/manage/casa/listings/").text
    assert "Page 2 of 2" in client.page("/manage/casa/listings/?page=2").text
    for number in ("0", "3", "x", "-1", "9" * 30):
        client.page(f"/manage/casa/listings/?page={number}", status=404)


@pytest.mark.parametrize("path", ["/manage/casa/", "/manage/casa/listings/", "/manage/nobody/"])
def test_a_strangers_desk_does_not_exist(client: Client, member: User, path: str) -> None:
    make_provider(make_user(), slug="casa")
    db.session.commit()
    client.page(path, status=404)


def test_hostile_names_are_shown_as_typed(client: Client, member: User) -> None:
    name = "<script>alert(1)</script> | {{< x >}} \u202eشركة 👩"
    make_provider(member, slug="casa", name=name)
    db.session.commit()
    assert name in client.page("/manage/").text


def test_from_an_empty_table_to_the_form_by_way_of_registering(client: Client, member: User) -> None:
    response = client.get("/manage/listings/new/?topic=mexico-visa")
    assert path_of(response) == "/manage/register/?topic=mexico-visa"
    make_provider(member, slug="casa")
    db.session.commit()
    response = client.get("/es/manage/listings/new/?topic=mexico-visa")
    assert path_of(response) == "/es/manage/casa/listings/new/?topic=mexico-visa"
    make_provider(member, slug="other")
    db.session.commit()
    page = client.page("/manage/listings/new/?topic=mexico-visa")
    assert "/manage/other/listings/new/?topic=mexico-visa" in page.links()


def test_the_desk_works_in_spanish_and_in_a_language_without_an_interface(
    client: Client, member: User
) -> None:
    provider = make_provider(member, slug="casa")
    topic = make_topic(languages=("fr",))
    make_listing(topic, provider)
    db.session.commit()
    assert client.page("/es/manage/").one("html").attrib["lang"] == "es"
    assert client.page("/fr/manage/").one("html").attrib["lang"] == "fr"
