"""Registering and the profile."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.providers.models import Provider, ProviderClaim
from tests.clients import Client, path_of
from tests.factories import make_provider, make_topic, make_user, sign_in
from tests.pages import Page, text_of

REGISTER = "/manage/register/"
TYPED: dict[str, Any] = {
    "name": "Casa <b>Ocotillo</b> شركة",
    "website": "https://www.casa.example/",
    "description": "We do paperwork | {{< x >}}.",
    "languages": ["es", "en"],
    "countries": ["mexico"],
    "trader": "trader",
    "legal_name": "Ocotillo Trámites S.L.",
    "legal_form": "S.L.",
    "address": "Calle Mayor 1\n28013 Madrid",
    "seat": "ES",
    "register_name": "Registro Mercantil de Madrid",
    "register_number": "M-123456",
    "vat_number": "es B-58378431",
    "contact": "oficina@casa.example",
    "lawful": "y",
}


@pytest.fixture
def member(app: Flask, client: Client) -> User:
    member = make_user()
    make_topic(key="mexico-visa")
    db.session.commit()
    sign_in(client, member)
    return member


def only_provider() -> Provider:
    db.session.rollback()
    return db.session.execute(select(Provider)).scalar_one()


def test_registering_leads_to_the_first_listing_of_the_topic_one_came_for(
    client: Client, member: User
) -> None:
    response = client.submit(f"{REGISTER}?topic=mexico-visa", TYPED)
    provider = only_provider()
    assert path_of(response) == f"/manage/{provider.slug}/listings/new/?topic=mexico-visa"
    assert (provider.name, provider.status, provider.languages) == (TYPED["name"], "pending", ["es", "en"])
    assert (provider.legal_name, provider.vat_number, provider.trader) == (
        TYPED["legal_name"],
        "B58378431",
        "trader",
    )
    assert TYPED["name"] in client.page("/manage/").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "x" * 121}, "The name must be 120 characters or fewer"),
        ({"name": "  "}, "Enter the name your clients know you by"),
        (
            {"website": "javascript:alert(1)"},
            "Enter a website address, such as www.example.com",
        ),
        ({"website": "casa"}, "Enter a website address, such as www.example.com"),
        ({"languages": []}, "Choose at least one language"),
        ({"lawful": None}, "Confirm that you only offer services that comply with the law"),
        ({"vat_number": "B1"}, "This is not a valid VAT or tax number of this country."),
        ({"trader": None}, "Select whether you are a trader or a private person"),
    ],
)
def test_wrong_input_comes_back_with_everything_typed(
    client: Client, member: User, changes: dict[str, Any], words: str
) -> None:
    typed = {**TYPED, **changes}
    response = client.submit(REGISTER, typed)
    assert response.status_code == 422
    page = Page(response.get_data(as_text=True))
    assert words in page.text
    assert page.one("input", id="name").attrib["value"] == typed["name"]
    assert page.one("input", id="website").attrib["value"] == typed["website"]
    assert page.one("input", name="countries").attrib["checked"] is not None
    assert db.session.scalar(select(func.count(Provider.id))) == 0


def test_a_stale_form_comes_back_with_everything_typed(client: Client, member: User) -> None:
    response = client.post(REGISTER, data={**TYPED, "csrf_token": "old"})
    assert response.status_code == 422
    page = Page(response.get_data(as_text=True))
    assert "This page was open for too long." in page.text
    assert page.one("input", id="name").attrib["value"] == TYPED["name"]


def test_a_website_that_is_here_already_becomes_a_claim(client: Client, member: User) -> None:
    make_provider(host="casa.example", status="unclaimed")
    db.session.commit()
    response = client.submit(REGISTER, TYPED)
    assert path_of(response) == "/manage/"
    assert ("Another provider already has this website") in client.page("/manage/").text
    db.session.rollback()
    assert db.session.scalar(select(func.count(Provider.id))) == 1
    assert db.session.scalar(select(func.count(ProviderClaim.id))) == 1


def test_registering_twice_is_refused(client: Client, member: User) -> None:
    client.submit(REGISTER, TYPED)
    response = client.submit(REGISTER, TYPED)
    assert response.status_code == 422
    assert "You have already registered this website" in response.get_data(as_text=True)
    assert only_provider().version == 1


def test_a_profile_is_changed_at_once_or_after_a_moderator(client: Client, member: User) -> None:
    make_provider(
        db.session.merge(member),
        slug="casa",
        name="Casa",
        website="https://casa.example/",
        host="casa.example",
    )
    db.session.commit()
    path = "/manage/casa/profile/"
    assert path_of(client.submit(path, {"name": "Casa Nueva", "languages": ["de"]})) == path
    provider = only_provider()
    assert (provider.name, provider.languages) == ("Casa", ["de"])
    page = client.page(path)
    assert "Your change has been with a moderator" in page.text
    assert page.one("input", id="name").attrib["value"] == "Casa Nueva"
    client.submit("/manage/casa/profile/drop/", on=path)
    assert only_provider().edit is None
    assert "Change discarded. Your profile stays as it is" in client.page(path).text


def test_a_stale_drop_drops_nothing(client: Client, member: User) -> None:
    make_provider(db.session.merge(member), slug="casa")
    db.session.commit()
    client.submit("/manage/casa/profile/", {"name": "Other"})
    response = client.post("/manage/casa/profile/drop/", data={"csrf_token": "old"})
    assert response.status_code == 422
    assert only_provider().edit is not None


def test_a_refused_registration_is_corrected_and_sent_again(client: Client, member: User) -> None:
    make_provider(db.session.merge(member), slug="casa", status="removed", note="Who are you?")
    db.session.commit()
    assert "Who are you?" in client.page("/manage/casa/profile/").text
    client.submit("/manage/casa/profile/", {"description": "Three sisters."})
    assert (only_provider().status, only_provider().note) == ("pending", "")


def test_a_refused_change_of_the_profile_is_told_beside_its_field(client: Client, member: User) -> None:
    make_provider(db.session.merge(member), slug="casa")
    make_provider(host="taken.example")
    db.session.commit()
    response = client.submit("/manage/casa/profile/", {"website": "https://taken.example"})
    assert response.status_code == 422
    assert "Another provider has this website." in response.get_data(as_text=True)


def test_a_strangers_profile_does_not_exist(client: Client, member: User) -> None:
    make_provider(make_user(), slug="other")
    db.session.commit()
    client.page("/manage/other/profile/", status=404)
    assert client.post("/manage/other/profile/", data=TYPED).status_code == 404
    assert client.post("/manage/other/profile/drop/", data={}).status_code == 404


def test_claiming_from_an_entry_opens_the_form_with_what_it_says(client: Client, member: User) -> None:
    entry = make_provider(
        slug="pena", name="Peña", host="pena.example", website="https://pena.example/", status="unclaimed"
    )
    db.session.commit()
    link = next(link for link in client.page("/providers/pena/").links() if "register" in link)
    page = client.page(link)
    assert [page.one("input", name=name).get("value") for name in ("name", "website")] == [
        "Peña",
        "https://pena.example/",
    ]
    assert not page.all("input", name="trader"), "who is behind it is asked once it is theirs"
    assert page.one("input", name="countries", value="mexico").get("checked") is not None
    typed = {"name": "Peña", "website": "https://pena.example/", "languages": ["es"], "countries": ["mexico"]}
    wrong = client.submit(link, {**typed, "website": "https://other.example/", "description": "It is mine."})
    assert "not the website of the business" in wrong.text
    assert "It is mine." in wrong.text
    assert path_of(client.submit(link, {**typed, "description": "It is mine."})) == "/manage/"
    claim = db.session.scalars(select(ProviderClaim)).one()
    assert (claim.provider_id, claim.message, claim.status) == (entry.id, "It is mine.", "pending")
    desk = client.page("/manage/")
    assert "A moderator is checking that Peña is yours" in desk.text
    assert "Register your business" not in text_of(desk.one("section", class_="checklist"))


def test_an_entry_without_a_website_is_claimed_with_ones_own(client: Client, member: User) -> None:
    make_provider(slug="pena", name="Peña", host="", website="", status="unclaimed")
    db.session.commit()
    address = f"{REGISTER}?topic=mexico-visa&provider=pena"
    client.submit(
        address, {"name": "Peña", "website": "pena.example", "languages": ["es"], "description": "Ask me."}
    )
    assert db.session.scalars(select(ProviderClaim.message)).one() == "https://pena.example\nAsk me."
    assert client.page(f"{REGISTER}?provider=nobody").one("input", name="website").get("value") in (None, "")
