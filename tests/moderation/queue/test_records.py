from __future__ import annotations

from datetime import timedelta

from flask import Flask

from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import Decision
from marketplace.moderation.queue.records import author_record, history, provider_record
from marketplace.reviews.ratings.services import recompute_ratings
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user
from tests.moderation.waiting import waiting_review, waiting_review_edit


def decision(subject: str, subject_id: int, action: str = "reject", **values: object) -> None:
    row = Decision(subject=subject, subject_id=subject_id, action=action, version=1, decided_at=NOON)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()


def test_an_author_s_reviews_are_counted_by_what_became_of_them(app: Flask) -> None:
    author, topic = make_user(), make_topic()
    for status in ("published", "published", "rejected", "pending"):
        make_review(make_listing(topic), author, status=status)
    make_review(make_listing(topic), status="rejected")
    record = author_record(author)
    assert (record.since, record.published, record.rejected) == (NOON, 2, 1)


def test_a_provider_s_record_counts_what_was_decided_against_it(app: Flask) -> None:
    provider, topic = make_provider(), make_topic()
    listing = make_listing(topic, provider)
    other = make_listing(topic)
    make_review(listing)
    recompute_ratings(listing.id)
    decision("listing", listing.id)
    decision("provider_edit", provider.id, decided_at=NOON + timedelta(days=2))
    decision("listing", listing.id, "publish")
    decision("listing", other.id)
    decision("review", listing.id)
    record = provider_record(provider)
    assert (record.status, record.listings, record.counted_reviews) == ("active", 1, 1)
    assert (record.against, record.last_against) == (2, NOON + timedelta(days=2))
    decision("provider", provider.id, "suspend", decided_at=NOON + timedelta(days=3))
    decision("provider", provider.id, "reinstate", decided_at=NOON + timedelta(days=4))
    record = provider_record(provider)
    assert (record.against, record.last_against) == (3, NOON + timedelta(days=3))
    for state in ("undone", "pending", "lapsed"):
        decision("provider", provider.id, "warn", decided_at=NOON + timedelta(days=4), state=state)
        assert provider_record(provider).against == 3, "what has no effect is no decision against it"
    decision("provider", provider.id, "warn", decided_at=NOON + timedelta(days=5))
    record = provider_record(provider)
    assert (record.against, record.last_against) == (4, NOON + timedelta(days=5))


def test_a_new_provider_has_an_empty_record(app: Flask) -> None:
    record = provider_record(make_provider(status="pending"))
    assert (record.listings, record.counted_reviews, record.against, record.last_against) == (0, 0, 0, None)


def test_history_tells_what_happened_in_its_order(app: Flask) -> None:
    moderator = make_user("moderator", name="Mod Seven")
    author = make_user(created_at=NOON - timedelta(days=2), confirmed_at=NOON - timedelta(days=1))
    review = waiting_review(author)
    later = NOON + timedelta(hours=1)
    decision("review", review.id, actor_id=moderator.id, ground="same_text", decided_at=later)
    events = history(find_subject("review", review.id))
    assert [event.code for event in events] == ["account", "confirmed", "sent", "reject"]
    assert (events[-1].who, events[-1].ground, events[-1].at) == ("Mod Seven", "same_text", later)
    decision("review", review.id, "publish", state="lapsed", decided_at=later)
    assert history(find_subject("review", review.id)) == events, "what lapsed did not happen"


def test_the_history_of_a_review_tells_of_its_edits_and_theirs_of_themselves(app: Flask) -> None:
    edit = waiting_review_edit()
    decision("review", edit.review_id, "publish")
    decision("review_edit", edit.review_id, ground="same_text")
    decision("review_edit", edit.review_id, "publish")
    decision("review_edit", edit.review_id + 1, "publish")
    decision("listing", edit.review_id, "publish")
    told = [event.code for event in history(find_subject("review", edit.review_id))]
    assert told[-3:] == ["publish", "edit_reject", "edit_publish"]
    told = [event.code for event in history(find_subject("review_edit", edit.review_id))]
    assert told[-2:] == ["reject", "publish"]
