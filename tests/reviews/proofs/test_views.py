from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.services import proofs_of
from tests.clients import Client, path_of
from tests.factories import make_user, sign_in
from tests.moderation.waiting import waiting_review
from tests.pages import shown
from tests.reviews.proving import PDF, instance, make_proof, picture


@pytest.fixture
def review(app: Flask, client: Client) -> Review:
    author = make_user()
    review = waiting_review(author)
    db.session.commit()
    sign_in(client, author)
    return review


def address(review: Review) -> str:
    return f"/account/reviews/{review.id}/proof/"


def send(client: Client, review: Review, *files: tuple[str, bytes]) -> Any:
    token = client.token(address(review))
    data = {"csrf_token": token, "files": [(BytesIO(content), name) for name, content in files]}
    return client.post(address(review), data=data, content_type="multipart/form-data")


def test_an_author_sends_a_proof_and_takes_it_back(client: Client, review: Review) -> None:
    assert address(review) in client.page("/account/reviews/").links()
    assert "Only moderators see it" in client.page(address(review)).text
    assert path_of(send(client, review, ("a.png", picture()), ("b.pdf", PDF))) == address(review)
    assert "We received 2 files" in client.page(address(review)).text
    proof = proofs_of(review.id)[0]
    client.submit(f"{address(review)}{proof.id}/remove/", on=address(review))
    db.session.expire_all()
    assert len(proofs_of(review.id)) == 1


def test_what_is_refused_is_named_and_the_others_are_kept(client: Client, review: Review) -> None:
    send(client, review, ("<b>bill</b>.pdf", b"MZ\x90" + b"\0" * 99), ("a.png", picture()))
    page = client.page(address(review))
    assert "<b>bill</b>.pdf: This is not a PDF" in page.text
    assert len(proofs_of(review.id)) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (b"\xff\xd8\xff" + b"0" * (6 * 1024 * 1024), "larger than 5 MB"),
        (b"<html>", "This is not a PDF or a type of picture we accept"),
    ],
)
def test_a_wrong_file_keeps_nothing_and_says_why(
    client: Client, review: Review, content: bytes, words: str
) -> None:
    assert words in shown(send(client, review, ("../../a.jpg", content)), 422).text
    assert not (instance() / "proofs").exists()


def test_nothing_chosen_says_so(client: Client, review: Review) -> None:
    assert "Choose at least one file" in shown(send(client, review), 422).html


def test_far_too_much_is_refused_unread(client: Client, review: Review) -> None:
    response = send(client, review, ("a.jpg", b"0" * (16 * 1024 * 1024)))
    assert "You uploaded too much at once, so nothing was saved" in shown(response, 413).text


def test_a_flood_is_stopped(client: Client, review: Review) -> None:
    answers = [client.post(address(review), data={}).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


def test_a_stranger_finds_nothing(client: Client, review: Review) -> None:
    other = waiting_review()
    proof = make_proof(other)
    db.session.commit()
    assert client.get(address(other)).status_code == 404
    assert client.post(address(other)).status_code == 404
    token = client.token(address(review))
    for kept_by in (other, review):
        path = f"{address(kept_by)}{proof.id}/remove/"
        assert client.post(path, data={"csrf_token": token}).status_code == 404
    db.session.expire_all()
    assert proof.deleted_at is None


def test_a_documented_review_takes_no_more(client: Client, review: Review) -> None:
    review.level, review.status = "documented", "published"
    db.session.commit()
    page = client.page(address(review))
    assert ("You cannot upload proof for this review") in page.text
    assert not page.all("input", name="files")


def test_a_file_is_never_served_in_public(client: Client, review: Review) -> None:
    proof = make_proof(review)
    db.session.commit()
    for path in ("/static/proofs/", "/proofs/", "/static/../proofs/", "/static/"):
        assert client.get(path + proof.name).status_code in (404, 301, 308)
    for path in ("/", "/about/reviews/", "/account/reviews/", address(review)):
        assert proof.name not in client.get(path).get_data(as_text=True)
