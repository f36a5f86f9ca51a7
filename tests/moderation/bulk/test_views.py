from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.listings.models import ListingEdit
from marketplace.moderation.bulk.offers import OFFER_KINDS
from marketplace.moderation.decisions.services import EFFECT_TASK
from marketplace.moderation.models import Decision
from tests.clients import Client, path_of
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.desk import count
from tests.moderation.waiting import waiting_edit
from tests.pages import Page, text_of

SPAM = "/staff/spam/"


@pytest.fixture
def flood(app: Flask) -> list[Any]:
    topic = make_topic()
    reviews = [
        make_review(
            make_listing(topic, make_provider(name=f"Casa <{number}>")),
            status="pending",
            published_at=None,
            network="n" * 64,
            risk=70,
        )
        for number in range(3)
    ]
    db.session.commit()
    return reviews


def values_of(page: Page) -> list[str]:
    return [box.get("value", "") for box in page.all("input", name="review")]


def test_what_looks_like_a_campaign_stands_together_unticked(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    page = client.page(SPAM)
    assert "3 reviews: same network" in page.text
    assert "High risk" in page.text
    assert values_of(page) == [f"{review.id}-1" for review in flood]
    assert not [box for box in page.all("input", name="review") if box.get("checked") is not None]
    assert page.one("input", name="ground", value="spam").get("checked") is not None
    assert "n" * 64 not in page.text
    assert client.page("/es" + SPAM).one("html").get("lang") == "es"


def test_nothing_suspicious_is_said(client: Client, moderator: Any) -> None:
    assert "Nothing looks like a campaign" in client.page(SPAM).text


def test_what_is_ticked_is_rejected_and_can_be_undone_at_once(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    picked = values_of(client.page(SPAM))[:2]
    response = client.submit(SPAM, {"review": picked, "ground": "same_text"})
    assert path_of(response) == SPAM
    page = client.page(SPAM)
    assert "2 reviews rejected." in page.text
    assert "Undo all" in text_of(page.one(class_="undo"))
    assert not values_of(page), "one alone is no campaign"
    assert path_of(client.submit("/staff/undo/", on=SPAM)) == SPAM
    page = client.page(SPAM)
    assert "Undone. They are all waiting again, and nobody will be told" in page.text
    assert len(values_of(page)) == 3
    client.submit(SPAM, {"review": picked, "ground": "same_text"})
    let_decisions_take_effect()
    assert [review.status for review in flood] == ["rejected", "rejected", "pending"]


def test_of_many_undos_those_that_cannot_be_are_named(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    client.submit(SPAM, {"review": values_of(client.page(SPAM))})
    begun = db.session.scalars(select(Job).where(Job.task == EFFECT_TASK).order_by(Job.id.desc())).first()
    assert begun is not None
    begun.state = "working"
    db.session.commit()
    response = client.submit("/staff/undo/", on=SPAM)
    assert response.status_code == 409
    page = Page(response.text)
    assert "2 decisions were undone. These decisions still stand:" in page.text
    assert "Review of Casa <2>" in page.text
    assert "It is too late to undo it" in page.text
    states = db.session.scalars(
        select(Decision.state).where(Decision.action == "reject").order_by(Decision.id)
    )
    assert states.all() == ["undone", "undone", "pending"]


def test_what_changed_meanwhile_is_left_out_and_named(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    page = client.page(SPAM)
    token = page.one("input", name="csrf_token").get("value", "")
    picked = values_of(page)
    flood[1].version += 1
    db.session.commit()
    response = client.post(SPAM, data={"csrf_token": token, "review": picked, "ground": "spam"})
    assert response.status_code == 302
    page = client.page(SPAM)
    assert f"One was left out: Review of Casa <1> ({flood[1].id}), changed in the meantime" in page.text
    let_decisions_take_effect()
    assert [review.status for review in flood] == ["rejected", "pending", "rejected"]


def test_nothing_ticked_or_another_ground_comes_back_with_the_ticks(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    response = client.submit(SPAM, {"review": []})
    assert response.status_code == 422
    assert "Tick at least one" in response.text
    picked = values_of(client.page(SPAM))[:1]
    response = client.submit(SPAM, {"review": picked, "ground": "burn"})
    assert response.status_code == 422
    assert "Choose a ground" in response.text
    ticked = Page(response.text).all("input", name="review", checked="")
    assert [box.get("value") for box in ticked] == picked
    assert count(Decision) == 0


@pytest.mark.parametrize("pick", ["x", "1", "1-", "-1", "1-x", "9999999999-1"])
def test_a_tick_that_the_page_has_not_is_not_found(
    client: Client, moderator: Any, flood: list[Any], pick: str
) -> None:
    token = client.page(SPAM).one("input", name="csrf_token").get("value", "")
    data = {"csrf_token": token, "review": [pick], "ground": "spam"}
    assert client.post(SPAM, data=data).status_code == 404
    assert count(Decision) == 0


def test_a_stale_page_keeps_the_ticks(client: Client, moderator: Any, flood: list[Any]) -> None:
    picked = values_of(client.page(SPAM))[:1]
    response = client.post(SPAM, data={"csrf_token": "old", "review": picked, "ground": "spam"})
    assert response.status_code == 422
    assert "open for too long" in response.text
    assert len(Page(response.text).all("input", name="review", checked="")) == 1


def test_strangers_do_not_find_it(new_client: Callable[[], Client], app: Flask) -> None:
    member = make_user()
    db.session.commit()
    signed_in = new_client()
    sign_in(signed_in, member)
    assert signed_in.get(SPAM).status_code == 404
    assert signed_in.post(SPAM, data={"review": "1-1"}).status_code == 404


def test_what_is_no_spam_leaves_the_page_and_waits_on(
    client: Client, moderator: Any, flood: list[Any]
) -> None:
    picked = values_of(client.page(SPAM))
    client.submit(SPAM, {"review": picked, "do": "clear"})
    page = client.page(SPAM)
    assert "3 reviews are no spam" in page.text
    assert "Nothing looks like a campaign" in page.text
    assert {review.status for review in flood} == {"pending"}
    assert count(Decision) == 0


def test_the_listings_of_a_provider_are_decided_on_together(
    client: Client, moderator: Any, app: Flask, count_queries: CountQueries
) -> None:
    provider = make_provider(make_user(language="es"), name="Casa <1>")
    waits = {"status": "pending", "published_at": None, "submitted_at": NOON}
    new = [make_listing(make_topic(), provider, **waits) for _ in range(3)]
    edit = waiting_edit(provider.members[0].user)
    edit.listing.provider_id = provider.id
    make_listing(make_topic(), **waits)
    db.session.commit()
    address = f"/staff/providers/{provider.id}/listings/"
    assert address in client.page(f"/staff/queue/listing/{new[0].id}/").links()
    with count_queries(app) as statements:
        page = client.page(address)
    assert len(statements) <= 10
    ticks = {kind: [box.get("value", "") for box in page.all("input", name=kind)] for kind in OFFER_KINDS}
    assert [len(values) for values in ticks.values()] == [3, 1]
    assert client.submit(address, {**ticks, "action": ""}).status_code == 422
    assert client.submit(address, {**ticks, "action": "reject", "ground": "spam"}).status_code == 422
    two = {"listing": ticks["listing"][:2], "action": "reject", "ground": "incomplete"}
    assert path_of(client.submit(address, two)) == address
    client.submit(
        address, {"listing": ticks["listing"], "listing_edit": ticks["listing_edit"], "action": "publish"}
    )
    told = text_of(client.page(address).one(class_="undo"))
    assert "2 published. We’ll email those concerned." in told
    assert path_of(client.submit("/staff/undo/", on=address)) == address
    client.submit(
        address, {"listing": ticks["listing"], "listing_edit": ticks["listing_edit"], "action": "publish"}
    )
    let_decisions_take_effect()
    assert [row.status for row in new] == ["rejected", "rejected", "published"]
    assert new[0].note != ""
    assert count(ListingEdit) == 0
    assert "No listing of this provider is waiting" in client.page(address).text
    client.page("/staff/providers/99999/listings/", 404)


def test_what_a_rule_forbids_to_publish_is_left_out_by_name(
    client: Client, moderator: Any, app: Flask
) -> None:
    provider = make_provider(make_user(), name="Casa", trader="unknown")
    listing = make_listing(make_topic(), provider, status="pending", published_at=None, submitted_at=NOON)
    db.session.commit()
    address = f"/staff/providers/{provider.id}/listings/"
    client.submit(address, {"listing": [f"{listing.id}-1"], "action": "publish"})
    told = client.page(address).text
    assert f"Listing by Casa ({listing.id}), its provider has not said who is behind it" in told
    assert listing.status == "pending"
