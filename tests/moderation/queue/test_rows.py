from __future__ import annotations

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.kinds import EXCERPT_LENGTH
from marketplace.moderation.queue.queries import waiting_items
from marketplace.moderation.queue.rows import row_words
from marketplace.reviews.proofs.models import Proof
from tests.conftest import CountQueries
from tests.factories import NOON, make_provider, make_user
from tests.moderation.deciding import KINDS
from tests.moderation.reporting import reported, shown_review, unconfirmed
from tests.moderation.waiting import MAKERS, id_of, waiting_review


def test_each_kind_that_waits_has_its_row(app: Flask) -> None:
    made = {(kind, id_of(kind, make())) for kind, make in MAKERS.items()}  # type: ignore[operator]
    db.session.commit()
    rows = waiting_items(limit=100)
    assert {(row.kind, row.id) for row in rows} == made
    assert {row.kind for row in rows} == set(KINDS)


def test_a_report_stands_with_its_provider_topic_and_rating(app: Flask) -> None:
    review, provider = shown_review(rating=2), make_provider()
    listing = review.listing
    unconfirmed(review)
    reported(review)
    reported(listing, kind="listing")
    reported(provider, kind="provider")
    rows = sorted(waiting_items(limit=100), key=lambda row: row.id)
    assert [(row.provider_id, row.topic_id, row.rating) for row in rows] == [
        (listing.provider_id, listing.topic_id, 2),
        (listing.provider_id, listing.topic_id, None),
        (provider.id, None, None),
    ]


def test_each_row_says_who_wrote_it_and_how_it_begins(app: Flask, count_queries: CountQueries) -> None:
    for make in MAKERS.values():
        make()
    author = make_user(name="Ana <b>")
    reasons = [{"code": "new_account", "hours": 2}, {"code": "copied_text", "reviews": []}, {"code": "gone"}]
    review = waiting_review(author, text="It took\ntwo weeks. " * 20, risk_reasons=reasons)
    values = {"name": "p", "media_type": "image/png", "size": 1, "uploaded_at": NOON}
    db.session.add(Proof(review_id=review.id, **values))
    db.session.commit()
    rows = waiting_items(limit=100)
    with count_queries(app) as statements:
        said = row_words(rows)
    assert len(statements) == 1
    assert set(said) == {(row.kind, row.id) for row in rows}
    told = said["review", review.id]
    assert (told.author, told.excerpt[:18], told.has_proof) == ("Ana <b>", "It took two weeks.", True)
    assert len(told.excerpt) <= EXCERPT_LENGTH
    assert told.reasons[0] == "Its text is nearly the same as the text of another review."
    assert told.reasons[1] == "The account was 2 hours old."
    assert not any(words.has_proof for key, words in said.items() if key != ("review", review.id))
    assert row_words([]) == {}
