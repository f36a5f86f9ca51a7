"""What reviews keep of a member, and what stays of it when the member goes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from marketplace.accounts.models import User
from marketplace.accounts.personal_data import Field, Section, data_asked, erasing
from marketplace.extensions import db
from marketplace.reviews.edit_rows import forget_edit
from marketplace.reviews.models import TOLD, Reply, Review, ReviewEdit, ReviewVersion, ReviewVote
from marketplace.reviews.proof_models import Proof, Receipt
from marketplace.reviews.proofs import delete_proofs_of
from marketplace.reviews.services import withdraw_review
from marketplace.reviews.signatures import forget_text

LABELS = {
    "rating": _l("Stars"),
    "text": _l("Text"),
    "language": _l("Written in"),
    "experience_on": _l("Experience"),
    "real_cost": _l("What it cost, in the smallest unit"),
    "real_currency": _l("Currency"),
    "real_time": _l("How long it took"),
    "real_time_unit": _l("Unit of time"),
    "outcome": _l("Outcome"),
}


@data_asked.connect
def own_reviews(sender: object, *, user: User) -> list[Section]:
    """Reviews of any status, edits, earlier versions, votes, replies, proofs and receipts."""
    mine = select(Review.id).where(Review.user_id == user.id)
    reviews = _rows(select(Review).where(Review.user_id == user.id).order_by(Review.id))
    edits = _rows(select(ReviewEdit).where(ReviewEdit.review_id.in_(mine)).order_by(ReviewEdit.review_id))
    versions = _rows(
        select(ReviewVersion).where(ReviewVersion.review_id.in_(mine)).order_by(ReviewVersion.id)
    )
    votes = _rows(select(ReviewVote).where(ReviewVote.user_id == user.id).order_by(ReviewVote.review_id))
    replies = _rows(select(Reply).where(Reply.user_id == user.id).order_by(Reply.id))
    proofs = _rows(select(Proof).where(Proof.review_id.in_(mine)).order_by(Proof.id))
    receipts = _rows(select(Receipt).where(Receipt.user_id == user.id).order_by(Receipt.id))
    return [
        Section("reviews", _l("Your reviews"), [_review(row) for row in reviews]),
        Section("review_edits", _l("Your changes of reviews"), [_edit(row) for row in edits]),
        Section(
            "review_versions",
            _l("What your reviews said before"),
            [[*_told(row), Field("replaced_at", _l("Replaced on"), row.replaced_at)] for row in versions],
        ),
        Section(
            "votes",
            _l("Reviews that you found helpful"),
            [
                [
                    Field("review", _l("Number of the review"), row.review_id),
                    Field("created_at", _l("Date"), row.created_at),
                ]
                for row in votes
            ],
        ),
        Section("replies", _l("Replies that you wrote"), [_reply(row) for row in replies]),
        Section("proofs", _l("Your proofs"), [_proof(row) for row in proofs]),
        Section("receipts", _l("Your receipts"), [_receipt(row) for row in receipts]),
    ]


def _rows(query: Any) -> list[Any]:
    return list(db.session.scalars(query))


def _told(row: Any) -> list[Field]:
    return [Field(name, LABELS[name], getattr(row, name)) for name in TOLD]


def _review(row: Review) -> list[Field]:
    return [
        Field("number", _l("Number of the review"), row.id),
        Field("provider", _l("Provider"), row.listing.provider.name),
        Field("topic", _l("Procedure"), row.listing.topic.key),
        *_told(row),
        Field("level", _l("Level"), row.level),
        Field("status", _l("Status"), row.status),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
        Field("published_at", _l("Published on"), row.published_at),
        Field("edited_at", _l("Edited on"), row.edited_at),
        Field("network", _l("Your network, as a hash"), row.network),
    ]


def _edit(row: ReviewEdit) -> list[Field]:
    return [
        Field("number", _l("Number of the review"), row.review_id),
        *_told(row),
        Field("status", _l("Status"), row.status),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
    ]


def _reply(row: Reply) -> list[Field]:
    return [
        Field("number", _l("Number of the review"), row.review_id),
        Field("text", LABELS["text"], row.text),
        Field("status", _l("Status"), row.status),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
    ]


def _proof(row: Proof) -> list[Field]:
    return [
        Field("number", _l("Number of the review"), row.review_id),
        Field("media_type", _l("Kind of file"), row.media_type),
        Field("size", _l("Size in bytes"), row.size),
        Field("uploaded_at", _l("Sent on"), row.uploaded_at),
        Field("deleted_at", _l("Deleted on"), row.deleted_at),
    ]


def _receipt(row: Receipt) -> list[Field]:
    said = json.loads(row.body)
    return [
        Field("number", _l("Number of the review"), row.review_id),
        Field("decision", _l("Decision"), said["action"]),
        Field("decided_at", _l("Decided on"), said["decided_at"]),
        Field("signature", _l("Signature"), row.signature),
        Field("body", _l("Signed text"), row.body),
    ]


@erasing.connect
def leave_reviews(sender: object, *, user: User, take_down: bool, now: datetime) -> None:
    """Proof files go at once. Published reviews stay without the name and without what they said before, or go too;
    of everything that nobody sees no word stays. Invitations to a confirmed address lose it and are not sent."""
    delete_proofs_of(user.id, now=now)
    for review in _rows(select(Review).where(Review.user_id == user.id).order_by(Review.id)):
        if review.status == "published" and not take_down:
            forget_edit(review)
            review.network = None
            continue
        if review.status == "published":
            withdraw_review(review, actor=user, now=now)
        db.session.flush()
        db.session.execute(_quietly(update(Proof).where(Proof.review_id == review.id).values(review_id=None)))
        if review.published_at is not None:
            _blank(review)
            continue
        db.session.execute(_quietly(delete(Review).where(Review.id == review.id)))
    kept = select(Review.id).where(Review.user_id == user.id)
    db.session.flush()
    db.session.execute(_quietly(delete(ReviewVersion).where(ReviewVersion.review_id.in_(kept))))
    db.session.expire_all()


def _blank(review: Review) -> None:
    """Nothing of a review that was once seen but its number: other people's reports of it and replies to it hang on that."""
    forget_edit(review)
    forget_text(review.id)
    review.status, review.text, review.outcome, review.note = "withdrawn", "", "", ""
    review.real_cost = review.real_currency = review.real_time = review.real_time_unit = None
    review.risk, review.risk_reasons, review.network = 0, [], None
    review.version += 1
    db.session.flush()


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
