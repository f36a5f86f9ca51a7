from __future__ import annotations

from flask import Flask

from marketplace.reviews.writing.content import keep_version
from marketplace.reviews.writing.history import earlier_versions, edits_of, is_covered
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_review, make_topic
from tests.reviews.editing import draft_of, waiting_edit


def test_versions_come_with_their_review_the_latest_first(app: Flask, count_queries: CountQueries) -> None:
    topic = make_topic()
    one, two, bare = (make_review(make_listing(topic)) for _ in range(3))
    for text in ("First words of all, which were replaced.", "Second words, which were replaced as well."):
        keep_version(one, told=draft_of(one, text=text), cause="edited", now=NOON)
    keep_version(two, cause="masked", now=NOON)
    ids = [one.id, two.id, bare.id]
    with count_queries(app) as statements:
        found = earlier_versions(ids)
    assert len(statements) == 1
    assert [version.text[:6] for version in found[one.id]] == ["Second", "First "]
    assert [version.cause for version in found[two.id]] == ["masked"]
    assert bare.id not in found


def test_edits_come_with_their_review(app: Flask) -> None:
    waiting, refused = waiting_edit(), waiting_edit(status="rejected")
    bare = make_review(make_listing(make_topic()))
    found = edits_of([waiting.review_id, refused.review_id, bare.id])
    assert found == {waiting.review_id: waiting, refused.review_id: refused}


def test_a_text_is_said_to_be_covered_while_it_is(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    typed = keep_version(review, cause="edited", now=NOON)
    assert not is_covered("Mr ▇▇▇▇ helped", "", [typed])
    hidden = keep_version(review, cause="masked", now=NOON)
    assert is_covered("Mr ▇▇▇▇ helped", "", [hidden, typed])
    assert is_covered("All well", "Told by ▇▇▇▇", [hidden])
    assert not is_covered("All well", "", [hidden])
