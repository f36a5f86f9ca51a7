from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import periodic_tasks, run_due
from marketplace.core.revisions import SITE, revision_of
from marketplace.reviews.models import Review
from marketplace.reviews.votes.models import ReviewVote
from marketplace.reviews.votes.services import (
    BATCH,
    REFRESH_INTERVAL,
    count_votes,
    has_voted,
    refresh_helpful_counts,
    remove_vote,
    shown_review,
    vote_helpful,
    vote_ineligibility,
)
from tests.conftest import CountQueries
from tests.factories import NOON, make_listing, make_provider, make_review, make_user
from tests.listings.test_at_once import at_once
from tests.refusals import refused
from tests.reviews.answering import Case, make_case

PEOPLE = 4


def vote(case: Case, voter: User | None = None) -> User:
    voter = voter or make_user()
    vote_helpful(case.review.id, voter=voter, now=NOON)
    return voter


def shown_count(case: Case) -> int:
    db.session.expire_all()
    return case.review.helpful_count


def test_a_vote_counts_once_however_often_it_is_sent(app: Flask) -> None:
    case = make_case()
    voter = vote(case)
    vote(case, voter)
    assert (count_votes(case.review.id), has_voted(case.review.id, voter.id)) == (1, True)
    for _ in range(2):
        remove_vote(case.review.id, voter=voter)
    assert (count_votes(case.review.id), has_voted(case.review.id, voter.id)) == (0, False)


def test_who_may_not_vote_is_told_why(app: Flask) -> None:
    case = make_case()
    rival = make_user()
    make_listing(case.review.listing.topic, make_provider(rival), status="draft")
    for voter, code in (
        (case.author, "own_review"),
        (case.member, "own_provider"),
        (rival, "rival"),
        (make_user(confirmed=False), "unconfirmed"),
    ):
        with refused(NotAllowed, code):
            vote(case, voter)
    assert vote_ineligibility(case.review, make_case().member) is None
    assert count_votes(case.review.id) == 0


def test_who_may_vote_no_longer_may_still_take_it_back(app: Flask) -> None:
    case = make_case()
    voter = vote(case)
    make_listing(case.review.listing.topic, make_provider(voter))
    remove_vote(case.review.id, voter=voter)
    assert count_votes(case.review.id) == 0


@pytest.mark.parametrize("status", ["pending", "rejected", "hidden", "withdrawn"])
def test_a_review_that_nobody_sees_takes_no_votes(app: Flask, status: str) -> None:
    case, voter = make_case(status=status), make_user()
    for act in (
        lambda: vote_helpful(case.review.id, voter=voter, now=NOON),
        lambda: remove_vote(case.review.id, voter=voter),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_is_out_of_sight_or_never_was_is_not_found(app: Flask) -> None:
    case = make_case()
    case.review.listing.status = "rejected"
    other = make_case()
    other.provider.status = "suspended"
    for number in (case.review.id, other.review.id, 0, 999_999, 2**40):
        with pytest.raises(NotFound):
            shown_review(number)


def test_votes_at_once_are_all_counted_and_one_member_s_once(app: Flask) -> None:
    case = make_case()
    review_id = case.review.id
    people = [make_user().id for _ in range(PEOPLE)]
    db.session.commit()

    def act(voter_id: int) -> None:
        vote_helpful(review_id, voter=db.session.get_one(User, voter_id), now=NOON)

    voters = [*people, people[0], people[0]]
    at_once(app, [lambda who=who: act(who) for who in voters])  # type: ignore[misc]
    db.session.rollback()
    assert count_votes(review_id) == PEOPLE
    at_once(app, [refresh_helpful_counts, lambda: act(people[1]), refresh_helpful_counts])
    db.session.rollback()
    assert db.session.get_one(Review, review_id).helpful_count == PEOPLE


def test_the_shown_count_follows_and_only_its_topic_is_a_new_page(app: Flask) -> None:
    case, other = make_case(), make_case()
    topics = [one.review.listing.topic for one in (case, other)]
    before = [(topic.revision, revision_of(SITE)) for topic in topics]
    for _ in range(3):
        vote(case)
    assert (shown_count(case), [topic.revision for topic in topics]) == (0, [old[0] for old in before])
    assert refresh_helpful_counts() == 1
    assert shown_count(case) == 3
    assert [topic.revision - old[0] for topic, old in zip(topics, before, strict=True)] == [1, 0]
    assert revision_of(SITE) == before[0][1]
    assert refresh_helpful_counts() == 0
    assert topics[0].revision == before[0][0] + 1


def test_the_vote_of_an_erased_member_goes_with_them(app: Flask) -> None:
    case = make_case()
    voter = vote(case)
    vote(case)
    refresh_helpful_counts()
    db.session.commit()
    db.session.delete(voter)
    db.session.commit()
    assert len(db.session.scalars(select(ReviewVote)).all()) == 1
    refresh_helpful_counts()
    assert shown_count(case) == 1


def test_a_hidden_review_is_counted_without_a_new_page(app: Flask) -> None:
    case = make_case()
    vote(case)
    case.review.status = "hidden"
    revision = case.review.listing.topic.revision
    assert refresh_helpful_counts() == 1
    assert (shown_count(case), case.review.listing.topic.revision) == (1, revision)


def test_many_reviews_are_refreshed_in_few_statements(app: Flask, count_queries: CountQueries) -> None:
    case, voter = make_case(), make_user()
    for _ in range(20):
        review = make_review(case.review.listing, case.author)
        db.session.add(ReviewVote(review_id=review.id, user_id=voter.id, created_at=NOON))
    db.session.flush()
    with count_queries(app) as statements:
        assert refresh_helpful_counts() == 20 < BATCH
    assert len(statements) == 3


@pytest.mark.usefixtures("no_jobs")
def test_the_worker_shows_votes_within_minutes(app: Flask) -> None:
    case = make_case()
    review_id = case.review.id
    vote_helpful(review_id, voter=make_user(), now=NOON)
    db.session.commit()
    assert periodic_tasks()["reviews.votes"] == REFRESH_INTERVAL
    run_due()
    db.session.rollback()
    assert db.session.get_one(Review, review_id).helpful_count == 1
