"""The mails that tell a decision, each in its reader's language, written in the decision's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from marketplace.accounts.models import User
from marketplace.guides.queries import guide_titles
from marketplace.i18n.languages import interface_language
from marketplace.mail.queue import queue_mail
from marketplace.moderation.appeals.services import AGAINST, READ_AGAIN
from marketplace.moderation.appeals.visitors import queue_visitor_letter
from marketplace.moderation.decisions.actions import Choice
from marketplace.moderation.decisions.grounds import find_ground
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.decisions.undoing import mail_key
from marketplace.moderation.models import Decision
from marketplace.moderation.reports.mails import queue_flag_letter
from marketplace.providers.membership import members_of
from marketplace.reviews.models import COUNTED_LEVELS
from marketplace.reviews.writing.redaction import covered_texts

TEMPLATES = {
    "review": "review_decided",
    "listing": "listing_decided",
    "listing_edit": "listing_decided",
    "provider": "provider_decided",
    "provider_edit": "provider_decided",
    "claim": "claim_decided",
    "review_edit": "review_edit_decided",
    "reply": "reply_decided",
    "flag": "flag_decided",
    "appeal": "appeal_decided",
}
STANDING_TEMPLATES = {
    "suspend": "provider_standing",
    "reinstate": "provider_standing",
    "warn": "provider_warning",
    "clear": "provider_warning",
}


def queue_letters(
    subject: Subject, decision: Decision, choice: Choice, *, run_at: datetime | None = None
) -> None:
    """Queue the mails of a decision that is about to be carried out: to whom it concerns, of a published review to the
    provider, of a published reply to the review's author. Call it before the change, which may take the edit or the members
    away. `run_at` is when they leave, at once by default."""
    if subject.kind == "flag":
        queue_flag_letter(subject.row, decision)
        return
    if subject.kind == "appeal" and subject.row.user_id is None:
        queue_visitor_letter(subject.row, decision)
        return
    template = STANDING_TEMPLATES.get(decision.action) or TEMPLATES[subject.kind]
    for reader in subject.readers():
        _queue(template, reader, subject, decision, choice, run_at)
    if subject.kind == "review" and decision.action == "publish":
        for member in members_of(subject.provider.id):
            _queue("review_received", member, subject, decision, choice, run_at)
    if subject.kind == "reply" and decision.action == "publish" and subject.row.published_at is None:
        author = subject.row.review.user  # told of the answer, not of each change of it
        if author is not None and author.active:
            _queue("reply_received", author, subject, decision, choice, run_at)


def _queue(
    template: str, reader: User, subject: Subject, decision: Decision, choice: Choice, run_at: datetime | None
) -> None:
    language = interface_language(reader.language)
    listing = subject.listing
    guide = None
    if listing is not None:
        guide = guide_titles([listing.topic_id], language).get(listing.topic_id)
    context: dict[str, Any] = {
        "kind": subject.kind,
        "is_read_again": subject.kind == "appeal" and subject.row.decision.subject in READ_AGAIN,
        "appeal": subject.id if (decision.subject, decision.action) in AGAINST else None,
        "action": decision.action,
        "was_shown": subject.kind == "listing" and subject.row.status == "published",
        "statement": decision.statement,
        "ground": find_ground(subject.kind, decision.ground),
        "provider": subject.provider,
        "topic_title": guide.title if guide is not None else None,
        "guide": guide,
        "review": subject.row if subject.kind == "review" else None,
        "counts": subject.kind == "review" and (choice.level or subject.row.level) in COUNTED_LEVELS,
        "text": covered_texts(subject.row, choice.covered)["text"] if subject.kind == "review" else None,
        "covers": bool(choice.covered) and decision.action == "publish",
        "reply": subject.row if subject.kind == "reply" else None,
    }
    key = mail_key(decision, f"{template}:{reader.id}")
    queue_mail(reader.email, template, language=reader.language, key=key, run_at=run_at, **context)
