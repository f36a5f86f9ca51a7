from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.reviews.models import Review
from tests.clients import Client, path_of
from tests.factories import make_user, sign_in
from tests.moderation.waiting import waiting_review
from tests.reviews.proving import make_proof


@pytest.fixture
def review(app: Flask, client: Client) -> Review:
    moderator, review = make_user("moderator"), waiting_review()
    sign_in(client, moderator)
    return review


@pytest.mark.parametrize(("media_type", "way"), [("image/jpeg", "inline"), ("application/pdf", "attachment")])
def test_a_proof_is_opened_by_its_button_and_runs_nothing(
    client: Client, review: Review, media_type: str, way: str
) -> None:
    proof = make_proof(review, media_type=media_type)
    db.session.commit()
    path = f"/staff/proofs/{proof.id}/"
    assert client.get(path).status_code == 404
    assert path_of(client.submit(path, on=f"/staff/queue/review/{review.id}/")) == path
    response = client.get(path)
    assert response.mimetype == media_type
    headers = response.headers
    assert headers["Content-Disposition"].startswith(f'{way}; filename="proof-{proof.id}.')
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "You opened it." in client.page(f"/staff/queue/review/{review.id}/").text


def test_a_stale_button_opens_nothing(client: Client, review: Review) -> None:
    proof = make_proof(review)
    db.session.commit()
    assert client.post(f"/staff/proofs/{proof.id}/", data={"csrf_token": "old"}).status_code == 302
    db.session.expire_all()
    assert proof.seen_at is None


def test_without_a_proof_nothing_can_be_marked(client: Client, review: Review) -> None:
    page = client.page(f"/staff/queue/review/{review.id}/")
    assert "No proof was uploaded, or it has already been deleted" in page.text
    assert not page.all("input", name="documented")


def test_an_unopened_proof_is_refused_in_words(client: Client, review: Review) -> None:
    make_proof(review)
    db.session.commit()
    path = f"/staff/queue/review/{review.id}/"
    fields = {e.get("name", ""): e.get("value", "") for e in client.page(path).form(path).iter("input")}
    hidden = {name: fields[name] for name in ("csrf_token", "version", "read")}
    response = client.post(path, data={**hidden, "do": "publish", "documented": "y"})
    assert response.status_code == 422
    assert "Open a proof of this review first" in response.get_data(as_text=True)


def test_staff_pages_are_not_there_for_others(new_client: object, client: Client, review: Review) -> None:
    proof = make_proof(review)
    member = make_user()
    db.session.commit()
    sign_in(client, member)
    assert client.get(f"/staff/proofs/{proof.id}/").status_code == 404
    assert client.post(f"/staff/proofs/{proof.id}/").status_code == 404
