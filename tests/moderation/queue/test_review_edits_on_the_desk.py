"""Edits of reviews and personal data, as a moderator meets them on the desk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.moderation.models import Decision
from marketplace.reviews.models import Review
from marketplace.reviews.writing.edits import drop_edit, edit_review
from marketplace.reviews.writing.versions import content_of, keep_version
from tests.clients import Client
from tests.factories import NOON, make_user
from tests.moderation.deciding import let_decisions_take_effect
from tests.moderation.desk import count, hidden_fields, path, shown
from tests.moderation.waiting import NEW_TEXT, STATEMENT, waiting_review, waiting_review_edit
from tests.pages import text_of

pytestmark = pytest.mark.slow

WITH_NUMBER = "Mr Smith lost my papers, NIE X1234567L, and never called back."
NAME, NUMBER = "text-3-8", "text-29-38"


def test_an_edit_is_read_word_by_word_and_published(client: Client, moderator: Any) -> None:
    edit = waiting_review_edit(make_user(name="Ottilie <B>"), rating=2)
    keep_version(edit.review, cause="edited", now=NOON)
    db.session.commit()
    address = path("review_edit", edit)
    page = client.page(address)
    assert "Change to a review of" in page.title
    assert next(text_of(part) for part in page.all("del")) == "5"
    assert next(text_of(part) for part in page.all("ins")) == "2"
    assert "Ottilie <B>" in page.text
    assert "One earlier version" in page.text
    assert not page.all("input", name="cover")
    response = client.post(address, data={**hidden_fields(page, address), "do": "publish"})
    assert response.status_code == 302
    let_decisions_take_effect()
    assert db.session.scalars(select(Review.text)).one() == NEW_TEXT
    listed = client.page("/staff/decisions/")
    assert "Change to a review of" in listed.text
    assert any(link.startswith("/staff/queue/review/") for link in listed.links())


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_an_edit_meanwhile_shows_the_difference_and_decides_nothing(
    client: Client, moderator: Any, kind: str
) -> None:
    row = (waiting_review if kind == "review" else waiting_review_edit)(
        text="Words that I saw, and no others."
    )
    review = row if isinstance(row, Review) else row.review
    db.session.commit()
    address = path(kind, row)
    fields = hidden_fields(client.page(address), address)
    author = db.session.get_one(User, review.user_id)
    edit_review(
        review, replace(content_of(row), text="Words that I changed, and no others."), author=author, now=NOON
    )
    db.session.commit()
    data = {**fields, "do": "reject", "ground": "same_text", "statement": STATEMENT}
    conflict = shown(client.post(address, data=data), 409)
    box = conflict.one(class_="error-summary")
    assert "It was changed after you opened it" in text_of(box)
    assert [text_of(part) for part in box.iter("del")] == ["saw"]
    assert [text_of(part) for part in box.iter("ins")] == ["changed"]
    assert text_of(conflict.one("textarea", name="statement")) == STATEMENT
    assert count(Decision) == 0
    assert client.post(address, data={**data, **hidden_fields(conflict, address)}).status_code == 302


def test_an_edit_taken_back_meanwhile_is_said_to_be(client: Client, moderator: Any) -> None:
    edit = waiting_review_edit()
    address = path("review_edit", edit)
    fields = hidden_fields(client.page(address), address)
    drop_edit(edit.review, actor=db.session.get_one(User, edit.review.user_id))
    db.session.commit()
    data = {**fields, "do": "reject", "ground": "same_text", "statement": STATEMENT}
    page = shown(client.post(address, data=data), 409)
    assert "It was withdrawn" in page.text
    assert STATEMENT in page.text
    assert count(Decision) == 0
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_what_was_found_is_marked_ticked_and_covered_on_publishing(
    client: Client, moderator: Any, kind: str
) -> None:
    row = (waiting_review if kind == "review" else waiting_review_edit)(text=WITH_NUMBER)
    review = row if isinstance(row, Review) else row.review
    db.session.commit()
    address = path(kind, row)
    page = client.page(address)
    assert [text_of(part) for part in page.all("mark")] == ["Smith", "X1234567L"]
    boxes = page.all("input", name="cover")
    assert [(box.get("value"), box.get("checked") is not None) for box in boxes] == [
        (NAME, True),
        (NUMBER, True),
    ]
    assert "identity or tax number" in page.text
    data = {**hidden_fields(page, address), "do": "publish", "cover": [NAME, NUMBER]}
    assert client.post(address, data=data).status_code == 302
    let_decisions_take_effect()
    assert review.text == "Mr ▇▇▇▇ lost my papers, NIE ▇▇▇▇, and never called back."
    published = client.page(path("review", review))
    assert "before a moderator covered personal data" in published.text
    assert WITH_NUMBER in published.text


def test_what_is_neither_covered_nor_left_is_asked_for_again(client: Client, moderator: Any) -> None:
    review = waiting_review(text=WITH_NUMBER)
    address = path("review", review)
    data = {**hidden_fields(client.page(address), address), "do": "publish", "cover": NUMBER}
    page = shown(client.post(address, data=data), 422)
    assert "Cover what was found, or confirm that the rest can stay" in page.text
    boxes = {box.get("value"): box.get("checked") is not None for box in page.all("input", name="cover")}
    assert boxes == {NAME: False, NUMBER: True}
    assert (count(Decision), review.text) == (0, WITH_NUMBER)
    assert client.post(address, data={**data, "leaves_rest": "y"}).status_code == 302
    let_decisions_take_effect()
    assert review.text == WITH_NUMBER.replace("X1234567L", "▇▇▇▇")


def test_made_up_places_cover_nothing(client: Client, moderator: Any) -> None:
    review = waiting_review(text=WITH_NUMBER)
    address = path("review", review)
    for made_up in ("text-0-62", "<script>", "note-0-5"):
        fields = hidden_fields(client.page(address), address)
        data = {**fields, "do": "publish", "cover": [NAME, NUMBER, made_up], "leaves_rest": "y"}
        assert client.post(address, data=data).status_code == 422
    assert (count(Decision), review.text) == (0, WITH_NUMBER)


def test_a_rejection_needs_no_word_about_it(client: Client, moderator: Any) -> None:
    review = waiting_review(text=WITH_NUMBER)
    address = path("review", review)
    fields = hidden_fields(client.page(address), address)
    data = {**fields, "do": "reject", "ground": "insult_or_private_data", "statement": STATEMENT}
    assert client.post(address, data=data).status_code == 302
    assert review.text == WITH_NUMBER


def test_after_a_change_all_that_is_found_in_the_new_text_is_ticked(client: Client, moderator: Any) -> None:
    review = waiting_review(text=WITH_NUMBER)
    address = path("review", review)
    fields = hidden_fields(client.page(address), address)
    author = db.session.get_one(User, review.user_id)
    draft = replace(content_of(review), text="At last Mrs Vega found my papers after all.")
    edit_review(review, draft, author=author, now=NOON)
    db.session.commit()
    page = shown(client.post(address, data={**fields, "do": "publish", "cover": [NAME, NUMBER]}), 409)
    boxes = page.all("input", name="cover")
    assert [(box.get("value"), box.get("checked") is not None) for box in boxes] == [("text-12-16", True)]


def test_the_edit_of_a_hidden_review_is_said_to_stay_hidden(client: Client, moderator: Any) -> None:
    edit = waiting_review_edit()
    edit.review.status = "hidden"
    db.session.commit()
    assert "the review stays hidden" in client.page(path("review_edit", edit)).text
    assert client.page("/es" + path("review_edit", edit)).one("html").get("lang") == "es"
