"""Replies of providers in the queue, and changes of replies, which wait in the same row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.listings.models import Listing
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, by, with_note
from marketplace.moderation.decisions.differences import Fact
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, AskedBy, Decision
from marketplace.reviews.models import Review, ReviewStatus
from marketplace.reviews.replies.models import Reply, ReplyStatus
from marketplace.reviews.replies.services import hide_reply, publish_reply, reject_reply, restore_reply

GROUNDS = (
    why.INSULT_OR_PRIVATE_DATA,
    why.CONTACT_DETAILS,
    why.REPLY_ABOUT_SOMETHING_ELSE,
    why.REVEALS_CLIENT,
    why.PRESSURES_AUTHOR,
)


def _check_review(subject: Subject[Any], choice: Choice) -> None:
    if subject.row.review.status != ReviewStatus.PUBLISHED:
        raise Invalid("review_not_shown")


class ReplySubject(Subject[Reply]):
    """A reply that waits, is shown or is hidden."""

    kind = "reply"
    content_fields = ("text", "language", "shown_text", "shown_language")
    model = Reply
    title = _l("Reply from %(provider)s")
    word = ledger_word = _l("Reply")
    mail_template = "reply_decided"
    is_counted_against = True
    facts_template = "moderation/kinds/reply.html"
    buttons: ClassVar = {ActionName.HIDE: _l("Hide this reply")}
    messages: ClassVar = {
        ActionName.HIDE: _l("Hidden. It is no longer shown. We’ll email your statement to the provider."),
        ActionName.RESTORE: _l("Shown again. We’ll email your statement to the provider."),
    }
    takedown = ActionName.HIDE
    takedown_effect = _l("The reply will be hidden, and the members of its provider will see your statement.")
    quote_template = "moderation/reports/quote_reply.html"
    open_label = _l("Open the reply")
    reversals: ClassVar = {ActionName.REJECT: ActionName.PUBLISH, ActionName.HIDE: ActionName.RESTORE}
    actions: ClassVar = {
        ActionName.PUBLISH: Action(apply=by(publish_reply), check=_check_review, asked_by=AskedBy.PROVIDER),
        ActionName.REJECT: Action(apply=with_note(reject_reply), grounds=GROUNDS, asked_by=AskedBy.PROVIDER),
        ActionName.HIDE: Action(
            apply=with_note(hide_reply),
            grounds=GROUNDS,
            # While a change waits, that is decided first: a page asks for one statement at a time.
            is_open=lambda subject: subject.row.is_shown and not subject.is_waiting,
            still_fits=lambda subject: subject.row.is_shown,
            rests_on_words=False,
        ),
        ActionName.RESTORE: Action(
            apply=by(restore_reply),
            grounds=why.REVERSAL_GROUNDS,
            is_open=lambda subject: subject.row.status == ReplyStatus.HIDDEN,
            rests_on_words=False,
        ),
    }

    def is_party(self, user: User) -> bool:
        """The author of the review that it answers is one too."""
        return self.row.review.user_id == user.id or super().is_party(user)

    def is_same(self, decision: Decision) -> bool:
        """Changing a reply sends it again: what was shown before the decision is the same all the same."""
        published_at = self.row.published_at
        was_shown = published_at is not None and published_at <= decision.decided_at
        return was_shown or super().is_same(decision)

    def shown_content(self) -> tuple[Any, ...]:
        """Without a change that waits."""
        return self.row.shown_text, self.row.shown_language

    def takedown_is_due(self) -> bool:
        """What was shown last is in sight, whatever became of a change."""
        return bool(self.row.is_shown)

    def further_mails(self, decision: Decision) -> list[tuple[str, User]]:
        """The author of the review hears of the reply, but not of each change of it."""
        author = self.row.review.user
        if decision.action != ActionName.PUBLISH or self.row.published_at is not None:
            return []
        return [("reply_received", author)] if author is not None and author.active else []

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """The reply."""
        return {"reply": self.row}

    def facts(self) -> list[Fact]:
        """Text and language; the old ones where a change waits or was refused while they are shown."""
        reply, language = self.row, address_language()
        old_text = old_language = None
        if reply.is_shown and reply.shown_language and reply.shown_text != reply.text:
            old_text = reply.shown_text
            old_language = language_name(reply.shown_language, language)
        return [
            Fact("text", _("Text"), reply.text, old_text, is_long=True),
            Fact("language", _("Written in"), language_name(reply.language, language), old_language),
        ]

    def public_facts(self) -> list[Fact]:
        """What readers see, without a change that waits."""
        language = self.row.shown_language or self.row.language
        return [
            Fact("text", _("Text"), self.row.shown_text or self.row.text, is_long=True),
            Fact("language", _("Written in"), language_name(language, address_language())),
        ]

    def judged_facts(self) -> list[Fact]:
        """The words that were decided on, not those that are shown."""
        return [replace(fact, old=None) for fact in self.facts()]

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Replies that were sent. While its review is not shown, a reply waits for that to change."""
        return (
            cls.waiting_rows(Reply.submitted_at, Reply.provider_id, Listing.topic_id)
            .join(Review, (Review.id == Reply.review_id) & (Review.status == ReviewStatus.PUBLISHED))
            .join(Listing, Listing.id == Review.listing_id)
        )
