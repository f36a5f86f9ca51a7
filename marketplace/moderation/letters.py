"""The mails that tell a decision, each in its reader's language, written in the decision's transaction."""

from __future__ import annotations

from typing import Any

from marketplace.accounts.models import User
from marketplace.guides.queries import guide_titles
from marketplace.i18n import interface_language
from marketplace.listings.membership import members_of
from marketplace.mail import queue_mail
from marketplace.moderation.grounds import find_ground
from marketplace.moderation.models import Decision
from marketplace.moderation.subjects import STANDING_MOVES, Subject

TEMPLATES = {
    "review": "review_decided",
    "listing": "listing_decided",
    "listing_edit": "listing_decided",
    "provider": "provider_decided",
    "provider_edit": "provider_decided",
    "claim": "claim_decided",
    "reply": "reply_decided",
}
STANDING_TEMPLATE = "provider_standing"


def queue_letters(subject: Subject, decision: Decision, *, counts: bool = False) -> None:
    """Queue the mails of a decision that is about to be carried out: to whom it concerns, of a published review to the
    provider, of a published reply to the review's author. Call it before the change, which may take the edit or the members
    away; `counts` says whether a review will enter the average."""
    stands = decision.action in STANDING_MOVES.values()
    for reader in subject.readers():
        _queue(STANDING_TEMPLATE if stands else TEMPLATES[subject.kind], reader, subject, decision, counts)
    if subject.kind == "review" and decision.action == "publish":
        for member in members_of(subject.provider.id):
            _queue("review_received", member, subject, decision, counts)
    if subject.kind == "reply" and decision.action == "publish" and subject.row.published_at is None:
        author = subject.row.review.user  # told of the answer, not of each change of it
        if author is not None and author.active:
            _queue("reply_received", author, subject, decision, counts)


def _queue(template: str, reader: User, subject: Subject, decision: Decision, counts: bool) -> None:
    language = interface_language(reader.language)
    listing = subject.listing
    guide = None
    if listing is not None:
        guide = guide_titles([listing.topic_id], language).get(listing.topic_id)
    context: dict[str, Any] = {
        "kind": subject.kind,
        "action": decision.action,
        "statement": decision.statement,
        "ground": find_ground(subject.kind, decision.ground),
        "provider": subject.provider,
        "topic_title": guide.title if guide is not None else None,
        "guide": guide,
        "review": subject.row if subject.kind == "review" else None,
        "reply": subject.row if subject.kind == "reply" else None,
        "counts": counts,
    }
    key = f"decision:{decision.id}:{template}:{reader.id}"
    queue_mail(reader.email, template, language=reader.language, key=key, **context)
