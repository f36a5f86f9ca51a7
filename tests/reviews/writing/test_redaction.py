from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from marketplace.core.extensions import db
from marketplace.reviews.models import OUTCOME_LENGTH, ReviewVersion
from marketplace.reviews.writing.redaction import cover, covered_texts, findings_of, marked
from marketplace.text.personal_data import BLOCK
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic
from tests.reviews.drafting import waiting_edit

TEXT = "Mr Smith lost my papers, NIE X1234567L, and never called back."


def test_findings_stand_in_reading_order_with_a_key_each(app: Flask) -> None:
    review = make_review(make_listing(make_topic()), text=TEXT, outcome="Told by Mrs Vega")
    found = findings_of(review)
    assert [(finding.field, finding.span.kind, finding.words) for finding in found] == [
        ("text", "name", "Smith"),
        ("text", "identity", "X1234567L"),
        ("outcome", "name", "Vega"),
    ]
    assert [finding.key for finding in found] == ["text-3-8", "text-29-38", "outcome-12-16"]


def test_the_provider_s_own_name_is_no_finding(app: Flask) -> None:
    provider = make_provider(name="Lic. Ána Vega y Asociados")
    review = make_review(
        make_listing(make_topic(), provider), text="Lic. Ana Vega was kind; Sra. Vega Ruiz less so."
    )
    assert [finding.words for finding in findings_of(review)] == ["Vega Ruiz"]


def test_what_is_chosen_is_covered_and_the_original_kept(app: Flask) -> None:
    review = make_review(make_listing(make_topic()), text=TEXT, outcome="Told by Mrs Vega")
    assert cover(review, {"text-29-38", "outcome-12-16"}, now=NOON)
    db.session.commit()
    assert review.text == f"Mr Smith lost my papers, NIE {BLOCK}, and never called back."
    assert review.outcome == f"Told by Mrs {BLOCK}"
    version = db.session.scalars(select(ReviewVersion)).one()
    assert (version.cause, version.text, version.outcome) == ("masked", TEXT, "Told by Mrs Vega")
    assert version.replaced_at == NOON


def test_nothing_chosen_changes_nothing(app: Flask) -> None:
    review = make_review(make_listing(make_topic()), text=TEXT)
    for keys in ((), ("text-0-5", "elsewhere-3-8")):
        assert not cover(review, keys, now=NOON)
    assert review.text == TEXT
    assert db.session.scalars(select(ReviewVersion)).all() == []


def test_the_original_of_an_edit_is_kept_with_its_review(app: Flask) -> None:
    edit = waiting_edit(text=TEXT)
    assert cover(edit, ["text-3-8"], now=NOON)
    version = db.session.scalars(select(ReviewVersion)).one()
    assert (version.review_id, version.text) == (edit.review_id, TEXT)
    assert edit.text.startswith(f"Mr {BLOCK} lost")


def test_a_covered_outcome_still_fits(app: Flask) -> None:
    outcome = ("Mr Li " * 30)[:OUTCOME_LENGTH]
    review = make_review(make_listing(make_topic()), outcome=outcome)
    keys = [finding.key for finding in findings_of(review)]
    assert len(covered_texts(review, keys)["outcome"]) == OUTCOME_LENGTH
    cover(review, keys, now=NOON)
    db.session.commit()
    assert "Li" not in review.outcome


def test_a_text_comes_cut_up_at_its_findings(app: Flask) -> None:
    review = make_review(make_listing(make_topic()), text=TEXT)
    parts = marked(review, "text", findings_of(review))
    assert [text for text, span in parts if span is not None] == ["Smith", "X1234567L"]
    assert "".join(text for text, _span in parts) == TEXT
    assert marked(review, "outcome", findings_of(review)) == []
