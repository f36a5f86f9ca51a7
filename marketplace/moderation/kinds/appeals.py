"""Appeals in the queue: upheld, which reverses the decision; or dismissed, which confirms it."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_

from marketplace.accounts.models import User
from marketplace.core.extensions import db
from marketplace.i18n.dates import format_date
from marketplace.i18n.languages import address_language
from marketplace.listings.models import Listing
from marketplace.moderation.appeals.queries import (
    appealed_subject,
    appealing_flag,
    is_party_behind,
    lock_appealed,
    stands,
)
from marketplace.moderation.decisions import grounds as why
from marketplace.moderation.decisions.actions import Action, Choice, Details, Mail
from marketplace.moderation.decisions.differences import Fact, quoted
from marketplace.moderation.decisions.effects import carry_out
from marketplace.moderation.decisions.labels import action_word
from marketplace.moderation.decisions.log import record_linked_decision
from marketplace.moderation.decisions.registry import find_ground, find_kind, find_subject
from marketplace.moderation.decisions.subjects import Subject
from marketplace.moderation.models import ActionName, Appeal, AskedBy, Decision, Flag, FlagStatus
from marketplace.moderation.reports.services import reverse_upheld_flags


def _uphold(subject: AppealSubject, decision: Decision, choice: Choice) -> None:
    _settle(subject.row, decision, FlagStatus.UPHELD)
    former = subject.row.decision
    if not stands(former):
        return
    decided = find_subject(former.subject, former.subject_id, lock=True)
    reversal = decided.reversals[former.action] if decided.can_be_reversed() else None
    if reversal is None:
        decided.wait_again()
        return
    linked = record_linked_decision(decision, decided, reversal, subject.asked_by(decision.action))
    if reversal == ActionName.PUBLISH:
        decided.wait_again()
    carry_out(decided, linked, choice)
    reverse_upheld_flags(former, decision)
    db.session.flush()


def _dismiss(subject: AppealSubject, decision: Decision, choice: Choice) -> None:
    _settle(subject.row, decision, FlagStatus.DISMISSED)


def _settle(appeal: Appeal, decision: Decision, status: FlagStatus) -> None:
    appeal.status, appeal.note = status, decision.statement
    appeal.version += 1
    db.session.flush()


class AppealSubject(Subject[Appeal]):
    """An appeal against a decision. Another moderator decides on it."""

    kind = "appeal"
    model = Appeal
    title = _l("Appeal about %(provider)s")
    word = ledger_word = _l("Appeal")
    mail_template = "appeal_decided"
    statement_heading = _l("Statement to the person appealing")
    facts_template = "moderation/kinds/appeal.html"
    form_template = "moderation/kinds/appeal_form.html"
    is_authored = True
    is_content = False
    source = _l("Your appeal")
    effects: ClassVar = {
        ActionName.UPHOLD: _l("The earlier decision no longer applies."),
        ActionName.DISMISS: _l("The earlier decision stays as it is."),
    }
    actions: ClassVar = {
        ActionName.UPHOLD: Action(apply=_uphold, grounds=(why.OUR_MISTAKE, why.UNFOUNDED, why.CORRECTED)),
        ActionName.DISMISS: Action(apply=_dismiss, grounds=(why.STANDS,)),
    }

    @classmethod
    def lock_first(cls, subject_id: int) -> None:
        """What was decided on."""
        lock_appealed(subject_id)

    @property
    def version(self) -> int:
        """Combined with that of what it is about: nothing is shown again in words that no moderator read."""
        appealed = appealed_subject(self.row)
        return int(self.row.version + (appealed.row.version if appealed is not None else 0))

    def words_read(self) -> str:
        """The appeal, and what was decided on."""
        appealed = appealed_subject(self.row)
        return self.words_with(appealed.content() if appealed is not None else ())

    def moved_by(self) -> ColumnElement[bool]:
        """What was decided on too, and what moves that."""
        appealed = appealed_subject(self.row)
        return or_(super().moved_by(), appealed.moved_by()) if appealed is not None else super().moved_by()

    @property
    def party_heading(self) -> Any:
        """A visitor has no record: the provider's members stand there."""
        return _l("Appeal from") if self.author is not None else Subject.party_heading

    def is_party(self, user: User) -> bool:
        """So is who is party to what was decided on, or reported it."""
        return super().is_party(user) or is_party_behind(user, self.row)

    def contests_decision_of(self, user: User) -> bool:
        """The first moderator does not decide again."""
        return bool(self.row.decision.actor_id == user.id)

    def asked_by(self, action: str) -> str:
        """Of who appeals."""
        former = find_kind(self.row.decision.subject)
        if former.is_authored:
            return AskedBy.AUTHOR
        return AskedBy.READER if former.model is Flag else AskedBy.PROVIDER

    @property
    def is_read_again(self) -> bool:
        """Whether upholding it puts what was decided on back into the queue: reversing it needs another reading."""
        former = self.row.decision
        return find_kind(former.subject).reversals.get(former.action) is None

    def own_mails(self, decision: Decision) -> list[Mail] | None:
        """To a visitor, at the address of the report; none where it is erased."""
        if self.row.user_id is not None:
            return None
        flag = appealing_flag(self.row)
        if flag is None or flag.email is None:
            return []
        context = {
            "provider": self.row.provider,
            "is_read_again": self.is_read_again,
            "is_visitor": True,
        }
        return [Mail("appeal_decided", flag.email, self.row.language, "appeal_decided:visitor", context)]

    def mail_context(self, decision: Decision, choice: Choice) -> dict[str, Any]:
        """Whether what was decided on is read once more."""
        return {"is_read_again": self.is_read_again}

    def facts(self) -> list[Fact]:
        """The decision with its reasons, the appeal's own words, then what it is about."""
        appeal, decision = self.row, self.row.decision
        ground = find_ground(decision.subject, decision.ground)
        decided_on = format_date(decision.decided_at.date(), address_language())
        appealed = appealed_subject(appeal)
        facts = [
            Fact("about", _("About"), str(find_kind(decision.subject).ledger_word)),
            Fact("decision", _("Decision"), action_word(decision.action)),
            Fact("ground", _("Ground"), str(ground.label) if ground is not None else decision.ground or "–"),
            Fact("statement", _("Statement"), decision.statement, is_long=True),
            Fact("decided_by", _("Decided by"), decision.actor.name if decision.actor is not None else "–"),
            Fact("decided_at", _("Decided on"), decided_on),
            Fact("appellant", _("Appeal from"), self._appellant()),
            Fact("text", _("What they wrote"), appeal.text, is_long=True),
        ]
        return [*facts, *(quoted("appealed", appealed.judged_facts()) if appealed is not None else ())]

    def _appellant(self) -> str:
        if self.row.user is not None:
            return self.row.user.name or self.row.user.email
        flag = appealing_flag(self.row)
        return (flag.name or flag.email if flag is not None else None) or _("someone who has left")

    def details(self) -> Details:
        """What it is about."""
        return Details(
            extra={
                "target": appealed_subject(self.row),
                "decided": find_kind(self.row.decision.subject),
                "is_judged": True,
            }
        )

    def statement_language(self, action: str) -> str:
        """The appeal's."""
        return str(self.row.language)

    @classmethod
    def waiting(cls) -> Select[Any]:
        """Appeals that were sent."""
        return cls.waiting_rows(Appeal.submitted_at, Appeal.provider_id, Listing.topic_id).outerjoin(
            Listing, Listing.id == Appeal.listing_id
        )
