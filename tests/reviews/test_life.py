"""The whole life of a review on both databases against a small model; see `tests.reviews.life`."""

from __future__ import annotations

import random
from typing import Any

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
edit_decisions = st.sampled_from(["publish", "reject"])


def operation(name: str, **drawn: Any) -> Any:
    """A rule of the machine: this operation of `Life` with what is drawn."""

    def play_it(machine: ReviewLife, **values: Any) -> None:
        getattr(machine.life, name)(**values)

    play_it.__name__ = name
    decorated: Any = rule
    return decorated(**drawn)(play_it)


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

    write = operation("write", listing=listings, author=people, rating=ratings, cost=costs, days=days)
    edit = operation("edit", pick=picks, rating=ratings, cost=costs)
    drop = operation("drop", pick=picks)
    withdraw = operation("withdraw", pick=picks, by_stranger=st.booleans())
    decide = operation(
        "decide",
        pick=picks,
        action=st.sampled_from(["publish", "publish", "reject", "hide", "restore"]),
        level=st.sampled_from(["unverified", "invited", "confirmed"]),
        undo=st.booleans(),
    )
    decide_edit = operation("decide_edit", pick=picks, action=edit_decisions, undo=st.booleans())
    reply = operation("reply", pick=picks, by_rival=st.booleans())
    decide_reply = operation("decide_reply", pick=picks, action=edit_decisions, undo=st.booleans())
    vote = operation("vote", pick=picks, voter=people, back=st.booleans())
    reprice = operation(
        "reprice",
        listing=listings,
        fee=st.integers(390_000, 450_000),
        currency=st.sampled_from(["MXN", "EUR"]),
    )
    wait = operation("wait", days=st.sampled_from([1, 200]))

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
