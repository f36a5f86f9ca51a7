from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from marketplace.extensions import db
from marketplace.moderation.models import Appeal
from marketplace.reviews.models import Review
from tests.clients import Client
from tests.factories import make_user, sign_in
from tests.moderation.test_appeals import TEXT, rejected
from tests.pages import Page


def address(review: Review) -> str:
    return f"/account/appeals/review/{review.id}/"


def test_an_author_appeals_and_another_moderator_decides(
    app: Flask, client: Client, mailbox: Callable[[], list[EmailMessage]]
) -> None:
    review, second = rejected(), make_user("moderator")
    author = review.user
    assert author is not None
    db.session.commit()
    mails = [message.get_body(("plain",)).get_content() for message in mailbox()]  # type: ignore[union-attr]
    assert any(address(review) in text for text in mails)
    sign_in(client, author)
    assert address(review) in client.page("/account/reviews/").links()
    response = client.submit(address(review), {"text": "No."})
    assert response.status_code == 422
    assert "at least 30 characters" in response.get_data(as_text=True)
    assert client.submit(address(review), {"text": TEXT}).status_code == 303
    assert (
        "appealed against this decision already"
        in Page(client.get(address(review)).get_data(as_text=True)).text
    )
    made = db.session.scalars(select(Appeal)).one()
    sign_in(client, second)
    page = client.page(f"/staff/queue/appeal/{made.id}/")
    assert TEXT in page.text
    given = {"ground": "our_mistake", "statement": "It is about this office, as we see now."}
    path = f"/staff/queue/appeal/{made.id}/"
    assert client.submit(path, {**given, "do": "uphold"}).status_code in (302, 303)
    db.session.expire_all()
    assert (review.status, made.status) == ("published", "upheld")
    told = {message["Subject"] for message in mailbox() if message["To"] == author.email}
    assert any("is upheld" in subject for subject in told)


def test_a_stranger_finds_nothing(client: Client) -> None:
    review = rejected()
    db.session.commit()
    sign_in(client, make_user())
    db.session.commit()
    assert client.get(address(review)).status_code == 404
    assert client.get("/account/appeals/nothing/1/").status_code == 404
