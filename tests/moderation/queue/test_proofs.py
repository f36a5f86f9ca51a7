from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace.core.errors import Invalid, NotFound
from marketplace.core.extensions import db
from marketplace.moderation.decisions.registry import find_subject
from marketplace.moderation.models import LogEntry
from marketplace.moderation.queue.proofs import check_proven, open_proof, opened_proof, visible_proofs
from tests.factories import NOON, make_user
from tests.moderation.waiting import waiting_review
from tests.reviews.proving import make_proof


def test_opening_a_proof_is_logged_with_ids_alone(app: Flask) -> None:
    moderator = make_user("moderator")
    proof = make_proof(waiting_review(), moderator)
    line = db.session.scalars(select(LogEntry)).one()
    assert (line.action, line.subject, line.subject_id) == ("see_proof", "proof", proof.id)
    assert (line.actor_id, proof.seen_by, proof.seen_at) == (moderator.id, moderator.id, NOON)
    assert opened_proof(proof.id, actor=moderator) is proof


def test_only_who_opened_one_may_call_a_review_documented(app: Flask) -> None:
    review, one, other = waiting_review(), make_user("moderator"), make_user("moderator")
    with pytest.raises(Invalid, match="proof_missing"):
        check_proven(review.id, one.id)
    proof = make_proof(review, one)
    with pytest.raises(Invalid, match="proof_unseen"):
        check_proven(review.id, other.id)
    open_proof(proof.id, actor=other, now=NOON)
    check_proven(review.id, one.id)
    proof.deleted_at = NOON
    db.session.flush()
    with pytest.raises(Invalid, match="proof_missing"):
        check_proven(review.id, one.id)


def test_parties_and_members_find_no_proof(app: Flask) -> None:
    author, owner = make_user("moderator"), make_user("moderator")
    review = waiting_review(author, owner)
    proof = make_proof(review)
    for actor in (author, owner, make_user()):
        with pytest.raises(NotFound):
            open_proof(proof.id, actor=actor, now=NOON)
    assert visible_proofs(find_subject("review", review.id), owner) is None
    for number in (0, 999, 2**31):
        with pytest.raises(NotFound):
            opened_proof(number, actor=make_user("moderator"))
