"""The form of a decision. Which ground, statement and version hold is the service's matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, TextAreaField
from wtforms.widgets import HiddenInput

from marketplace.core.errors import Refusal
from marketplace.moderation.decisions.differences import Fact, snapshot
from marketplace.moderation.decisions.grounds import draft_statement
from marketplace.moderation.decisions.labels import GROUND_LABELS, refusal_words
from marketplace.moderation.decisions.subjects import Subject
from marketplace.reviews.writing.redaction import Finding
from marketplace.web.fields import CheckboxesField, options
from marketplace.web.forms import PageForm


class DecisionForm(PageForm):
    """A decision with its ground and statement. `version` and `read` carry what the moderator read."""

    version = IntegerField(widget=HiddenInput())
    read = HiddenField()
    ground = RadioField(_l("Ground for rejection"), validate_choice=False)
    statement = TextAreaField(
        _l("Statement"),
        description=_l("This draft is based on the ground. Change it if this case is different."),
    )
    drafts: dict[str, str]
    statement_language = ""
    cover = CheckboxesField(_l("Personal data to cover"))
    leaves_rest = BooleanField(
        _l("Leave the rest as it is: I have checked that it is nobody’s private data"),
    )
    documented = BooleanField(_l("Mark as documented: I have seen proof"))

    def offer(self, subject: Subject[Any], action: str, language: str) -> None:
        """Fill in the grounds for an action. `language` is that of the statement's reader."""
        self.statement_language = language
        grounds = subject.grounds_for(action)
        self.ground.choices = options((ground.code, ground.label) for ground in grounds)
        self.drafts = {ground.code: draft_statement(ground, language) for ground in grounds}
        self.ground.label.text = GROUND_LABELS.get(action) or _("Ground")
        self.statement.label.text = subject.statement_label(action)

    def offer_redaction(self, findings: Sequence[Finding]) -> None:
        """Fill in the personal data that was found, in its order."""
        self.cover.choices = options((finding.key, finding.words) for finding in findings)

    def remember(self, subject: Subject[Any], facts: list[Fact]) -> None:
        """Carry what is on the page: the version and the values. All that was found is ticked."""
        self.cover.data = [choice.value for choice in self.cover.choices]
        self.leaves_rest.data = False
        self.version.data = subject.version
        self.version.raw_data = None  # else the field would show again what was sent
        self.read.data = snapshot(facts)

    def draft(self) -> bool:
        """Put the chosen ground's statement in; what the moderator typed stays below it. False without a ground."""
        draft = self.drafts.get(self.ground.data or "")
        if draft is None:
            self.refuse("ground", refusal_words("ground_missing"))
            return False
        typed = (self.statement.data or "").strip()
        self.statement.data = draft if not typed or typed in self.drafts.values() else f"{draft}\n\n{typed}"
        return True

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return refusal_words(problem.code)
