"""Export and erasure of a member's reviews, votes, replies, proofs and receipts."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, update

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import db
from marketplace.core.waiting_edits import drop_edit
from marketplace.guides.queries import guide_titles
from marketplace.i18n.dates import format_month
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.reviews.labels import LEVEL_LABELS, STATUS_LABELS
from marketplace.reviews.models import (
    CONTENT_FIELDS,
    ProofLevel,
    Review,
    ReviewEdit,
    ReviewStatus,
    ReviewVersion,
)
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.proofs.services import delete_proofs_of
from marketplace.reviews.receipts.models import Receipt
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.risk.models import NetworkSighting
from marketplace.reviews.risk.signatures import forget_text
from marketplace.reviews.votes.models import ReviewVote
from marketplace.reviews.writing.services import withdraw_review
from marketplace.values.money import format_money
from marketplace.values.timeframe import format_timeframe

FIELD_LABELS = {
    "rating": _l("Stars"),
    "text": _l("Text"),
    "language": _l("Written in"),
    "experience_on": _l("Experience"),
    "real_cost": _l("What it cost"),
    "real_currency": _l("Currency"),
    "real_time": _l("How long it took"),
    "real_time_unit": _l("Unit of time"),
    "outcome": _l("Outcome"),
}
RECEIPT_LABELS = {
    "publish": _l("Published"),
    "reject": _l("Not published"),
    "document": _l("Documented"),
    "hide": _l("Hidden"),
    "restore": _l("Shown again"),
}


def export_reviews(sender: object, *, user: User) -> list[Section]:
    """Export: reviews of any status, edits, earlier versions, votes, replies, proofs, receipts, and networks."""
    mine = select(Review.id).where(Review.user_id == user.id)
    reviews = _rows(select(Review).where(Review.user_id == user.id).order_by(Review.id))
    topics = [row.listing.topic_id for row in reviews]
    titles = {number: guide.title for number, guide in guide_titles(topics, address_language()).items()}
    edits = _rows(select(ReviewEdit).where(ReviewEdit.review_id.in_(mine)).order_by(ReviewEdit.review_id))
    versions = _rows(
        select(ReviewVersion).where(ReviewVersion.review_id.in_(mine)).order_by(ReviewVersion.id)
    )
    votes = _rows(select(ReviewVote).where(ReviewVote.user_id == user.id).order_by(ReviewVote.review_id))
    replies = _rows(select(Reply).where(Reply.user_id == user.id).order_by(Reply.id))
    proofs = _rows(select(Proof).where(Proof.review_id.in_(mine)).order_by(Proof.id))
    receipts = _rows(select(Receipt).where(Receipt.user_id == user.id).order_by(Receipt.id))
    seen = select(NetworkSighting).where(NetworkSighting.user_id == user.id)
    sightings = _rows(seen.order_by(NetworkSighting.seen_at, NetworkSighting.network))
    return [
        Section("reviews", _l("Your reviews"), [_review(row, titles) for row in reviews]),
        Section("review_edits", _l("Changes to your reviews"), [_edit(row) for row in edits]),
        Section(
            "review_versions",
            _l("Earlier versions of your reviews"),
            [[*_content(row), Field("replaced_at", _l("Replaced on"), row.replaced_at)] for row in versions],
        ),
        Section(
            "votes",
            _l("Reviews you found helpful"),
            [
                [
                    Field("review", _l("Review number"), row.review_id),
                    Field("created_at", _l("Date"), row.created_at),
                ]
                for row in votes
            ],
        ),
        Section("replies", _l("Replies you wrote"), [_reply(row) for row in replies]),
        Section("proofs", _l("Your proofs"), [_proof(row) for row in proofs]),
        Section("receipts", _l("Your receipts"), [_receipt(row) for row in receipts]),
        Section("networks", _l("Networks you were seen in"), [_sighting(row) for row in sightings]),
    ]


def _rows(query: Any) -> list[Any]:
    return list(db.session.scalars(query))


def _content(row: Any) -> list[Field]:
    language = address_language()
    shown: dict[str, Any] = {
        "language": language_name(row.language, language),
        "real_currency": "",
        "real_time_unit": "",
    }
    shown["experience_on"] = format_month(row.experience_on, language)
    if row.real_cost is not None and row.real_currency is not None:
        shown["real_cost"] = format_money(row.real_cost, row.real_currency, language)
    if row.real_time is not None:
        shown["real_time"] = format_timeframe(row.real_time, row.real_time, row.real_time_unit, language)
    return [Field(name, FIELD_LABELS[name], getattr(row, name), shown.get(name)) for name in CONTENT_FIELDS]


def _review(row: Review, titles: dict[int, str]) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.id),
        Field("provider", _l("Provider"), row.listing.provider.name),
        Field("topic", _l("Procedure"), row.listing.topic.key, titles.get(row.listing.topic_id)),
        *_content(row),
        Field("level", _l("Level"), row.level, LEVEL_LABELS[ProofLevel(row.level)]),
        Field("status", _l("Status"), row.status, STATUS_LABELS[ReviewStatus(row.status)]),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
        Field("published_at", _l("Published on"), row.published_at),
        Field("edited_at", _l("Edited on"), row.edited_at),
        Field("network", _l("Your network, as a code"), row.network),
        *_risk(row),
    ]


def _edit(row: ReviewEdit) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.review_id),
        *_content(row),
        Field("status", _l("Status"), row.status, STATUS_LABELS[ReviewStatus(row.status)]),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
        *_risk(row),
    ]


def _risk(row: Review | ReviewEdit) -> list[Field]:
    """What the automated check said to the moderators. Which reviews of other people it compared is left out."""
    codes = [reason["code"] for reason in row.risk_reasons]
    return [
        Field("risk", _l("Score of the automated check, from 0 to 100"), row.risk),
        Field("risk_reasons", _l("What the automated check noticed"), codes, ", ".join(codes)),
    ]


def _reply(row: Reply) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.review_id),
        Field("text", FIELD_LABELS["text"], row.text),
        Field("status", _l("Status"), row.status, STATUS_LABELS[ReviewStatus(row.status)]),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
    ]


def _proof(row: Proof) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.review_id),
        Field("media_type", _l("File type"), row.media_type),
        Field("size", _l("Size in bytes"), row.size),
        Field("uploaded_at", _l("Sent on"), row.uploaded_at),
        Field("deleted_at", _l("Deleted on"), row.deleted_at),
    ]


def _sighting(row: NetworkSighting) -> list[Field]:
    return [
        Field("network", _l("Your network, as a code"), row.network),
        Field("seen_at", _l("Last seen on"), row.seen_at),
    ]


def _receipt(row: Receipt) -> list[Field]:
    said = json.loads(row.body)
    return [
        Field("number", _l("Review number"), row.review_id),
        Field("decision", _l("Decision"), said["action"], RECEIPT_LABELS.get(said["action"])),
        Field("decided_at", _l("Decided on"), said["decided_at"], datetime.fromisoformat(said["decided_at"])),
        Field("signature", _l("Signature"), row.signature, ""),
        Field("body", _l("Signed text"), row.body, ""),
    ]


def erase_reviews(sender: object, *, user: User, take_down: bool, now: datetime) -> None:
    """Erasure: proof files are deleted at once. Published reviews stay without the name and without earlier versions, or go
    too (`take_down`); nothing is left of the text of all other reviews."""
    delete_proofs_of(user.id, now=now)
    db.session.execute(delete(NetworkSighting).where(NetworkSighting.user_id == user.id))
    for review in db.session.scalars(
        select(Review).where(Review.user_id == user.id).order_by(Review.id)
    ).all():
        if review.status == ReviewStatus.PUBLISHED and not take_down:
            drop_edit(review)
            review.network = None
            continue
        if review.status == ReviewStatus.PUBLISHED:
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
    """Empty a review that was once published; its row stays, because reports and replies of others refer to it."""
    drop_edit(review)
    forget_text(review.id)
    review.status, review.text, review.outcome, review.note = ReviewStatus.WITHDRAWN, "", "", ""
    review.real_cost = review.real_currency = review.real_time = review.real_time_unit = None
    review.risk, review.risk_reasons, review.network = 0, [], None
    review.version += 1
    db.session.flush()


def _quietly(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
