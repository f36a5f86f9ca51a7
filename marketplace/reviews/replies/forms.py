"""The form of a provider's reply, and the labels of its statuses and problems."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.widgets import HiddenInput

from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language
from marketplace.reviews.labels import problem_message
from marketplace.reviews.replies.models import Reply, ReplyStatus
from marketplace.reviews.replies.services import REPLY_LENGTH
from marketplace.values.money import format_number
from marketplace.web.fields import language_choices, options
from marketplace.web.forms import PageForm

STATUS_LABELS = {
    ReplyStatus.PENDING: _l("With a moderator"),
    ReplyStatus.PUBLISHED: _l("Published"),
    ReplyStatus.REJECTED: _l("Not accepted"),
    ReplyStatus.HIDDEN: _l("Hidden"),
    ReplyStatus.WITHDRAWN: _l("Withdrawn"),
}
PROBLEMS = {
    "reply_unchanged": _l("This text was not accepted. Change it first"),
    "reply_exists": _l("Someone from your provider has replied in the meantime"),
    "changed": _l("It was changed after you opened it"),
}


class ReplyForm(PageForm):
    """Text, language, and the version of the reply on the page (0 if there was none)."""

    version = IntegerField(widget=HiddenInput())
    text = TextAreaField(_l("Your reply"))
    language = SelectField(_l("Language you wrote in"), validate_choice=False)

    def offer(self, reply: Reply | None, languages: Sequence[str]) -> None:
        """Fill in the languages, and when first opened the reply as it was last sent."""
        spoken = address_language()
        known = {*languages, spoken, *([reply.language] if reply is not None else [])}
        self.language.choices = options(language_choices(known, spoken))
        least, most = REPLY_LENGTH
        self.text.description = _(
            "Use %(least)s to %(most)s characters. Give your side. Do not say more about the case "
            "than the review does.",
            least=least,
            most=format_number(most, spoken),
        )
        if not self.is_submitted():
            self.text.data = reply.text if reply is not None and reply.status != ReplyStatus.WITHDRAWN else ""
            self.language.data = reply.language if reply is not None else spoken
            self.remember(reply)

    def remember(self, reply: Reply | None) -> None:
        """Keep the version of the reply on the page."""
        self.version.data = reply.version if reply is not None else 0
        self.version.raw_data = None  # else the field would show again what was sent

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return reply_problem_message(problem)


class WithdrawForm(PageForm):
    """Asks for confirmation; keeps the version of the reply on the page."""

    version = IntegerField(widget=HiddenInput())


def reply_problem_message(problem: Refusal) -> str:
    """A refusal as a sentence that says what to do."""
    if problem.code == "reply_contact_details":
        found = problem.details["found"]
        return _("Remove “%(found)s”. Replies cannot include contact details or links", found=found)
    return str(PROBLEMS.get(problem.code) or problem_message(problem))
