from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, InvalidFields, NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.listings.models import Listing
from marketplace.reviews.models import Review, ReviewEdit, ReviewVersion
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.risk.models import ReviewSignature
from marketplace.reviews.risk.signatures import remember_text
from marketplace.reviews.writing.edits import (
    EDITS_PER_DAY,
    check_edit,
    drop_edit,
    edit_review,
    latest_content,
    publish_edit,
    reason_cannot_edit,
    reject_edit,
)
from marketplace.reviews.writing.services import withdraw_review
from marketplace.reviews.writing.versions import content_of
from marketplace.text.near_duplicates import signature_of
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.decisions.test_services import in_parallel
from tests.refusals import refused
from tests.reviews.drafting import NEW, draft_of, waiting_edit

LATER = NOON + timedelta(hours=5)
NIE = "X1234567L"


def edit(review: Review, author: User | None = None, **values: Any) -> Review | ReviewEdit:
    """Send another text of a review, as its author."""
    author = author or review.user
    assert author is not None
    return edit_review(review, draft_of(review, **values), author=author, now=LATER)


def versions(review: Review) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(ReviewVersion).order_by(ReviewVersion.id))
    return [(row.cause, row.text) for row in rows if row.review_id == review.id]


def revisions(listing: Listing) -> tuple[int, int]:
    db.session.flush()
    db.session.expire_all()
    return listing.topic.revision, listing.provider.revision


def pending(author: User | None = None, **values: Any) -> Review:
    fresh = {"status": "pending", "level": "unverified", "published_at": None}
    return make_review(make_listing(make_topic()), author, **{**fresh, **values})


def test_a_pending_review_changes_at_once_and_keeps_its_place(app: Flask) -> None:
    review = pending()
    before = (review.text, review.submitted_at)
    assert edit(review, rating=2) is review
    db.session.commit()
    assert (review.status, review.text, review.rating, review.version) == ("pending", NEW, 2, 2)
    assert (review.submitted_at, review.edited_at) == (before[1], None)
    assert versions(review) == [("edited", before[0])]
    assert review.edit is None


def test_an_edit_of_a_published_review_waits_while_the_old_text_is_shown(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    text, before = review.text, revisions(review.listing)
    waiting = edit(review, rating=1)
    db.session.commit()
    assert isinstance(waiting, ReviewEdit)
    assert (waiting.status, waiting.text, waiting.rating, waiting.version) == ("pending", NEW, 1, 2)
    assert waiting.submitted_at == LATER
    assert (review.text, review.rating, review.version, review.status) == (text, 5, 1, "published")
    assert versions(review) == []
    assert revisions(review.listing) == before


def test_sending_again_replaces_the_waiting_edit_in_its_place(app: Flask) -> None:
    waiting = waiting_edit()
    edit(waiting.review, text=f"{NEW} And once more.")
    db.session.commit()
    assert (waiting.text, waiting.version, waiting.submitted_at) == (f"{NEW} And once more.", 3, NOON)
    assert db.session.scalar(select(func.count()).select_from(ReviewEdit)) == 1


def test_a_refused_edit_waits_anew_when_it_is_sent_again(app: Flask) -> None:
    refused = waiting_edit(status="rejected", note="Names somebody.", version=3)
    edit(refused.review, text=f"{NEW} Without the name.")
    assert (refused.status, refused.note, refused.version) == ("pending", "", 4)
    assert refused.submitted_at == LATER


def test_one_goes_on_from_the_edit_that_waits_or_was_refused(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    assert latest_content(review) == content_of(review)
    refused = waiting_edit(status="rejected")
    assert latest_content(refused.review).text == NEW


@pytest.mark.parametrize("status", ["pending", "published"])
def test_what_changes_nothing_is_refused(app: Flask, status: str) -> None:
    review = make_review(make_listing(make_topic()), status=status)
    with refused(Invalid, "edit_unchanged"):
        edit(review, text=f"  {review.text}".strip())
    assert (review.version, review.edit, versions(review)) == (1, None, [])


def test_an_edit_that_waits_is_not_sent_twice_nor_turned_into_what_is_shown(app: Flask) -> None:
    waiting = waiting_edit()
    for draft, code in (
        (content_of(waiting), "edit_unchanged"),
        (content_of(waiting.review), "edit_as_shown"),
    ):
        with refused(Invalid, code):
            edit_review(waiting.review, draft, author=waiting.user, now=LATER)  # type: ignore[arg-type]
    assert waiting.version == 2


def test_stars_alone_may_change(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    waiting = edit(review, text=review.text, rating=1)
    assert (waiting.rating, waiting.text) == (1, review.text)


@pytest.mark.parametrize("status", ["rejected", "hidden", "withdrawn"])
def test_what_does_not_stand_cannot_be_edited(app: Flask, status: str) -> None:
    review = make_review(make_listing(make_topic()), status=status)
    with refused(Conflict, f"review_{status}"):
        edit(review)
    assert reason_cannot_edit(review, review.user) is not None  # type: ignore[arg-type]


def test_a_stranger_edits_and_drops_nothing(app: Flask) -> None:
    waiting, stranger = waiting_edit(), make_user("admin")
    with pytest.raises(NotFound):
        edit(waiting.review, stranger)
    with pytest.raises(NotFound):
        drop_edit(waiting.review, actor=stranger)
    waiting.review.user = None
    with pytest.raises(NotFound):
        edit(waiting.review, stranger)


def test_who_joined_the_provider_or_a_rival_says_no_more(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    review = make_review(make_listing(topic), author)
    make_listing(topic, make_provider(author))
    with refused(NotAllowed, "rival"):
        edit(review)


def test_the_rules_of_writing_hold_together(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    with refused(
        InvalidFields,
        {
            "text": "contact_details",
            "rating": "rating_range",
            "real_currency": "currency_missing",
        },
    ):
        edit(review, text="Write to me at ann@example.com, I tell you more", rating=9, real_cost=5)


def test_the_text_of_another_review_or_of_its_edit_is_refused_and_the_own_is_not(app: Flask) -> None:
    other, author = waiting_edit(), make_user()
    mine = make_review(other.listing, author, text="My own words about the same service here.")
    for text in (other.review.text.upper(), NEW.lower()):
        with refused(InvalidFields, {"text": "same_text"}):
            edit(mine, text=text)
    assert edit(mine, text=mine.text, rating=2).rating == 2


def test_the_year_s_one_review_and_the_years_since_do_not_count(app: Flask) -> None:
    review = make_review(make_listing(make_topic()), experience_on=date(2024, 2, 1))
    late = NOON + timedelta(days=500)
    author = review.user
    assert author is not None
    check_edit(review, draft_of(review), author=author, now=late)
    with refused(InvalidFields, {"experience_on": "experience_old"}):
        check_edit(review, draft_of(review, experience_on=date(2023, 1, 1)), author=author, now=late)


def test_a_review_is_changed_so_many_times_a_day_and_no_more(app: Flask) -> None:
    review = pending()
    for number in range(EDITS_PER_DAY):
        edit(review, text=f"{NEW} Take {number}.")
    with pytest.raises(Invalid) as caught:
        edit(review, text=f"{NEW} Once more.")
    assert (caught.value.code, len(versions(review))) == ("edit_often", EDITS_PER_DAY)
    author, draft = review.user, draft_of(review, text=f"{NEW} The day after.")
    assert author is not None
    assert edit_review(review, draft, author=author, now=LATER + timedelta(days=1)).text.endswith("after.")


def test_a_dropped_edit_is_gone_and_its_version_is_not_used_again(app: Flask) -> None:
    waiting = waiting_edit(version=4)
    review, author = waiting.review, waiting.user
    assert author is not None
    drop_edit(review, actor=author)
    db.session.commit()
    assert db.session.get(ReviewEdit, review.id) is None
    with pytest.raises(Conflict):
        drop_edit(review, actor=author)
    assert edit(review).version > 4


def test_withdrawing_drops_the_edit_too(app: Flask) -> None:
    waiting = waiting_edit()
    review = waiting.review
    withdraw_review(review, actor=waiting.user, now=LATER)  # type: ignore[arg-type]
    db.session.commit()
    assert (review.status, db.session.get(ReviewEdit, review.id)) == ("withdrawn", None)


def test_a_published_edit_takes_the_place_of_the_old_words(app: Flask) -> None:
    waiting = waiting_edit(rating=1, real_cost=500, real_currency="MXN")
    review, listing = waiting.review, waiting.listing
    recompute_ratings(listing.id)
    old, before = review.text, revisions(listing)
    publish_edit(waiting, now=LATER)
    db.session.commit()
    assert (review.text, review.rating, review.real_cost) == (NEW, 1, 500)
    assert (review.edited_at, review.published_at, review.level) == (LATER, NOON, "documented")
    assert (review.status, review.version) == ("published", 3)
    assert versions(review) == [("edited", old)]
    assert db.session.get(ReviewEdit, review.id) is None
    assert (listing.review_count, listing.rating_sum) == (1, 1)
    assert all(new > then for new, then in zip(revisions(listing), before, strict=True))


def test_the_edit_of_a_hidden_review_shows_nothing(app: Flask) -> None:
    waiting = waiting_edit()
    waiting.review.status = "hidden"
    before = revisions(waiting.listing)
    review = publish_edit(waiting, now=LATER)
    assert (review.status, review.text) == ("hidden", NEW)
    assert revisions(review.listing) == before


def test_what_is_covered_is_kept_as_it_was_written(app: Flask) -> None:
    text = f"{NEW} My NIE is {NIE}."
    waiting = waiting_edit(text=text)
    review, old, start = waiting.review, waiting.review.text, text.index(NIE)
    publish_edit(waiting, covered=[f"text-{start}-{start + len(NIE)}"], now=LATER)
    db.session.commit()
    assert review.text == f"{NEW} My NIE is ▇▇▇▇."
    assert versions(review) == [("edited", old), ("masked", text)]


def test_a_refused_edit_stays_with_its_statement(app: Flask) -> None:
    waiting = waiting_edit()
    reject_edit(waiting, note="It names somebody.", now=LATER)
    assert (waiting.status, waiting.note, waiting.version) == ("rejected", "It names somebody.", 3)
    assert waiting.text == NEW
    for again in (
        partial(reject_edit, waiting, note="x", now=LATER),
        partial(publish_edit, waiting, now=LATER),
    ):
        with pytest.raises(Conflict):
            again()


def test_of_two_tabs_that_edit_at_once_both_count(app: Flask) -> None:
    review, texts = make_review(make_listing(make_topic())), (f"{NEW} One.", f"{NEW} Two.")
    number, author_id, draft = review.id, review.user_id, draft_of(review)
    db.session.commit()

    def send(text: str) -> None:
        author = db.session.get_one(User, author_id)
        edit_review(db.session.get_one(Review, number), replace(draft, text=text), author=author, now=LATER)

    tasks: list[Callable[[], None]] = [partial(send, text) for text in texts]
    assert in_parallel(app, *tasks) == ["done", "done"]
    db.session.rollback()
    kept = db.session.get_one(ReviewEdit, number)
    assert (kept.version, kept.text in texts) == (3, True)


def test_an_author_who_withdraws_while_another_tab_edits(app: Flask) -> None:
    review = make_review(make_listing(make_topic()))
    number, author_id, draft = review.id, review.user_id, draft_of(review)
    db.session.commit()

    def send() -> None:
        author = db.session.get_one(User, author_id)
        edit_review(db.session.get_one(Review, number), draft, author=author, now=LATER)

    def withdraw() -> None:
        author = db.session.get_one(User, author_id)
        withdraw_review(db.session.get_one(Review, number), actor=author, now=LATER)

    assert in_parallel(app, send, withdraw) in (["Conflict", "done"], ["done", "done"])
    db.session.rollback()
    assert db.session.get_one(Review, number).status == "withdrawn"
    assert db.session.get(ReviewEdit, number) is None


def test_a_new_text_is_judged_and_remembered_when_it_takes_the_place_of_the_old(app: Flask) -> None:
    other = make_review(make_listing(make_topic()))
    remember_text(other.id, signature_of(other.text))
    review = pending(status="published")
    copied = other.text.replace("every question", "each question")
    waiting = edit(review, text=copied)
    assert isinstance(waiting, ReviewEdit)
    assert waiting.risk > 0
    assert [reason["code"] for reason in waiting.risk_reasons if "reviews" in reason] == ["similar_text"]
    publish_edit(waiting, now=LATER)
    signature = db.session.get_one(ReviewSignature, review.id).signature
    assert signature == signature_of(copied)
