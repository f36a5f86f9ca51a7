from __future__ import annotations

import os
from datetime import timedelta

from flask import Flask

from marketplace.core.extensions import db
from marketplace.core.jobs.queue import Job, run_due
from marketplace.reviews.proofs.store import ProofStore
from marketplace.reviews.proofs.tasks import delete, remove_files
from tests.clock import FrozenClock
from tests.factories import NOON
from tests.moderation.waiting import waiting_review
from tests.reviews.proving import instance, make_proof


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
    delete({})
    delete({})
    db.session.commit()
    assert (kept.deleted_at, lost.deleted_at) == (None, NOON)
    assert store.has(kept.name)
    assert store.has(fresh)
    assert not store.has(orphan)


def test_a_machine_without_the_folder_marks_nothing(app: Flask) -> None:
    proof = make_proof(waiting_review())
    (instance() / "proofs").rename(instance() / "elsewhere")
    delete({})
    assert proof.deleted_at is None
    (instance() / "elsewhere").rename(instance() / "proofs")


def test_removing_what_is_gone_is_no_failure(app: Flask) -> None:
    remove_files({"names": ["0" * 32]})
