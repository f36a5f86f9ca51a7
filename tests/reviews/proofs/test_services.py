from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.reviews.models import Review
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.services import (
    add_proofs,
    delete_proofs_of,
    delete_proofs_task,
    proofs_of,
    remove_files_task,
    remove_proof,
)
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


def test_no_file_grows_older_than_thirty_days(app: Flask, clock: FrozenClock) -> None:
    proof = make_proof(waiting_review())
    db.session.commit()
    clock.advance(timedelta(days=28))
    run_due()
    assert ProofStore(instance()).has(proof.name)
    clock.advance(timedelta(days=1, hours=12))
    run_due()
    assert not ProofStore(instance()).has(proof.name)
    db.session.expire_all()
    assert proof.deleted_at is not None
    assert not db.session.query(Job).filter(Job.error.is_not(None)).all()


def test_files_and_rows_that_lost_each_other_are_cleared(app: Flask) -> None:
    kept, lost = make_proof(waiting_review()), make_proof(waiting_review())
    store = ProofStore(instance())
    store.remove(lost.name)
    with store.writing() as written:
        orphan, fresh = store.write(b"old", written), store.write(b"new", written)
    old = (NOON - timedelta(days=2)).timestamp()
    os.utime(instance() / "proofs" / orphan, (old, old))
    now = NOON.timestamp()
    os.utime(instance() / "proofs" / fresh, (now, now))
    delete_proofs_task({})
    delete_proofs_task({})
    db.session.commit()
    assert (kept.deleted_at, lost.deleted_at) == (None, NOON)
    assert store.has(kept.name)
    assert store.has(fresh)
    assert not store.has(orphan)


def test_a_machine_without_the_folder_marks_nothing(app: Flask) -> None:
    proof = make_proof(waiting_review())
    (instance() / "proofs").rename(instance() / "elsewhere")
    delete_proofs_task({})
    assert proof.deleted_at is None
    (instance() / "elsewhere").rename(instance() / "proofs")


def test_removing_what_is_gone_is_no_failure(app: Flask) -> None:
    remove_files_task({"names": ["0" * 32]})
