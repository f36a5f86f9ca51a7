"""The form of a listing, its preview, and choosing a topic."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.guides.models import Topic
from marketplace.listings.models import Listing
from marketplace.listings.services import edit_listing
from marketplace.providers.models import Provider
from tests.clients import Client, path_of
from tests.factories import NOON, make_guide, make_listing, make_provider, make_topic, make_user, sign_in
from tests.listings.making import TERMS
from tests.pages import Page

NEW = "/manage/casa/listings/new/?topic=mexico-visa"
TYPED: dict[str, Any] = {
    "service": "We do it.\n<b>All</b> of it | {{< x >}} 👩",
    "cost_basis": "range",
    "fee_min": "1,400",
    "fee_max": "1,900",
    "official_fee_kind": "unknown",
    "time_min": "10",
    "time_max": "15",
    "time_from": "order",
}


@pytest.fixture
def member(app: Flask, client: Client) -> User:
    member = make_user()
    make_provider(
        member, slug="casa", name="Casa Ocotillo", website="https://casa.example/", host="casa.example"
    )
    topic = make_topic(key="mexico-visa", languages=())
    make_guide(topic, "en", "visa", title="Visa", search_text="visa")
    make_guide(topic, "es", "visado", title="Visado", header=["Proveedor", "Sitio", "Plazos", "Costo"])
    db.session.commit()
    sign_in(client, member)
    return member


def provider() -> Provider:
    return db.session.execute(select(Provider).where(Provider.slug == "casa")).scalar_one()


def topic() -> Topic:
    return db.session.execute(select(Topic).where(Topic.key == "mexico-visa")).scalar_one()


def only_listing() -> Listing:
    db.session.rollback()
    return db.session.execute(select(Listing)).scalar_one()


def add_listing(**values: Any) -> str:
    listing = make_listing(topic(), provider(), **values)
    db.session.commit()
    return f"/manage/casa/listings/{listing.id}/edit/"


def test_a_listing_is_sent_to_a_moderator(client: Client, member: User) -> None:
    response = client.submit(NEW, TYPED)
    assert path_of(response) == "/manage/casa/listings/"
    listing = only_listing()
    assert (listing.status, listing.fee_min, listing.fee_max, listing.currency) == (
        "pending",
        140000,
        190000,
        "MXN",
    )
    assert listing.service == TYPED["service"]
    assert "Sent. A moderator will reply by 25 November 2026" in client.page("/manage/casa/listings/").text


def test_a_draft_may_have_gaps(client: Client, member: User) -> None:
    response = client.submit(NEW, {"cost_basis": "on_request"})
    assert response.status_code == 422
    token = client.page(NEW).one("input", id="csrf_token").attrib["value"]
    draft = {"csrf_token": token, "cost_basis": "on_request", "official_fee_kind": "unknown", "do": "draft"}
    response = client.post(NEW, data=draft)
    assert response.status_code == 302
    assert only_listing().status == "draft"
    assert "Add what is missing" in client.page("/manage/casa/listings/").text


def test_a_new_form_answers_nothing_and_asks_for_what_was_left_open(client: Client, member: User) -> None:
    page = client.page(NEW)
    assert not [
        option
        for option in page.one("select", id="cost_basis")
        if "selected" in option.attrib and option.get("value")
    ]
    assert not [box for box in page.all("input", name="official_fee_kind") if "checked" in box.attrib]
    token = page.one("input", id="csrf_token").attrib["value"]
    sent = {"csrf_token": token, "service": TYPED["service"], "do": "send"}
    asked = Page(client.post(NEW, data=sent).get_data(as_text=True)).text
    assert "Choose how you charge" in asked
    assert "Select whether official fees are included" in asked
    assert client.post(NEW, data={**sent, "do": "draft"}).status_code == 302, "a draft may leave it open"
    assert only_listing().cost_basis == "on_request"


def test_wrong_input_comes_back_with_everything_typed_and_every_error(client: Client, member: User) -> None:
    wrong = {**TYPED, "fee_max": "900", "time_min": "about ten", "time_from": ""}
    response = client.submit(NEW, wrong)
    assert response.status_code == 422
    page = Page(response.get_data(as_text=True))
    summary = page.one("div", class_="error-summary")
    assert summary.attrib["tabindex"] == "-1"
    assert [link for link in page.links() if link.startswith("#")][1:] == [
        "#fee_max",
        "#time_min",
        "#time_from",
    ]
    assert page.title.startswith("Error:")
    assert page.one("input", id="fee_min").attrib["value"] == "1,400"
    assert page.one("input", id="time_min").attrib["value"] == "about ten"
    assert page.one("input", id="fee_max").attrib["aria-invalid"] == "true"
    assert page.one("textarea", id="service").text == TYPED["service"]
    assert db.session.execute(select(Listing)).first() is None


def test_amounts_are_typed_in_the_language_of_the_page_and_errors_come_in_it(
    client: Client, member: User
) -> None:
    client.submit("/es" + NEW, {**TYPED, "fee_min": "1.400", "fee_max": "1.900,50"})
    assert only_listing().fee_max == 190050


def test_a_stale_form_comes_back_with_everything_typed(client: Client, member: User) -> None:
    response = client.post(
        NEW, data={**TYPED, "currency": "MXN", "official_fee_kind": "unknown", "csrf_token": "old"}
    )
    assert response.status_code == 422
    page = Page(response.get_data(as_text=True))
    assert "This page was open for too long." in page.text
    assert page.one("input", id="fee_min").attrib["value"] == "1,400"
    fresh = page.one("input", id="csrf_token").attrib["value"]
    sent = {
        **TYPED,
        "currency": "MXN",
        "official_fee_kind": "unknown",
        "time_unit": "days",
        "csrf_token": fresh,
    }
    assert client.post(NEW, data=sent).status_code == 302


def test_a_preview_shows_the_rows_in_each_language_and_saves_nothing(client: Client, member: User) -> None:
    token = client.page(NEW).one("input", id="csrf_token").attrib["value"]
    sent = {
        **TYPED,
        "currency": "MXN",
        "official_fee_kind": "included",
        "time_unit": "business_days",
        "do": "preview",
    }
    response = client.post(NEW, data={**sent, "csrf_token": token})
    assert response.status_code == 200
    page = Page(response.get_data(as_text=True))
    assert [table.attrib["lang"] for table in page.all("table")] == ["en", "es"]
    assert page.texts("th", class_="cell-name")[1] == "Casa Ocotillo"
    assert "10–15 business days from the order" in page.text
    assert "10–15 días hábiles" in page.text
    assert "MX$1,400–1,900 official fees included" in page.text
    assert "1.400–1.900 MXN" in page.text
    assert page.one("input", id="fee_min").attrib["value"] == "1,400"
    assert db.session.execute(select(Listing)).first() is None


def test_a_topic_offered_already_leads_to_its_listing_and_cannot_be_doubled(
    client: Client, member: User
) -> None:
    token = client.page(NEW).one("input", id="csrf_token").attrib["value"]
    edit = add_listing(status="draft")
    assert path_of(client.get(NEW)) == edit
    sent = {
        **TYPED,
        "currency": "MXN",
        "official_fee_kind": "unknown",
        "time_unit": "days",
        "csrf_token": token,
    }
    response = client.post(NEW, data=sent)
    assert response.status_code == 422
    assert "You already have a listing for this procedure" in response.get_data(as_text=True)
    assert only_listing().fee_min == 420000


def test_a_live_listing_is_changed_by_an_edit_that_waits(client: Client, member: User) -> None:
    path = add_listing()
    client.submit(path, {"fee_min": "5000"})
    listing = only_listing()
    assert (listing.status, listing.fee_min) == ("published", 420000)
    assert listing.edit is not None
    assert listing.edit.fee_min == 500000
    page = client.page(path)
    assert page.one("input", id="fee_min").attrib["value"] == "5000"
    assert "Your change has been with a moderator since 23 November 2026." in page.text
    assert "Your change is with a moderator" in client.page("/manage/casa/listings/").text
    preview = client.page(path.replace("edit", "preview"))
    assert "This includes your change, which is not published yet." in preview.text
    assert "MX$5,000" in preview.text


def test_sending_a_live_listing_unchanged_changes_nothing(client: Client, member: User) -> None:
    client.submit(add_listing())
    assert only_listing().edit is None
    assert "Nothing has changed" in client.page("/manage/casa/listings/").text


def test_a_refused_change_is_shown_with_its_reason(client: Client, member: User) -> None:
    path = add_listing()
    listing = only_listing()
    edit_listing(actor=db.session.merge(member), listing=listing, terms=TERMS, now=NOON)
    assert listing.edit is not None
    listing.edit.status, listing.edit.note = "rejected", "Too dear."
    db.session.commit()
    assert "Your change was not accepted. Too dear." in client.page(path).text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("draft", "Save as a draft"),
        ("pending", "This listing has been with a moderator since 23 November 2026."),
        ("rejected", "This listing was not accepted. Say more."),
        ("paused", "Paused: clients don’t see it"),
        ("withdrawn", "Withdrawn. To offer it again, send it to a moderator."),
    ],
)
def test_the_form_says_where_the_listing_stands(
    client: Client, member: User, status: str, words: str
) -> None:
    assert words in client.page(add_listing(status=status, note="Say more.")).text


def test_a_rejected_listing_is_corrected_and_sent_again(client: Client, member: User) -> None:
    client.submit(add_listing(status="rejected", note="Say more."), {"service": "More."})
    assert (only_listing().status, only_listing().service) == ("pending", "More.")


def test_a_pending_listing_is_changed_in_place(client: Client, member: User) -> None:
    client.submit(add_listing(status="pending"), {"service": "More."})
    assert (only_listing().status, only_listing().service, only_listing().version) == ("pending", "More.", 2)


def test_a_refused_provider_keeps_what_was_typed_and_is_told(client: Client, member: User) -> None:
    provider().status = "removed"
    db.session.commit()
    response = client.submit(NEW, TYPED)
    assert response.status_code == 403
    assert "Correct your profile first" in response.get_data(as_text=True)
    assert 'value="1,400"' in response.get_data(as_text=True)


def test_topics_are_chosen_from_a_list_filtered_by_country_and_words(client: Client, member: User) -> None:
    make_topic("spain", key="spain-card")
    db.session.commit()
    assert {NEW, "/manage/casa/listings/new/?topic=spain-card"} <= set(
        client.page("/manage/casa/listings/new/").links()
    )
    filtered = client.page("/manage/casa/listings/new/?country=mexico&q=visa").links()
    assert NEW in filtered
    assert "/manage/casa/listings/new/?topic=spain-card" not in filtered
    assert (
        "No procedures have all of these words in their title."
        in client.page("/manage/casa/listings/new/?q=zebra").text
    )


def test_an_unknown_topic_is_a_page_that_does_not_exist(client: Client, member: User) -> None:
    client.page("/manage/casa/listings/new/?topic=mexico-none", status=404)


def test_a_strangers_listing_does_not_exist(client: Client, member: User) -> None:
    other = make_provider(make_user(), slug="other")
    listing = make_listing(topic(), other)
    db.session.commit()
    for path in (
        "/manage/other/listings/new/?topic=mexico-visa",
        f"/manage/other/listings/{listing.id}/edit/",
        f"/manage/other/listings/{listing.id}/preview/",
        f"/manage/casa/listings/{listing.id}/edit/",
        f"/manage/casa/listings/{listing.id}/preview/",
        f"/manage/casa/listings/{10**30}/edit/",
    ):
        client.page(path, status=404)
    response = client.post(f"/manage/other/listings/{listing.id}/edit/", data=TYPED)
    assert response.status_code == 404
