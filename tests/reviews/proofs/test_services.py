from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import run_due
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.services import add_proofs, delete_proofs_of, proofs_of, remove_proof
from marketplace.reviews.proofs.store import ProofStore
from marketplace.reviews.proofs.types import ProofFile
from marketplace.reviews.writing.services import reject_review, withdraw_review
from tests.clock import FrozenClock
from tests.factories import NOON, make_user
from tests.moderation.waiting import waiting_review
from tests.reviews.proving import instance, make_proof, picture


def add(review: Review, actor: User, count: int = 1) -> list[Proof]:
    files = [ProofFile("image/jpeg", picture("JPEG"))] * count
    store = ProofStore(instance())
    with store.writing() as written:
        return add_proofs(review.id, files, actor=actor, store=store, written=written, now=NOON)


def files() -> list[Path]:
    folder = instance() / "proofs"
    return list(folder.iterdir()) if folder.is_dir() else []


def test_the_author_sends_up_to_three(app: Flask) -> None:
    author = make_user()
    review = waiting_review(author)
    add(review, author, 2)
    with pytest.raises(Invalid, match="proofs_full"):
        add(review, author, 2)
    add(review, author)
    assert len(proofs_of(review.id)) == len(files()) == 3


def test_a_stranger_does_not_find_the_review(app: Flask) -> None:
    review = waiting_review()
    with pytest.raises(NotFound):
        add(review, make_user())
    proof = make_proof(review)
    with pytest.raises(NotFound):
        remove_proof(review.id, proof.id, actor=make_user(), now=NOON)


@pytest.mark.parametrize(
    "values",
    [{"level": "documented", "status": "published"}, {"status": "rejected"}, {"status": "withdrawn"}],
)
def test_a_review_that_needs_none_takes_none(app: Flask, values: dict[str, str]) -> None:
    author = make_user()
    with pytest.raises(Conflict, match="proof_closed"):
        add(waiting_review(author, **values), author)


def test_an_account_sends_ten_a_day_deleted_ones_counted(app: Flask) -> None:
    author = make_user()
    for _ in range(3):
        add(waiting_review(author), author, 3)
    delete_proofs_of(author.id, now=NOON)
    review = waiting_review(author)
    add(review, author)
    with pytest.raises(Invalid, match="proofs_today"):
        add(review, author)


def test_withdrawing_deletes_at_once_and_a_rollback_loses_nothing(app: Flask) -> None:
    author = make_user()
    review = waiting_review(author)
    make_proof(review)
    db.session.commit()
    withdraw_review(review, actor=author, now=NOON)
    db.session.rollback()
    run_due()
    assert len(files()) == len(proofs_of(review.id)) == 1
    withdraw_review(review, actor=author, now=NOON)
    db.session.commit()
    run_due()
    assert not files()
    assert not proofs_of(review.id)


def test_a_week_after_a_rejection_they_go(app: Flask, clock: FrozenClock) -> None:
    review = waiting_review()
    make_proof(review)
    reject_review(review, note="No.", now=NOON)
    db.session.commit()
    clock.advance(timedelta(days=6))
    run_due()
    assert files()
    clock.advance(timedelta(days=1, minutes=1))
    run_due()
    assert not files()


def test_erasing_deletes_only_the_member_s_own(app: Flask) -> None:
    author = make_user()
    make_proof(waiting_review(author))
    other = make_proof(waiting_review())
    delete_proofs_of(author.id, now=NOON)
    db.session.commit()
    run_due()
    assert [path.name for path in files()] == [other.name]
