"""What reviews keep of a member."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from marketplace.accounts.models import User
from marketplace.accounts.privacy.signals import Field, Section
from marketplace.core.extensions import db
from marketplace.guides.queries import guide_titles
from marketplace.i18n.dates import format_month
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.reviews.labels import level_name, status_words
from marketplace.reviews.models import CONTENT_FIELDS, Review, ReviewEdit, ReviewVersion
from marketplace.reviews.proofs.models import Proof
from marketplace.reviews.receipts.models import Receipt
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.votes.models import ReviewVote
from marketplace.values.money import format_money
from marketplace.values.timeframe import format_timeframe

LABELS = {
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
RECEIPT_WORDS = {
    "publish": _l("Published"),
    "reject": _l("Not published"),
    "document": _l("Documented"),
    "hide": _l("Hidden"),
    "restore": _l("Shown again"),
}


def own_reviews(sender: object, *, user: User) -> list[Section]:
    """Reviews of any status, edits, earlier versions, votes, replies, proofs and receipts."""
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
    return [
        Section("reviews", _l("Your reviews"), [_review(row, titles) for row in reviews]),
        Section("review_edits", _l("Changes to your reviews"), [_edit(row) for row in edits]),
        Section(
            "review_versions",
            _l("Earlier versions of your reviews"),
            [[*_told(row), Field("replaced_at", _l("Replaced on"), row.replaced_at)] for row in versions],
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
    ]


def _rows(query: Any) -> list[Any]:
    return list(db.session.scalars(query))


def _told(row: Any) -> list[Field]:
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
    return [Field(name, LABELS[name], getattr(row, name), shown.get(name)) for name in CONTENT_FIELDS]


def _review(row: Review, titles: dict[int, str]) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.id),
        Field("provider", _l("Provider"), row.listing.provider.name),
        Field("topic", _l("Procedure"), row.listing.topic.key, titles.get(row.listing.topic_id)),
        *_told(row),
        Field("level", _l("Level"), row.level, level_name(row.level)),
        Field("status", _l("Status"), row.status, status_words(row.status)),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
        Field("published_at", _l("Published on"), row.published_at),
        Field("edited_at", _l("Edited on"), row.edited_at),
        Field("network", _l("Your network, as a code"), row.network),
    ]


def _edit(row: ReviewEdit) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.review_id),
        *_told(row),
        Field("status", _l("Status"), row.status, status_words(row.status)),
        Field("note", _l("What the moderator wrote"), row.note),
        Field("submitted_at", _l("Sent on"), row.submitted_at),
    ]


def _reply(row: Reply) -> list[Field]:
    return [
        Field("number", _l("Review number"), row.review_id),
        Field("text", LABELS["text"], row.text),
        Field("status", _l("Status"), row.status, status_words(row.status)),
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


def _receipt(row: Receipt) -> list[Field]:
    said = json.loads(row.body)
    return [
        Field("number", _l("Review number"), row.review_id),
        Field("decision", _l("Decision"), said["action"], RECEIPT_WORDS.get(said["action"])),
        Field("decided_at", _l("Decided on"), said["decided_at"], datetime.fromisoformat(said["decided_at"])),
        Field("signature", _l("Signature"), row.signature, ""),
        Field("body", _l("Signed text"), row.body, ""),
    ]
