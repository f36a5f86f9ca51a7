"""The whole life of a review on both databases against a small model; see `tests.reviews.life`."""

from __future__ import annotations

import random

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from marketplace.core.extensions import db
from tests.reviews.life import AUTHORS, LISTINGS, Life
from tests.reviews.playing import play

picks = st.integers(0, 7)
ratings = st.integers(1, 5)
costs = st.none() | st.integers(390_000, 450_000)
days = st.none() | st.integers(1, 40)
people = st.integers(0, AUTHORS + LISTINGS - 1)
listings = st.integers(0, LISTINGS - 1)


class ReviewLife(RuleBasedStateMachine):
    """What can happen to reviews, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.life = Life()

    @initialize()
    def begin(self) -> None:
        """Three clients have written, and two of them count."""
        for author in range(3):
            self.life.write(0, author, 5 - author, 400_000, 10 + author)
        for number in range(2):
            self.life.decide(number, "publish", "invited", undo=False)

    @rule(listing=listings, author=people, rating=ratings, cost=costs, took=days)
    def write(self, listing: int, author: int, rating: int, cost: int | None, took: int | None) -> None:
        self.life.write(listing, author, rating, cost, took)

    @rule(pick=picks, rating=ratings, cost=costs)
    def edit(self, pick: int, rating: int, cost: int | None) -> None:
        self.life.edit(pick, rating, cost)

    @rule(pick=picks)
    def drop(self, pick: int) -> None:
        self.life.drop(pick)

    @rule(pick=picks, by_stranger=st.booleans())
    def withdraw(self, pick: int, by_stranger: bool) -> None:
        self.life.withdraw(pick, by_stranger)

    @rule(
        pick=picks,
        action=st.sampled_from(["publish", "publish", "reject", "hide", "restore"]),
        level=st.sampled_from(["unverified", "invited", "confirmed"]),
        undo=st.booleans(),
    )
    def decide(self, pick: int, action: str, level: str, undo: bool) -> None:
        self.life.decide(pick, action, level, undo)

    @rule(pick=picks, action=st.sampled_from(["publish", "reject"]), undo=st.booleans())
    def decide_edit(self, pick: int, action: str, undo: bool) -> None:
        self.life.decide_edit(pick, action, undo)

    @rule(pick=picks, by_rival=st.booleans())
    def reply(self, pick: int, by_rival: bool) -> None:
        self.life.reply(pick, by_rival)

    @rule(pick=picks, action=st.sampled_from(["publish", "reject"]), undo=st.booleans())
    def decide_reply(self, pick: int, action: str, undo: bool) -> None:
        self.life.decide_reply(pick, action, undo)

    @rule(pick=picks, voter=people, back=st.booleans())
    def vote(self, pick: int, voter: int, back: bool) -> None:
        self.life.vote(pick, voter, back)

    @rule(listing=listings, fee=st.integers(390_000, 450_000), currency=st.sampled_from(["MXN", "EUR"]))
    def reprice(self, listing: int, fee: int, currency: str) -> None:
        self.life.reprice(listing, fee, currency)

    @rule(days=st.sampled_from([1, 200]))
    def wait(self, days: int) -> None:
        self.life.wait(days)

    @invariant()
    def stands_as_the_model_says(self) -> None:
        self.life.check()


@pytest.mark.slow
def test_the_whole_life_of_a_review_is_as_the_model_says(app: Flask) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        ReviewLife,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    db.session.rollback()


@pytest.mark.slow
def test_the_sums_equal_a_count_anew_over_random_operations(app: Flask) -> None:
    """A tenth of what `make soak` does, shared by the two databases."""
    play(random.Random(1126), 500)
    db.session.rollback()
