from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from marketplace.core.extensions import db
from marketplace.listings.models import Listing, ListingEdit
from marketplace.moderation.decisions.touched import (
    entries_of,
    is_untouched,
    key_of,
    model_of,
    pack,
    put_back,
    read_rows,
    rows_of,
    standing_row,
    this_row,
    unpack,
)
from marketplace.reviews.models import Review
from tests.factories import NOON, make_listing, make_review, make_topic
from tests.moderation.waiting import waiting_edit, waiting_review


@pytest.mark.parametrize(
    "value", [None, 7, 0.1, "text", ["en"], NOON, datetime(1, 1, 1, tzinfo=UTC), date(2026, 2, 28), b"| \xff"]
)
def test_every_kind_of_value_comes_back_as_it_was(value: object) -> None:
    assert unpack(pack(value)) == value


def test_of_a_changed_row_only_the_changed_columns_are_kept(app: Flask) -> None:
    review = waiting_review()
    touches = [this_row(review)]
    before = read_rows(touches)
    review.status, review.published_at, review.version = "published", NOON, 2
    (entry,) = entries_of(before, read_rows(touches))
    assert entry["before"] == {"status": "pending", "published_at": None}
    assert entry["after"] == {"version": 2}
    assert (model_of(entry), key_of(entry)) == (Review, (review.id,))


def test_what_did_not_change_is_not_kept(app: Flask) -> None:
    review = waiting_review()
    before = read_rows([this_row(review)])
    review.version += 1
    assert entries_of(before, read_rows([this_row(review)])) == []


def test_a_change_goes_back_and_the_version_goes_on(app: Flask) -> None:
    review = waiting_review()
    touches = [this_row(review)]
    before = read_rows(touches)
    review.status, review.version = "rejected", 2
    entries = entries_of(before, read_rows(touches))
    put_back(entries, [standing_row(entry) for entry in entries])
    assert (review.status, review.version) == ("pending", 3)


def test_a_deleted_row_comes_back_and_a_new_one_goes(app: Flask) -> None:
    edit = waiting_edit(languages=None, note="x")
    listing_id, fee = edit.listing_id, edit.fee_max
    topic = edit.listing.topic_id
    touches = [rows_of(ListingEdit, listing_id=listing_id), rows_of(Listing, topic_id=[topic])]
    before = read_rows(touches)
    db.session.delete(edit)
    added = make_listing(edit.listing.topic).id
    entries = entries_of(before, read_rows(touches))
    assert [(bool(entry["before"]), bool(entry["after"])) for entry in entries] == [
        (True, False),
        (False, True),
    ]
    put_back(entries, [standing_row(entry) for entry in entries])
    back = db.session.get_one(ListingEdit, listing_id)
    assert (back.fee_max, back.languages, back.submitted_at, back.version) == (fee, None, NOON, 3)
    assert added not in db.session.scalars(db.select(Listing.id)).all()


def test_a_row_is_untouched_while_its_version_stands(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    touches = [this_row(review)]
    before = read_rows(touches)
    review.status, review.version = "hidden", 2
    (entry,) = entries_of(before, read_rows(touches))
    assert is_untouched(entry, standing_row(entry))
    review.helpful_count += 1
    db.session.flush()
    assert is_untouched(entry, standing_row(entry)), "a vote is no change of what was decided"
    review.version += 1
    db.session.flush()
    assert not is_untouched(entry, standing_row(entry))
    assert not is_untouched(entry, None)
