"""Reviews, and changes of published reviews, in the queue."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from marketplace.accounts.models import User
from marketplace.core.errors import Invalid
from marketplace.core.extensions import current_settings, db
from marketplace.i18n.dates import format_month
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.listings.models import Listing
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, Details, by, with_note
from marketplace.moderation.decisions.differences import Fact, compared
from marketplace.moderation.decisions.queries import effect_time
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, AskedBy, Decision
from marketplace.moderation.queue.invited import invited_with
from marketplace.moderation.queue.proofs import check_proven
from marketplace.moderation.queue.risks import shown_risk
from marketplace.providers.membership import members_of
from marketplace.reviews.models import (
    CONTENT_FIELDS,
    COUNTED_LEVELS,
    LEVELS,
    ProofLevel,
    Review,
    ReviewEdit,
    ReviewStatus,
)
from marketplace.reviews.receipts.services import Judged, issue_receipt
from marketplace.reviews.writing.edits import publish_edit, reject_edit
from marketplace.reviews.writing.redaction import cover, covered_texts, findings_of
from marketplace.reviews.writing.services import (
    change_level,
    hide_review,
    publish_review,
    reject_review,
    restore_review,
)
from marketplace.reviews.writing.versions import earlier_versions
from marketplace.values.money import format_money
from marketplace.values.timeframe import format_timeframe

DOCUMENTED = ProofLevel.DOCUMENTED
GROUNDS = (
    why.NOT_OWN_EXPERIENCE,
    why.OWN_OR_RIVAL,
    why.REWARDED,
    why.SAME_TEXT,
    why.CONTACT_DETAILS,
    why.INSULT_OR_PRIVATE_DATA,
    why.ABOUT_SOMETHING_ELSE,
    why.SPAM,
)


def _check_redaction(subject: Subject[Any], choice: Choice) -> None:
    """Personal data that was found is covered, or left on purpose (`cover_rest`); nothing else is covered
    (`cover_unknown`)."""
    found = {finding.key for finding in findings_of(subject.row)}
    if set(choice.covered) - found:
        raise Invalid("cover_unknown", "cover")
    if found - set(choice.covered) and not choice.leaves_rest:
        raise Invalid("cover_rest", "leaves_rest")


def _check_publishing(subject: Subject[Any], choice: Choice) -> None:
    if choice.level is not None and choice.level not in LEVELS:
        raise Invalid("level_unknown", "level")
    if choice.level == DOCUMENTED:
        check_proven(subject.id, choice.actor_id, field=DOCUMENTED)
    _check_redaction(subject, choice)


def _publish(subject: Subject[Any], decision: Decision, choice: Choice) -> None:
    cover(subject.row, choice.covered, now=choice.now)
    publish_review(subject.row, level=choice.level or subject.row.level, now=choice.now)


class _OfReview(Subject[Any]):
    """What a review and a change of one have in common."""

    is_authored = True
    names_former_author = True
    party_heading = _l("Author")
    is_screened = True
    statement_heading = _l("Statement to the author")

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """Whether something was covered."""
        return {"covers": bool(choice.covered) and decision.action == ActionName.PUBLISH}

    def details(self) -> Details:
        """Personal data in what waits, earlier versions, and the risk."""
        return Details(
            findings=findings_of(self.row) if self.is_waiting else (),
            versions=earlier_versions([self.id]).get(self.id, ()),
            risk=shown_risk(self.row),
        )

    def after_effect(self, decision: Decision) -> None:
        """Sign a receipt of the words that were judged: those of a rejected change are its own."""
        settings = current_settings()
        review = db.session.get_one(Review, self.id)
        judged_text = review if decision.action != ActionName.REJECT or review.edit is None else review.edit
        judged = Judged(
            decision.id,
            decision.action,
            decision.ground,
            decision.decided_at,
            visible_at=effect_time(decision.decided_at),
        )
        issue_receipt(
            review, judged_text, judged, site=settings.site_url, secret=settings.receipt_signing_key
        )

    @classmethod
    def provider_id_of(cls, subject_id: Any) -> Any:
        """The reviewed provider's."""
        return (
            select(Listing.provider_id)
            .join(Review, Review.listing_id == Listing.id)
            .where(Review.id == subject_id)
            .scalar_subquery()
        )


class ReviewSubject(_OfReview):
    """A review that waits, is shown or is hidden."""

    kind = "review"
    edit_kind = "review_edit"
    content_fields = CONTENT_FIELDS
    model = Review
    title = _l("Review of %(provider)s")
    word = ledger_word = _l("Review")
    mail_template = "review_decided"
    facts_template = "moderation/kinds/review.html"
    takedown = ActionName.HIDE
    takedown_effect = _l("The review will be hidden, and its author will see your statement.")
    open_label = _l("Open the review")
    reversals: ClassVar = {ActionName.REJECT: ActionName.PUBLISH, ActionName.HIDE: ActionName.RESTORE}
    history_kinds = ("review", "review_edit")
    actions: ClassVar = {
        ActionName.PUBLISH: Action(apply=_publish, check=_check_publishing, asked_by=AskedBy.AUTHOR),
        ActionName.REJECT: Action(apply=with_note(reject_review), grounds=GROUNDS, asked_by=AskedBy.AUTHOR),
        ActionName.DOCUMENT: Action(
            apply=lambda subject, _decision, choice: change_level(
                subject.row, level=DOCUMENTED, now=choice.now
            ),
            is_open=lambda subject: (
                subject.row.status == ReviewStatus.PUBLISHED and subject.row.level != DOCUMENTED
            ),
            rests_on_words=False,
            check=lambda subject, choice: check_proven(subject.id, choice.actor_id),
        ),
        ActionName.HIDE: Action(
            apply=with_note(hide_review),
            grounds=GROUNDS,
            is_open=lambda subject: subject.row.status == ReviewStatus.PUBLISHED,
            rests_on_words=False,
        ),
        ActionName.RESTORE: Action(
            apply=by(restore_review),
            grounds=why.REVERSAL_GROUNDS,
            is_open=lambda subject: subject.row.status == ReviewStatus.HIDDEN,
            rests_on_words=False,
        ),
    }

    def further_mails(self, decision: Decision) -> list[tuple[str, User]]:
        """The provider hears of a review that is published."""
        if decision.action != ActionName.PUBLISH:
            return []
        return [("review_received", member) for member in members_of(self.provider.id)]

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """The review as it will be shown."""
        return {
            **super().mail_context(decision, choice),
            "review": self.row,
            "counts": (choice.level or self.row.level) in COUNTED_LEVELS,
            "text": covered_texts(self.row, choice.covered)["text"],
        }

    def details(self) -> Details:
        """Of an invited review also the lists of clients, and what else came of them."""
        return replace(super().details(), extra={"invited": invited_with(self.row)})

    def facts(self) -> list[Fact]:
        """What the author wrote."""
        return review_facts(self.row)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Reviews that were sent."""
        return cls.waiting_rows(
            Review.submitted_at, Listing.provider_id, Listing.topic_id, Review.rating, Review.risk
        ).join(Listing, Listing.id == Review.listing_id)


class ReviewEditSubject(_OfReview):
    """A change of a review that was published; the old words are shown meanwhile."""

    kind = "review_edit"
    model = ReviewEdit
    parent = Review
    parent_kind = "review"
    history_is_parents = True
    open_label = _l("Open the change")
    title = _l("Change to a review of %(provider)s")
    word = _l("Change")
    ledger_word = _l("Change to a review")
    effects: ClassVar = {ActionName.REJECT: _l("The change is not shown. What was published before stays.")}
    mail_template = "review_edit_decided"
    facts_template = "moderation/kinds/change.html"
    reversals: ClassVar = {ActionName.REJECT: None}
    actions: ClassVar = {
        ActionName.PUBLISH: Action(
            apply=lambda subject, _decision, choice: publish_edit(
                subject.row, covered=choice.covered, now=choice.now
            ),
            check=_check_redaction,
            asked_by=AskedBy.AUTHOR,
        ),
        ActionName.REJECT: Action(apply=with_note(reject_edit), grounds=GROUNDS, asked_by=AskedBy.AUTHOR),
    }

    @property
    def author_id(self) -> int | None:
        """The review's."""
        author_id: int | None = self.row.review.user_id
        return author_id

    @classmethod
    def still_stands(cls, row: Any, action: str) -> bool:
        """`row` is the review: its change may be gone."""
        return row.edit is not None and super().still_stands(row.edit, action)

    def facts(self) -> list[Fact]:
        """The new words beside the old ones."""
        return compared(review_facts(self.row), review_facts(self.row.review))

    def public_facts(self) -> list[Fact]:
        """The new words."""
        return review_facts(self.row)

    def details(self) -> Details:
        """Whether the review is hidden: publishing its change does not show it."""
        found = super().details()
        extra = {"is_hidden": self.row.review.status == ReviewStatus.HIDDEN, "quotes_findings": True}
        return Details(found.findings, found.versions, found.risk, extra)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Changes that were sent."""
        return (
            cls.waiting_rows(
                ReviewEdit.submitted_at,
                Listing.provider_id,
                Listing.topic_id,
                ReviewEdit.rating,
                ReviewEdit.risk,
            )
            .join(Review, Review.id == ReviewEdit.review_id)
            .join(Listing, Listing.id == Review.listing_id)
        )


def review_facts(review: Review | ReviewEdit) -> list[Fact]:
    """A review or a change of one: stars, text, and what the author told besides."""
    language = address_language()
    cost = time = _("not given")
    if review.real_cost is not None and review.real_currency is not None:
        cost = format_money(review.real_cost, review.real_currency, language)
    if review.real_time is not None:
        time = format_timeframe(review.real_time, review.real_time, review.real_time_unit, language)
    return [
        Fact("rating", _("Stars"), str(review.rating)),
        Fact("text", _("Text"), review.text, is_long=True),
        Fact("experience_on", _("Experience"), format_month(review.experience_on, language)),
        Fact("real_cost", _("What it cost"), cost),
        Fact("real_time", _("How long it took"), time),
        Fact("outcome", _("Outcome"), review.outcome or _("not given")),
        Fact("language", _("Written in"), language_name(review.language, language)),
    ]
