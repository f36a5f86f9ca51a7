"""The list of providers, and suspending and reinstating from a provider's page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.moderation.models import Decision
from marketplace.providers.models import Provider, ProviderStatus
from marketplace.providers.profiles import search_text
from tests.clients import Client, path_of
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user, sign_in
from tests.moderation.deciding import LATER_GROUNDS, let_decisions_take_effect
from tests.moderation.desk import count, press, shown
from tests.moderation.waiting import STATEMENT, waiting_review
from tests.pages import Page, text_of

pytestmark = pytest.mark.slow

UNLAWFUL = next(ground for ground in LATER_GROUNDS["provider", "suspend"] if ground.code == "unlawful")


def named(name: str, status: str = "active", **values: Any) -> Provider:
    host = f"{name.lower()}.example"
    words = search_text(name, host)
    provider = make_provider(name=name, host=host, status=status, search_text=words, **values)
    db.session.commit()
    return provider


def path(provider: Provider) -> str:
    return f"/staff/queue/provider/{provider.id}/"


def buttons(page: Page) -> set[str]:
    return {button.get("value", "") for button in page.all("button", name="do")}


def test_no_provider_yet_is_said(client: Client, moderator: Any) -> None:
    page = client.page("/staff/providers/")
    assert "There are no providers yet." in page.text
    assert not page.all("input", id="q")


def test_providers_of_every_standing_are_listed_with_links(client: Client, moderator: Any) -> None:
    made = [named(f"Casa{status}", status) for status in ProviderStatus]
    make_listing(make_topic(), made[0])
    db.session.commit()
    page = client.page("/staff/providers/")
    assert "5 providers" in page.text
    assert {path(provider) for provider in made} <= set(page.links())
    assert all(word in page.text for word in ("Unclaimed", "Waiting", "Active", "Suspended", "Removed"))
    assert "Providers" in [text_of(link) for link in page.all("a", aria_current="page")]


def test_the_list_is_narrowed_by_words_and_standing(client: Client, moderator: Any) -> None:
    nopal, casa = named("Nopal"), named("Casa", "suspended")
    page = client.page("/staff/providers/?q=nopal.example")
    assert "One provider found" in page.text
    assert page.one("input", id="q").get("value") == "nopal.example"
    assert (path(nopal) in page.links(), path(casa) in page.links()) == (True, False)
    page = client.page("/staff/providers/?status=suspended")
    assert page.one("option", value="suspended").get("selected") is not None
    assert (path(nopal) in page.links(), path(casa) in page.links()) == (False, True)
    page = client.page("/staff/providers/?q=nopal&status=suspended")
    assert "No providers match these filters." in page.text
    assert "/staff/providers/" in page.links()


def test_a_long_list_has_pages_that_keep_what_was_asked_for(client: Client, moderator: Any) -> None:
    for number in range(103):
        named(f"Casa{number:03}")
    address, seen = "/staff/providers/?q=casa&status=active", []
    for _ in range(3):
        page = client.page(address)
        seen += [link for link in page.links() if link.startswith("/staff/queue/provider/")]
        following = page.all("a", rel="next")
        address = following[0].get("href", "") if following else ""
    assert (len(seen), len(set(seen)), address) == (103, 103, "")
    assert "/staff/providers/?q=casa&status=active" in page.links()
    assert "There are no more providers." in client.page("/staff/providers/?after=999999").text


@pytest.mark.parametrize("query", ["status=golden", "after=x", "after=-1", "after=" + "9" * 30])
def test_what_was_never_offered_is_not_found(client: Client, moderator: Any, query: str) -> None:
    assert client.get(f"/staff/providers/?{query}").status_code == 404


def test_the_list_speaks_spanish(client: Client, moderator: Any) -> None:
    provider = named("Casa")
    page = client.page("/es/staff/providers/")
    assert "Palabras del nombre o del sitio web" in page.text
    assert f"/es{path(provider)}" in page.links()
    assert "Motivo de la suspensión" in client.page(f"/es{path(provider)}").text


def test_strangers_find_no_list_of_providers(new_client: Callable[[], Client], app: Flask) -> None:
    member, provider = make_user(), named("Casa")
    visitor, signed_in = new_client(), new_client()
    sign_in(signed_in, member)
    assert path_of(visitor.get("/staff/providers/")).startswith("/account/sign-in/")
    assert signed_in.get("/staff/providers/").status_code == 404
    data = {"do": "suspend", "version": "1", "ground": "unlawful", "statement": STATEMENT}
    assert signed_in.post(path(provider), data=data).status_code == 404
    assert count(Decision) == 0


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("unclaimed", set()),
        ("pending", {"draft", "publish", "reject"}),
        ("active", {"draft", "suspend"}),
        ("suspended", {"draft", "reinstate"}),
        ("removed", set()),
    ],
)
def test_a_provider_s_page_offers_what_its_standing_allows(
    client: Client, moderator: Any, status: str, offered: set[str]
) -> None:
    provider = named("Casa", status)
    page = client.page(path(provider))
    assert buttons(page) == offered
    assert ("New provider: Casa" in page.text) == (status == "pending")
    assert ("You can only suspend an active provider" in page.text) == (not offered)


@pytest.mark.usefixtures("no_jobs")
def test_a_suspended_provider_leaves_the_pages_and_comes_back(
    client: Client, moderator: Any, new_client: Callable[[], Client]
) -> None:
    topic, provider = make_topic(), make_provider(make_user(), name="Nopal y Norte", slug="nopal")
    make_listing(topic, provider)
    db.session.commit()
    guide = f"/guides/mexico/{topic.guides[0].stem}/"
    reader = new_client()
    pages = (guide, "/providers/", f"{guide}nopal/", "/providers/nopal/")
    for public in pages:
        assert "Nopal y Norte" in reader.page(public).text
    response = press(client, path(provider), "suspend", ground="unlawful", statement=STATEMENT)
    assert path_of(response) == path(provider)
    page = client.page(path(provider))
    assert "Suspended. Its listings are hidden." in page.text
    assert "Suspended by Mod <Seven>: Unlawful, or without the required licence" in page.text
    assert "Nopal y Norte" in reader.page(guide).text, "it takes effect after the undo time"
    let_decisions_take_effect()
    assert STATEMENT in client.page(path(provider)).text
    for public in pages[:2]:
        assert "Nopal y Norte" not in reader.page(public).text
    for public in pages[2:]:
        assert reader.get(public).status_code == 404
    response = press(client, path(provider), "reinstate", ground="unfounded", statement=STATEMENT)
    assert "Reinstated. Its listings are shown again." in client.page(path_of(response)).text
    let_decisions_take_effect()
    for public in pages:
        assert "Nopal y Norte" in reader.page(public).text
    assert [row.action for row in db.session.scalars(select(Decision).order_by(Decision.id))] == [
        "suspend",
        "reinstate",
    ]
    assert count(Job) == 2


def test_the_decisions_name_suspensions(client: Client, moderator: Any) -> None:
    provider = named("Casa")
    press(client, path(provider), "suspend", ground="unlawful", statement=STATEMENT)
    let_decisions_take_effect()
    press(client, path(provider), "reinstate", ground="our_mistake", statement=STATEMENT)
    page = client.page("/staff/decisions/")
    assert "Provider: Casa" in page.text
    assert "New provider" not in page.text
    rows = [text_of(row) for row in page.all("tr")]
    assert any("Suspended" in row and "Unlawful, or without the required licence" in row for row in rows)
    assert any("Reinstated" in row and "Our mistake" in row for row in rows)
    assert path(provider) in page.links()


def test_one_s_own_provider_is_for_another_moderator(client: Client, moderator: Any) -> None:
    provider, other = make_provider(moderator), waiting_review()
    page = client.page(path(provider))
    assert "nother moderator must decide" in page.text
    assert not page.all("form", class_="decide")
    token = client.page(f"/staff/queue/review/{other.id}/").one("input", name="csrf_token").get("value", "")
    data = {
        "csrf_token": token,
        "version": "1",
        "do": "suspend",
        "ground": "unlawful",
        "statement": STATEMENT,
    }
    assert client.post(path(provider), data=data).status_code == 403
    assert (count(Decision), provider.status) == (0, "active")


def test_hostile_names_are_shown_as_typed(client: Client, moderator: Any) -> None:
    name = '<b>Fine & "Co"</b> {{ 7*7 }} %(x)s'
    provider = make_provider(name=name, status="suspended", note="<script>1</script>", search_text="fine")
    db.session.commit()
    assert name in client.page("/staff/providers/?q=fine").text
    page = client.page(path(provider))
    assert text_of(page.one("h2", id="item-title")) == name
    assert "<script>1</script>" in page.text
    assert client.page("/staff/providers/?q=%3Cb%3E%22").one("input", id="q").get("value") == '<b>"'


WARNING = "Warning about reviews"


def test_a_warning_shows_wherever_the_provider_does_until_it_is_taken_down(
    client: Client, moderator: Any
) -> None:
    provider = named("Casa")
    guide = make_listing(make_topic(), provider).topic.guides[0]
    db.session.commit()
    public = (
        f"/guides/mexico/{guide.stem}/",
        f"/guides/mexico/{guide.stem}/{provider.slug}/",
        f"/providers/{provider.slug}/",
    )
    before = [client.get(address).headers["ETag"] for address in public]
    assert not any(WARNING in client.page(address).text for address in public)
    assert f"{path(provider)}?move=warn" in client.page(path(provider)).links()
    warn = f"{path(provider)}?move=warn"
    page = client.page(warn)
    assert buttons(page) == {"draft", "warn"}
    assert [field.get("value") for field in page.all("input", name="ground")] == ["faked_reviews"]
    assert path_of(press(client, warn, "warn", ground="faked_reviews", statement=STATEMENT)) == path(provider)
    let_decisions_take_effect()
    assert [WARNING in client.page(address).text for address in public] == [True] * 3
    assert not set(before) & {client.get(address).headers["ETag"] for address in public}
    page = client.page(path(provider))
    assert "Warned by Mod <Seven>" in page.text
    assert "shown since 23 November 2026" in page.text
    clear = f"{path(provider)}?move=clear"
    assert path_of(press(client, clear, "clear", ground="unfounded", statement=STATEMENT)) == path(provider)
    let_decisions_take_effect()
    assert not any(WARNING in client.page(address).text for address in public)


def test_a_warning_can_be_undone(client: Client, moderator: Any) -> None:
    provider = named("Casa")
    press(client, f"{path(provider)}?move=warn", "warn", ground="faked_reviews", statement=STATEMENT)
    assert path_of(client.submit("/staff/undo/", on=path(provider))) == path(provider)
    let_decisions_take_effect()
    assert provider.warned_at is None


def test_only_faked_reviews_are_a_ground_to_warn_and_what_was_typed_stays(
    client: Client, moderator: Any
) -> None:
    provider = named("Casa")
    address = f"{path(provider)}?move=warn"
    page = shown(press(client, address, "warn", ground="unlawful", statement=STATEMENT), 422)
    assert "Choose a ground" in page.text
    assert text_of(page.one("textarea", name="statement")) == STATEMENT
    assert buttons(page) == {"draft", "warn"}
    assert count(Decision) == 0


@pytest.mark.parametrize("asked", ["clear", "burn", "publish", ""])
def test_a_move_that_is_not_open_asks_for_the_usual_one(client: Client, moderator: Any, asked: str) -> None:
    provider = named("Casa")
    assert buttons(client.page(f"{path(provider)}?move={asked}")) == {"draft", "suspend"}


def test_the_members_see_the_warning_on_their_desk(new_client: Callable[[], Client], app: Flask) -> None:
    member = make_user()
    provider = make_provider(member, warned_at=NOON)
    db.session.commit()
    client = new_client()
    sign_in(client, member)
    page = client.page(f"/manage/{provider.slug}/")
    assert "Your page shows a warning" in page.text
