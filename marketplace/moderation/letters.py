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
from marketplace.moderation.move import Choice
from marketplace.moderation.subjects import STANDING_MOVES, Subject
from marketplace.reviews.masking import covered_texts
from marketplace.reviews.models import COUNTED_LEVELS

TEMPLATES = {
    "review": "review_decided",
    "listing": "listing_decided",
    "listing_edit": "listing_decided",
    "provider": "provider_decided",
    "provider_edit": "provider_decided",
    "claim": "claim_decided",
    "review_edit": "review_edit_decided",
}
STANDING_TEMPLATE = "provider_standing"


def queue_letters(subject: Subject, decision: Decision, choice: Choice) -> None:
    """Queue the mails of a decision that is about to be carried out: to whom it concerns, and of a published review to the
    provider. Call it before the change, which may take the edit or the members away."""
    stands = decision.action in STANDING_MOVES.values()
    for reader in subject.readers():
        _queue(STANDING_TEMPLATE if stands else TEMPLATES[subject.kind], reader, subject, decision, choice)
    if subject.kind == "review" and decision.action == "publish":
        for member in members_of(subject.provider.id):
            _queue("review_received", member, subject, decision, choice)


def _queue(template: str, reader: User, subject: Subject, decision: Decision, choice: Choice) -> None:
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
        "counts": subject.kind == "review" and (choice.level or subject.row.level) in COUNTED_LEVELS,
        "text": covered_texts(subject.row, choice.covered)["text"] if subject.kind == "review" else None,
        "covers": bool(choice.covered) and decision.action == "publish",
    }
    key = f"decision:{decision.id}:{template}:{reader.id}"
    queue_mail(reader.email, template, language=reader.language, key=key, **context)
