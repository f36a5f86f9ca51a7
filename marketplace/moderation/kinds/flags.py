"""Reports in the queue: upheld, which takes the target out of sight and closes its other open reports; or dismissed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, func, or_, select

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.i18n.languages import address_language
from marketplace.i18n.names import language_name
from marketplace.listings.models import Listing
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, Details, Mail
from marketplace.moderation.decisions.differences import Fact, quoted
from marketplace.moderation.decisions.effects import carry_out
from marketplace.moderation.decisions.grounds import Ground
from marketplace.moderation.decisions.log import record_linked_decision
from marketplace.moderation.decisions.mails import queue_decision_mails
from marketplace.moderation.decisions.registry import find_kind
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, Decision, Flag, FlagStatus
from marketplace.moderation.reports.labels import reason_word
from marketplace.moderation.reports.mails import flag_decided_mails
from marketplace.moderation.reports.records import changed_since, flag_record
from marketplace.moderation.reports.services import count_report, settle_flag
from marketplace.moderation.reports.targets import (
    TARGETS,
    is_party_to_flag,
    lock_target,
    same_target,
    target_id,
    target_row,
)
from marketplace.providers.models import Provider
from marketplace.reviews.models import Review
from marketplace.reviews.replies.models import Reply


def _uphold(subject: FlagSubject, decision: Decision, choice: Choice) -> None:
    flag, target = subject.row, subject.target
    others = _other_open(flag)
    _lock_providers([flag, *others])
    settle_flag(flag, decision)
    for other in others:
        closed = FlagSubject(other)
        linked = record_linked_decision(decision, closed, ActionName.UPHOLD, other.asked_by)
        settle_flag(other, linked)
        queue_decision_mails(closed, linked, choice)
    if target.takedown is not None and target.takedown_is_due():
        linked = record_linked_decision(decision, target, target.takedown, flag.asked_by)
        carry_out(target, linked, choice, is_takedown=True)


def _dismiss(subject: FlagSubject, decision: Decision, choice: Choice) -> None:
    _lock_providers([subject.row])
    settle_flag(subject.row, decision)


def _other_open(flag: Flag) -> Sequence[Flag]:
    """The other open reports of the same target, locked. The target is locked already."""
    query = select(Flag).where(
        same_target(flag.subject, target_id(flag)), Flag.status == FlagStatus.PENDING, Flag.id != flag.id
    )
    return db.session.scalars(query.order_by(Flag.id).with_for_update()).all()


def _lock_providers(flags: Sequence[Flag]) -> None:
    """Lock all providers whose pages change, in one order: otherwise two decisions could wait for each other."""
    ids = {flag.provider_id for flag in flags} | {flag.by_provider_id for flag in flags} - {None}
    query = select(Provider.id).where(Provider.id.in_(ids)).order_by(Provider.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


class FlagSubject(Subject[Flag]):
    """A report. Its version is combined with its target's: nothing is taken down in words that no moderator read."""

    kind = "flag"
    excerpt = "explanation"
    model = Flag
    title = _l("Report about %(provider)s")
    word = ledger_word = _l("Report")
    facts_template = "moderation/kinds/flag.html"
    form_template = "moderation/kinds/flag_form.html"
    open_label = _l("Open the report")
    is_content = False
    source = _l("Your report")
    reversals: ClassVar = {ActionName.DISMISS: None}
    actions: ClassVar = {
        ActionName.UPHOLD: Action(apply=_uphold),
        ActionName.DISMISS: Action(apply=_dismiss, grounds=(why.NO_BREACH, why.UNSUBSTANTIATED, why.OPINION)),
    }

    @classmethod
    def lock_first(cls, subject_id: int) -> None:
        """The target: who decides on another report of it locks it first too."""
        lock_target(subject_id)

    @property
    def target(self) -> Subject[Any]:
        """The review, reply, listing or provider that was reported."""
        return find_kind(self.row.subject)(target_row(self.row))

    @property
    def version(self) -> int:
        """Both versions only rise, so their sum tells any change of either."""
        return int(self.row.version + target_row(self.row).version)

    def words_read(self) -> str:
        """The report, and what readers see of its target, which other acts of its author do not change."""
        return self.words_with(self.target.shown_content())

    def moved_by(self) -> ColumnElement[bool]:
        """It and the other reports of its target, the target itself, and what moves that."""
        same = select(Flag.id).where(same_target(self.row.subject, target_id(self.row)))
        others = (Decision.subject == self.kind) & Decision.subject_id.in_(same)
        return or_(others, self.target.moved_by())

    @property
    def listing(self) -> Listing | None:
        """The target's."""
        listing: Listing | None = self.row.offer
        return listing

    def readers(self) -> list[User]:
        """Those of a statement that takes the target down."""
        return self.target.readers()

    def is_party(self, user: User) -> bool:
        """Reporters, authors, and members of both providers are."""
        return is_party_to_flag(user, self.row) or super().is_party(user)

    @classmethod
    def concerns(cls, row: Any, user: User | None) -> bool:
        """The reporter can appeal."""
        return row.user_id is None if user is None else row.user_id == user.id

    def grounds_for(self, action: str) -> tuple[Ground, ...]:
        """Upholding takes the grounds of what follows."""
        if action == ActionName.UPHOLD and self.target.takedown is not None:
            return self.target.grounds_for(self.target.takedown)
        return super().grounds_for(action)

    @classmethod
    def all_grounds(cls) -> tuple[Ground, ...]:
        """Also those of a report that falls with a decision that an appeal reverses."""
        targets = [find_kind(name) for name in TARGETS]
        followed = [
            ground for kind in targets if kind.takedown for ground in kind.actions[kind.takedown].grounds
        ]
        grounds: dict[str, Ground] = {}
        for ground in (*followed, why.OUR_MISTAKE, why.UNFOUNDED, why.CORRECTED, *super().all_grounds()):
            grounds.setdefault(ground.code, ground)
        return tuple(grounds.values())

    def asked_by(self, action: str) -> str:
        """The reporter's matter."""
        return str(self.row.asked_by)

    def wait_again(self) -> None:
        """The provider's public record takes the dismissal back."""
        self.row.decided_at = None
        super().wait_again()
        if self.row.by_provider_id is not None:
            count_report(self.row.by_provider_id, dismissed=-1)

    def own_mails(self, decision: Decision) -> list[Mail]:
        """One to the reporter, who need not be a member."""
        return flag_decided_mails(self.row, decision)

    def facts(self) -> list[Fact]:
        """The report, then what readers see of its target, which is compared where it changes meanwhile."""
        flag = self.row
        reporter = flag.user.name or flag.user.email if flag.user is not None else flag.name or flag.email
        facts = [
            Fact("reason", _("Reason"), reason_word(flag.reason)),
            Fact("explanation", _("What they wrote"), flag.explanation, is_long=True),
            Fact("reporter", _("Reported by"), reporter or _("someone who has left")),
        ]
        if flag.by_provider is not None:
            facts.append(Fact("by_provider", _("Belongs to the provider"), flag.by_provider.name))
        facts.append(Fact("language", _("Gets emails in"), language_name(flag.language, address_language())))
        return [*facts, *quoted("reported", self.target.public_facts())]

    def details(self) -> Details:
        """What the report is compared with, and what became of its target since."""
        return Details(
            extra={
                "target": self.target,
                "flags": flag_record(self.row),
                "change": changed_since(self.row),
            }
        )

    def statement_label(self, action: str) -> Any:
        """The reporter reads why a report was dismissed."""
        if action == ActionName.DISMISS:
            return _l("Statement to the reporter")
        return self.target.statement_label(action)

    def statement_language(self, action: str) -> str | None:
        """The reporter's, or that of who reads why the target was taken down."""
        return self.row.language if action == ActionName.DISMISS else super().statement_language(action)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Reports that were confirmed."""
        rating = case((Flag.review_id.is_not(None), Review.rating))
        return (
            cls.waiting_rows(Flag.submitted_at, Flag.provider_id, Listing.topic_id, rating)
            .outerjoin(Reply, Reply.id == Flag.reply_id)
            .outerjoin(Review, Review.id == func.coalesce(Flag.review_id, Reply.review_id))
            .outerjoin(Listing, Listing.id == func.coalesce(Flag.listing_id, Review.listing_id))
        )
