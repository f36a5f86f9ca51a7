"""A provider that received a review, for tests of its reply and of votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.ratings.services import recompute_ratings
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.replies.services import edit_reply, publish_reply, write_reply
from tests.factories import NOON, make_listing, make_provider, make_review, make_topic, make_user

ANSWER = "Thank you. The second appointment no longer costs extra."
OTHER = "Thank you. We have changed our checklist since, and our prices."
LATER = NOON + timedelta(days=2)


@dataclass(frozen=True)
class Case:
    """A shown review, its author, and a member of the reviewed provider."""

    review: Review
    author: User
    member: User

    @property
    def provider(self) -> Provider:
        return self.review.listing.provider

    @property
    def desk(self) -> str:
        return f"/manage/{self.provider.slug}/reviews/"

    @property
    def form(self) -> str:
        return f"{self.desk}{self.review.id}/reply/"

    @property
    def page(self) -> str:
        """The listing's page in English."""
        return self.page_in("")

    def page_in(self, prefix: str) -> str:
        """The listing's page in a language, by the prefix of its addresses."""
        topic = self.review.listing.topic
        stem = next(guide.stem for guide in topic.guides if guide.language == (prefix[1:] or "en"))
        return f"{prefix}/guides/{topic.country}/{stem}/{self.provider.slug}/"


def make_case(**review: Any) -> Case:
    """Committed."""
    member, author = make_user(), make_user(name="Ottilie B.")
    listing = make_listing(make_topic(), make_provider(member, name="Nopal & <Norte>"))
    case = Case(make_review(listing, author, **review), author, member)
    recompute_ratings(listing.id)
    db.session.commit()
    return case


def write(case: Case, **values: Any) -> Reply:
    given = {"actor": case.member, "text": ANSWER, "language": "en", "now": NOON}
    return write_reply(case.review, **{**given, **values})


def edit(reply: Reply, actor: User, **values: Any) -> Reply:
    given = {"text": OTHER, "language": "en", "version": reply.version, "now": LATER}
    return edit_reply(reply, actor=actor, **{**given, **values})


def published(case: Case) -> Reply:
    """A reply that readers see. Committed."""
    reply = write(case)
    publish_reply(reply, now=NOON)
    db.session.commit()
    return reply
