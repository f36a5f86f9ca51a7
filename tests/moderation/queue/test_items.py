from __future__ import annotations

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.queue.items import Item, load_item
from marketplace.reviews.writing.versions import keep_version
from tests.factories import NOON, make_listing, make_provider, make_topic, make_user
from tests.moderation.waiting import MAKERS, id_of, waiting_provider, waiting_review


def load(app: Flask, kind: str, number: int) -> Item:
    with app.test_request_context():
        return load_item(find_subject(kind, number))


@pytest.mark.parametrize("kind", MAKERS)
def test_every_kind_has_all_that_a_moderator_looks_at(app: Flask, kind: str) -> None:
    item = load(app, kind, id_of(kind, MAKERS[kind]()))
    assert item.kind == kind
    assert item.facts
    assert item.history
    assert (item.guide is not None) == (
        kind in ("listing", "listing_edit", "review", "review_edit", "reply", "flag", "appeal")
    )
    assert bool(item.author) != bool(item.members)


def test_the_statement_is_drafted_for_its_reader(app: Flask) -> None:
    author = make_user(language="es")
    review = waiting_review(author)
    assert load(app, "review", review.id).statement_language("reject") == "es"
    db.session.commit()
    db.session.delete(author)
    db.session.commit()
    assert load(app, "review", review.id).statement_language("reject") == "en"


def test_a_listing_says_that_its_provider_comes_first(app: Flask) -> None:
    provider = waiting_provider()
    listing = make_listing(make_topic(), provider, status="pending")
    assert load(app, "listing", listing.id).subject.waits_for_provider
    assert not load(app, "provider", provider.id).subject.waits_for_provider


@pytest.mark.parametrize(
    ("status", "actions"),
    [
        ("unclaimed", ()),
        ("pending", ("publish", "reject")),
        ("active", ("suspend", "warn")),
        ("suspended", ("reinstate",)),
        ("removed", ()),
    ],
)
def test_what_may_be_done_to_a_provider_depends_on_its_standing(
    app: Flask, status: str, actions: tuple[str, ...]
) -> None:
    item = load(app, "provider", make_provider(status=status).id)
    assert item.actions == actions
    assert item.subject.has_own_page == (status != "pending")


def test_what_may_be_done_to_other_things_depends_on_whether_they_wait(app: Flask) -> None:
    assert load(app, "review", waiting_review().id).actions == ("publish", "reject")
    assert load(app, "review", waiting_review(status="published").id).actions == ("document", "hide")
    assert load(app, "review", waiting_review(status="hidden").id).actions == ("restore",)
    assert load(app, "listing", make_listing(make_topic()).id).actions == ()


@pytest.mark.parametrize(
    ("status", "level", "may"),
    [("published", "unverified", True), ("published", "documented", False), ("pending", "unverified", False)],
)
def test_only_a_published_review_without_proof_may_be_documented(
    app: Flask, status: str, level: str, may: bool
) -> None:
    review = waiting_review(status=status, level=level)
    assert ("document" in load(app, "review", review.id).actions) == may


@pytest.mark.parametrize("kind", ["review", "review_edit"])
def test_a_review_comes_with_what_it_said_before_and_what_was_found_in_it(app: Flask, kind: str) -> None:
    row = MAKERS[kind](text="Mr Smith lost my papers and never called back.")
    review = row if kind == "review" else row.review
    keep_version(review, cause="edited", now=NOON)
    item = load(app, kind, review.id)
    assert [version.text for version in item.details.versions] == [review.text]
    assert [finding.words for finding in item.details.findings] == ["Smith"]
    assert [text for text, span in item.marked("text") if span is not None] == ["Smith"]


def test_nothing_is_looked_for_in_what_is_decided(app: Flask) -> None:
    review = waiting_review(text="Mr Smith lost my papers and never called back.", status="published")
    assert load(app, "review", review.id).details.findings == ()
    assert load(app, "listing", make_listing(make_topic()).id).details.findings == ()
