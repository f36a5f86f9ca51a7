from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.moderation.decisions.effects import lapse
from marketplace.moderation.decisions.services import decide
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review
from tests.clients import Client, path_of
from tests.clock import FrozenClock
from tests.factories import NOON, make_user, sign_in
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.decisions.test_undoing import choose
from tests.moderation.desk import hidden_fields, path, press, shown
from tests.moderation.waiting import STATEMENT, waiting_edit, waiting_review, waiting_review_edit
from tests.pages import Page, text_of

pytestmark = pytest.mark.slow

UNDO = "/staff/undo/"
READ = "/staff/decisions/read/"


def status_of(review: Review) -> str:
    db.session.refresh(review)
    return review.status


def test_after_a_decision_a_button_takes_it_back(client: Client, moderator: Any) -> None:
    review = waiting_review()
    page = client.page(path_of(press(client, path("review", review), "publish")))
    bar = page.one(class_="undo")
    assert text_of(bar).startswith(
        "Published. We’ll email the people this affects. You can undo this for 10 seconds."
    )
    assert page.one("button", **{"data-key": "z"}) is not None
    assert bar.get("data-undo") == "10"
    page = client.page(f"/staff/queue/review/{review.id}/")
    assert "Published. It takes effect in a few seconds; until then it can be undone." in page.text
    assert status_of(review) == "pending"
    response = client.submit(UNDO, on="/staff/")
    assert path_of(response) == f"/staff/queue/review/{review.id}/"
    assert status_of(review) == "pending"
    page = client.page(path_of(response))
    assert "Undone. It is as it was before, and nobody will be told." in page.text
    assert "Undone by Mod <Seven>" in page.text
    assert not page.all(class_="undo")


def test_the_button_stays_while_the_moderator_looks_around(
    client: Client, moderator: Any, clock: FrozenClock
) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    clock.advance(timedelta(seconds=4))
    for address in ("/staff/", "/staff/decisions/", "/staff/providers/", "/staff/spam/"):
        page = client.page(address)
        assert page.one(class_="undo").get("data-undo") == "6"
    clock.advance(timedelta(seconds=11))
    assert not client.page("/staff/").all(class_="undo")


def test_a_late_press_is_answered_in_words(client: Client, moderator: Any, clock: FrozenClock) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    page = client.page("/staff/")
    fields = {element.get("name", ""): element.get("value", "") for element in page.form(UNDO).iter("input")}
    clock.advance(timedelta(seconds=15))
    response = client.post(UNDO, data=fields)
    assert response.status_code == 409
    late = Page(response.get_data(as_text=True))
    assert "It is too late to undo it" in late.text
    assert f"/staff/queue/review/{review.id}/" in late.links()
    let_decisions_take_effect()
    assert status_of(review) == "published"


def test_a_second_press_says_that_it_is_undone_already(client: Client, moderator: Any) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    fields = {
        element.get("name", ""): element.get("value", "")
        for element in client.page("/staff/").form(UNDO).iter("input")
    }
    assert client.post(UNDO, data=fields).status_code == 302
    again = client.post(UNDO, data=fields)
    assert again.status_code == 409
    assert "It has already been undone." in again.text


def test_the_decisions_offer_it_too_and_tell_what_was_undone(client: Client, moderator: Any) -> None:
    edit, review = waiting_edit(), waiting_review()
    listing_id = edit.listing_id
    db.session.commit()
    press(client, path("listing_edit", edit), "publish")
    press(client, path("review", review), "publish")
    first, last = db.session.scalars(select(Decision.id).order_by(Decision.id))
    page = client.page("/staff/decisions/")
    bar, row = page.all("form", action=UNDO)
    asked = [
        {field.get("name", ""): field.get("value", "") for field in form.iter("input")} for form in (bar, row)
    ]
    assert [data["decision"] for data in asked] == [str(last), str(first)]
    assert page.text.count("takes effect in a few seconds") == 2
    assert path_of(client.post(UNDO, data=asked[1])) == f"/staff/queue/listing_edit/{listing_id}/"
    page = client.page("/staff/decisions/")
    assert "undone later" in page.text
    assert [box.get("value") for box in page.all("input", name="decision")] == [str(last)]


def test_another_moderator_s_decision_is_not_found(client: Client, moderator: Any) -> None:
    mine, theirs = waiting_review(), waiting_review()
    other = make_user("moderator")
    db.session.commit()
    decision = decide("review", theirs.id, actor=other, action="publish", version=1, now=NOON)
    db.session.commit()
    press(client, path("review", mine), "publish")
    token = client.page("/staff/").form(UNDO).find(".//input[@name='csrf_token']")
    assert token is not None
    data = {"csrf_token": token.get("value", ""), "decision": str(decision.id)}
    assert client.post(UNDO, data=data).status_code == 404
    let_decisions_take_effect()
    assert status_of(theirs) == "published"
    assert not client.page("/staff/decisions/").all("input", name="decision", value=str(decision.id))


def test_the_decisions_tell_what_lapsed(client: Client, moderator: Any) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    review.version += 1
    db.session.commit()
    let_decisions_take_effect()
    assert "did not take effect" in client.page("/staff/decisions/").text
    assert (
        f"/staff/queue/review/{review.id}/" in client.page("/staff/").links()
        or review.text in client.page("/staff/").text
    )


def lapsed(actor: Any) -> Decision:
    decision = decide("review", waiting_review().id, actor=actor, action="publish", version=1, now=NOON)
    lapse(decision, NOON)
    db.session.commit()
    return decision


def test_a_decision_without_effect_is_told_until_its_moderator_has_seen_it(
    client: Client, moderator: Any
) -> None:
    decision = lapsed(moderator)
    told, unread = "One of your decisions did not take effect.", "/staff/decisions/?show=unread"
    page = client.page("/staff/")
    assert told in page.text
    assert unread in page.links()
    assert "Una de tus decisiones no surtió efecto." in client.page("/es/staff/").text
    page = client.page(unread)
    assert told not in page.text
    assert f"/staff/queue/review/{decision.subject_id}/" in page.links()
    assert path_of(client.post(READ, data=hidden_fields(page, READ))) == "/staff/"
    assert told not in client.page("/staff/").text
    assert "All your decisions took effect" in client.page(unread).text
    assert client.get("/staff/decisions/?show=x").status_code == 404


def test_one_moderator_does_not_read_for_another(client: Client, moderator: Any) -> None:
    lapsed(moderator)
    theirs = lapsed(make_user("moderator"))
    page = client.page("/staff/decisions/?show=unread")
    assert f"/staff/queue/review/{theirs.subject_id}/" not in page.links()
    client.post(READ, data={**hidden_fields(page, READ), "decision": str(theirs.id)})
    db.session.refresh(theirs)
    assert theirs.is_unread


def test_a_stale_page_marks_nothing_as_read(client: Client, moderator: Any) -> None:
    decision = lapsed(moderator)
    response = client.post(READ, data={"decision": str(decision.id), "csrf_token": "old"})
    assert "open for too long" in client.page(path_of(response)).text
    db.session.refresh(decision)
    assert decision.is_unread


@pytest.mark.parametrize("decision", ["", "x", "-1", "9" * 12])
def test_nonsense_is_not_found(client: Client, moderator: Any, decision: str) -> None:
    assert client.post(UNDO, data={"decision": decision}).status_code == 404
    assert client.post(UNDO).status_code == 404


def test_a_stale_page_undoes_nothing_and_says_so(client: Client, moderator: Any) -> None:
    review = waiting_review()
    press(client, path("review", review), "publish")
    number = client.page("/staff/").one("input", name="decision").get("value", "")
    response = client.post(UNDO, data={"decision": number, "csrf_token": "old"})
    assert "open for too long" in client.page(path_of(response)).text
    let_decisions_take_effect()
    assert status_of(review) == "published"


def test_strangers_undo_nothing(new_client: Callable[[], Client], app: Flask) -> None:
    member = make_user()
    db.session.commit()
    signed_in = new_client()
    sign_in(signed_in, member)
    assert signed_in.post(UNDO, data={"decision": "1"}).status_code == 404
    assert new_client().post(UNDO, data={"decision": "1"}).status_code in (401, 403, 404)


def test_what_another_decision_is_about_to_change_is_decided_later(client: Client, moderator: Any) -> None:
    edit = waiting_review_edit()
    review, address = edit.review, path("review", edit.review)
    page = client.page(address)
    sent = {**hidden_fields(page, address), "do": "hide", "ground": "own_or_rival", "statement": STATEMENT}
    choose("review_edit", edit, "publish", make_user("moderator"))
    conflict = shown(client.post(address, data=sent), 409)
    assert "Another decision comes first" in conflict.text
    assert text_of(conflict.one("textarea", name="statement")) == STATEMENT
    assert status_of(review) == "published"


def test_an_admin_is_offered_to_stop_the_decision_of_another(
    new_client: Callable[[], Client], app: Flask
) -> None:
    decision = choose("review", waiting_review(), "publish", make_user("moderator"))
    admin, client = make_user("admin"), new_client()
    db.session.commit()
    sign_in(client, admin)
    page = client.page("/staff/decisions/")
    assert page.all("input", name="decision", value=str(decision.id))
    client.post(UNDO, data=hidden_fields(page, UNDO))
    db.session.refresh(decision)
    assert (decision.state, decision.is_unread) == ("undone", True)
