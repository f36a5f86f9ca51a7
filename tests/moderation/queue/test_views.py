from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job
from marketplace.listings.models import ListingEdit
from marketplace.moderation.decisions.grounds import draft_statement
from marketplace.moderation.decisions.registry import find_ground
from marketplace.moderation.models import Decision
from marketplace.providers.models import Provider
from tests.clients import Client, path_of
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user, sign_in
from tests.moderation.deciding import GROUNDS, let_decisions_take_effect, move
from tests.moderation.desk import count, hidden_fields, path, press, shown
from tests.moderation.waiting import (
    MAKERS,
    STATEMENT,
    TO_PUBLISH,
    wait_longer,
    waiting_edit,
    waiting_listing,
    waiting_profile,
    waiting_provider,
    waiting_review,
)
from tests.pages import text_of
from tests.reviews.proving import make_proof


def test_an_empty_queue_says_so(client: Client, moderator: Any) -> None:
    page = client.page("/staff/")
    assert "Nothing is waiting" in page.text
    assert "Signed in as Mod <Seven>" in page.text


def test_the_queue_opens_the_oldest_and_lists_the_rest(client: Client, moderator: Any) -> None:
    for hours, (kind, make) in enumerate(MAKERS.items()):
        row = make()
        wait_longer(row, hours * 20)
        last = (kind, row)
    db.session.commit()
    page = client.page("/staff/")
    assert f"{len(MAKERS)} items are waiting." in page.text
    assert f"The oldest: waiting {hours * 20 // 24} days." in page.text
    assert page.form(path(*last)) is not None
    assert len(page.all("div", class_="queue-row")) == len(MAKERS) - 1
    assert f"{len(MAKERS)} waiting" in text_of(page.one("a", aria_current="page", href="/staff/"))


def test_a_long_queue_has_pages(client: Client, moderator: Any) -> None:
    topic = make_topic()
    for _ in range(23):
        make_review(make_listing(topic), status="pending", published_at=None)
    db.session.commit()
    first = client.page("/staff/")
    later = next(link for link in first.links() if "after=" in link)
    second = client.page(later)
    assert len(first.all("div", class_="queue-row")) == 19
    assert len(second.all("div", class_="queue-row")) == 2
    past = later.split("after=")[0] + "after=999999999-3-9999999999999999-review-1"
    assert path_of(client.get(past)) == "/staff/"
    assert client.get("/staff/?after=nonsense").status_code == 404


@pytest.mark.parametrize("kind", TO_PUBLISH)
def test_every_kind_can_be_read_and_published(client: Client, moderator: Any, kind: str) -> None:
    row = MAKERS[kind]()
    address = path(kind, row)
    page = client.page(address)
    assert "History" in page.text
    response = press(client, address, "publish")
    assert path_of(response) == "/staff/"
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.subject, decision.action, decision.actor_id) == (kind, "publish", moderator.id)
    assert "We’ll email" in client.page("/staff/").text


@pytest.mark.parametrize("kind", TO_PUBLISH)
def test_every_kind_can_be_rejected_with_a_reason(client: Client, moderator: Any, kind: str) -> None:
    row = MAKERS[kind]()
    ground = GROUNDS[kind][0].code
    response = press(client, path(kind, row), "reject", ground=ground, statement=STATEMENT)
    assert response.status_code == 302
    decision = db.session.scalars(select(Decision)).one()
    assert (decision.action, decision.ground, decision.statement) == ("reject", ground, STATEMENT)


def test_pages_speak_spanish(client: Client, moderator: Any) -> None:
    review = waiting_review()
    page = client.page("/es" + path("review", review))
    assert page.one("html").get("lang") == "es"
    assert page.form("/es" + path("review", review)) is not None


def test_after_a_decision_comes_the_next_item(client: Client, moderator: Any) -> None:
    rows = [waiting_review() for _ in range(3)]
    for hours, row in enumerate(rows):
        wait_longer(row, 30 - hours)
    db.session.commit()
    assert path_of(press(client, path("review", rows[1]), "publish")) == path("review", rows[2])
    assert path_of(press(client, path("review", rows[2]), "publish")) == path("review", rows[0])


def test_the_keys_know_the_neighbours(client: Client, moderator: Any) -> None:
    rows = [waiting_review() for _ in range(3)]
    for hours, row in enumerate(rows):
        wait_longer(row, 30 - hours)
    db.session.commit()
    item = client.page(path("review", rows[1])).one("article")
    assert (item.get("data-previous"), item.get("data-next")) == (
        path("review", rows[0]),
        path("review", rows[2]),
    )
    assert client.page(path("review", rows[2])).one("article").get("data-next") == ""


def test_a_proof_makes_the_review_count(client: Client, moderator: Any) -> None:
    review = waiting_review()
    make_proof(review, moderator)
    db.session.commit()
    press(client, path("review", review), "publish", documented="y")
    let_decisions_take_effect()
    assert (review.level, review.listing.review_count) == ("documented", 1)


def test_an_invited_review_counts_as_it_is_and_may_be_documented(client: Client, moderator: Any) -> None:
    review = waiting_review()
    review.level = "invited"
    db.session.commit()
    press(client, path("review", review), "publish")
    let_decisions_take_effect()
    assert (review.level, review.listing.review_count) == ("invited", 1)
    make_proof(review, moderator)
    db.session.commit()
    assert ("This review already counts") in client.page(path("review", review)).text
    press(client, path("review", review), "document")
    let_decisions_take_effect()
    assert review.level == "documented"


def test_a_proof_may_come_later(client: Client, moderator: Any) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    let_decisions_take_effect()
    make_proof(review, moderator)
    db.session.commit()
    page = client.page(path("review", review))
    assert ("This review is published as unverified") in page.text
    assert "Published by Mod <Seven>" in page.text
    press(client, path("review", review), "document")
    let_decisions_take_effect()
    assert review.level == "documented"
    buttons = client.page(path("review", review)).all("button", name="do")
    assert [button.get("value") for button in buttons] == ["draft", "hide"]


def test_a_review_is_hidden_and_shown_again(client: Client, moderator: Any) -> None:
    review = waiting_review(status="published")
    press(client, path("review", review), "hide", ground="own_or_rival", statement="You work for a rival.")
    let_decisions_take_effect()
    assert (review.status, review.note) == ("hidden", "You work for a rival.")
    press(
        client, path("review", review), "restore", ground="unfounded", statement="You do not, as we see now."
    )
    let_decisions_take_effect()
    assert (review.status, review.note) == ("published", "")
    assert "Shown again by" in client.page(path("review", review)).text


def test_a_draft_without_a_ground_asks_for_one(client: Client, moderator: Any) -> None:
    review = waiting_review()
    page = shown(press(client, path("review", review), "draft", statement="Typed already"), 422)
    assert "Choose a ground" in page.text
    assert text_of(page.one("textarea", name="statement")) == "Typed already"


def test_a_listing_points_to_its_waiting_provider(client: Client, moderator: Any) -> None:
    provider = waiting_provider()
    listing = make_listing(make_topic(), provider, status="pending", submitted_at=NOON)
    db.session.commit()
    address = path("listing", listing)
    assert path("provider", provider) in client.page(address).links()
    page = shown(press(client, address, "publish"), 422)
    assert "Decide on the provider first" in page.text
    assert path("provider", provider) in page.links()


def test_a_website_of_another_provider_is_explained(client: Client, moderator: Any) -> None:
    edit = waiting_profile(name="Another name", website="https://taken.example/")
    make_provider(name="Another name", website="https://taken.example/", host="taken.example")
    db.session.commit()
    page = shown(press(client, path("provider_edit", edit), "publish"), 422)
    assert "Another provider has this website and name" in page.text
    assert count(Decision) == 0


def test_one_s_own_is_for_another_moderator(client: Client, moderator: Any) -> None:
    edit = waiting_edit(moderator)
    review = waiting_review(owner=moderator)
    for kind, row in (("listing_edit", edit), ("review", review)):
        page = client.page(path(kind, row))
        assert "nother moderator must decide" in page.text
        assert not page.all("form", class_="decide")
        response = client.post(
            path(kind, row), data={"csrf_token": _token(client), "version": str(row.version), "do": "publish"}
        )
        assert response.status_code == 403
    assert count(Decision) == 0
    assert db.session.get(ListingEdit, edit.listing_id) is not None


def _token(client: Client) -> str:
    other = waiting_review()
    return client.page(path("review", other)).one("input", name="csrf_token").get("value", "")


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_nonsense_version_decides_nothing(client: Client, moderator: Any, version: str) -> None:
    review = waiting_review()
    response = press(client, path("review", review), "publish", version=version, read="[[")
    assert response.status_code in (409, 422)
    assert count(Decision) == 0


def test_a_nonsense_button_decides_nothing(client: Client, moderator: Any) -> None:
    review = waiting_review()
    assert press(client, path("review", review), "burn").status_code == 422
    assert press(client, path("review", review), "").status_code == 422
    assert count(Decision) == 0


@pytest.mark.parametrize("address", ["review/999/", "poem/1/", "review/99999999999/", "listing_edit/5/"])
def test_what_does_not_exist_is_not_found(client: Client, moderator: Any, address: str) -> None:
    assert client.get("/staff/queue/" + address).status_code == 404
    assert client.post("/staff/queue/" + address, data={"do": "publish"}).status_code == 404


def test_a_listing_that_never_waited_can_be_looked_at(client: Client, moderator: Any) -> None:
    listing = make_listing(make_topic(), submitted_at=None)
    db.session.commit()
    page = client.page(path("listing", listing))
    assert "not waiting" in page.text
    assert "Sent to the moderators" not in page.text


def test_strangers_do_not_find_the_desk(new_client: Callable[[], Client], app: Flask) -> None:
    member, review = make_user(), waiting_review()
    visitor, signed_in = new_client(), new_client()
    sign_in(signed_in, member)
    for address in ("/staff/", "/staff/decisions/", path("review", review)):
        assert path_of(visitor.get(address)).startswith("/account/sign-in/")
        assert signed_in.get(address).status_code == 404
    assert signed_in.post(path("review", review), data={"do": "publish", "version": "1"}).status_code == 404
    assert count(Decision) == 0


def test_the_decisions_are_listed_with_links(client: Client, moderator: Any) -> None:
    assert "No decisions have been made yet." in client.page("/staff/decisions/").text
    review, edit = path("review", waiting_review()), path("listing_edit", waiting_edit())
    press(client, review, "reject", ground="same_text", statement=STATEMENT)
    press(client, edit, "publish")
    page = client.page("/staff/decisions/")
    assert "Same text twice" in page.text
    assert review in page.links()
    assert edit not in page.links()
    assert "Mod <Seven>" in page.text
    assert "No decisions have been made yet." in client.page("/staff/decisions/?before=1").text
    assert client.get("/staff/decisions/?before=x").status_code == 404


def test_hostile_text_is_shown_as_typed(client: Client, moderator: Any) -> None:
    text = '</textarea><script>alert("1")</script> {{ 7*7 }} | **x** ‮ 👍 and more than thirty'
    review = waiting_review(make_user(name="<i>Ann</i>"), text=text)
    review.listing.provider.name = "<b>Fine & Co</b>"
    db.session.commit()
    page = client.page(path("review", review))
    assert text in page.text
    assert "<i>Ann</i>" in page.text
    assert "Review of <b>Fine & Co</b>" in page.text


def test_an_item_takes_few_queries_whatever_waits(
    client: Client, moderator: Any, app: Flask, count_queries: CountQueries
) -> None:
    topic = make_topic()
    for _ in range(15):
        make_review(make_listing(topic), status="pending", published_at=None)
    db.session.commit()
    with count_queries(app) as statements:
        client.get("/staff/")
    assert len(statements) <= 21


@pytest.mark.parametrize("kind", ["review", "listing", "provider"])
def test_publishing_takes_few_queries(
    client: Client, moderator: Any, app: Flask, count_queries: CountQueries, kind: str
) -> None:
    row = MAKERS[kind]()
    for _ in range(3):
        waiting_review()
    address = path(kind, row)
    fields = client.page(address).form(address).iter("input")
    hidden = {
        field.get("name", ""): field.get("value", "") for field in fields if field.get("type") == "hidden"
    }
    with count_queries(app) as statements:
        assert client.post(address, data={**hidden, "do": "publish"}).status_code == 302
    assert len(statements) <= 12


def settled(status: str = "active", **values: Any) -> Provider:
    """A provider that waits for nothing."""
    provider = make_provider(make_user(), status=status, **values)
    db.session.commit()
    return provider


def reasons(do: str, ground: str) -> dict[str, str]:
    return {"do": do, "ground": ground, "statement": STATEMENT}


@pytest.mark.parametrize(
    ("kind", "make", "code"), [("review", waiting_review, "same_text"), ("provider", settled, "unlawful")]
)
def test_a_statement_is_drafted_in_the_reader_s_language(
    client: Client, moderator: Any, kind: str, make: Any, code: str
) -> None:
    row = make()
    reader = row.user if kind == "review" else row.members[0].user
    reader.language = "es"
    db.session.commit()
    page = shown(press(client, path(kind, row), "draft", ground=code), 200)
    ground = find_ground(kind, code)
    assert ground is not None
    area, chosen = page.one("textarea", name="statement"), page.one("input", value=code)
    assert (text_of(area), area.get("lang")) == (draft_statement(ground, "es"), "es")
    assert chosen.get("checked") is not None
    assert chosen.get("data-draft") == draft_statement(ground, "es")
    assert count(Decision) == 0


@pytest.mark.parametrize(
    ("kind", "make", "action"),
    [
        ("review", waiting_review, "reject"),
        ("provider", settled, "suspend"),
        ("provider", partial(settled, "suspended"), "reinstate"),
    ],
)
def test_a_decision_without_reasons_comes_back_with_what_was_typed(
    client: Client, moderator: Any, kind: str, make: Any, action: str
) -> None:
    typed = {"statement": "Short", "documented": "y"} if kind == "review" else {"statement": "Short"}
    page = shown(press(client, path(kind, make()), action, **typed), 422)
    assert "There are 2 problems" in page.text
    assert "Choose a ground" in page.text
    assert text_of(page.one("textarea", name="statement")) == "Short"
    if kind == "review":
        assert page.one("input", name="documented").get("checked") is not None
    assert count(Decision) == 0


@pytest.mark.parametrize(
    ("kind", "make", "action", "ground"),
    [("review", waiting_review, "reject", "same_text"), ("provider", settled, "suspend", "unlawful")],
)
def test_a_stale_page_comes_back_with_the_statement(
    client: Client, moderator: Any, kind: str, make: Any, action: str, ground: str
) -> None:
    data = {"csrf_token": "old", "version": "1", **reasons(action, ground)}
    page = shown(client.post(path(kind, make()), data=data), 422)
    assert "open for too long" in page.text
    assert text_of(page.one("textarea", name="statement")) == STATEMENT
    assert page.one("input", value=ground).get("checked") is not None
    assert count(Decision) == 0


@pytest.mark.parametrize(
    ("kind", "make", "action", "ground", "change", "gone", "new"),
    [
        (
            "listing",
            partial(waiting_listing, service="We fill in the form and go with you."),
            *("reject", "wrong_topic"),
            {"service": "We fill in the form and <stay> with you.", "fee_min": 990000},
            ["go", "MX$4,200"],
            ["<stay>", "MX$9,900"],
        ),
        (
            "provider",
            partial(settled, description="We fill in forms."),
            *("suspend", "unlawful"),
            {"description": "We fill in <all> forms."},
            [],
            ["<all>"],
        ),
    ],
)
def test_a_change_meanwhile_is_shown_and_nothing_decided(
    client: Client,
    moderator: Any,
    kind: str,
    make: Any,
    action: str,
    ground: str,
    change: dict[str, Any],
    gone: list[str],
    new: list[str],
) -> None:
    row = make()
    address, status = path(kind, row), row.status
    data = {**hidden_fields(client.page(address), address), **reasons(action, ground)}
    for name, value in {**change, "version": 2}.items():
        setattr(row, name, value)
    db.session.commit()
    conflict = shown(client.post(address, data=data), 409)
    box = conflict.one(class_="error-summary")
    assert "It was changed after you opened it" in text_of(box)
    assert [text_of(part) for part in box.iter("del")] == gone
    assert [text_of(part) for part in box.iter("ins")] == new
    assert text_of(conflict.one("textarea", name="statement")) == STATEMENT
    assert conflict.one("input", value=ground).get("checked") is not None
    assert (count(Decision), row.status) == (0, status)
    assert client.post(address, data={**data, **hidden_fields(conflict, address)}).status_code == 302


@pytest.mark.parametrize(
    ("kind", "make", "first", "action", "ground"),
    [
        ("review", waiting_review, ("publish",), "reject", "not_own_experience"),
        ("listing_edit", waiting_edit, ("publish",), "reject", "wrong_topic"),
        ("provider", waiting_provider, ("publish",), "reject", "website_broken"),
        ("provider", settled, ("suspend", "unlawful"), "suspend", "faked_reviews"),
    ],
)
def test_who_comes_second_keeps_the_statement_and_sends_no_mail(
    client: Client,
    moderator: Any,
    kind: str,
    make: Any,
    first: tuple[str, ...],
    action: str,
    ground: str,
) -> None:
    row = make()
    address = path(kind, row)
    data = {**hidden_fields(client.page(address), address), **reasons(action, ground)}
    move(kind, row, *first)
    before = count(Job)
    conflict = shown(client.post(address, data=data), 409)
    assert "Someone else decided first" in conflict.text
    assert STATEMENT in [text_of(quote) for quote in conflict.all("blockquote")]
    assert (count(Job), count(Decision)) == (before, 1)
    if kind == "provider":  # the form is of what can be decided now
        assert text_of(conflict.one("textarea", name="statement")) == ""
        offered = {button.get("value") for button in conflict.all("button", name="do")}
        assert offered == {"draft", "reinstate" if first[0] == "suspend" else "suspend"}
