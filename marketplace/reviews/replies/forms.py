"""The form of a provider's reply; the rules are the service's."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, TextAreaField
from wtforms.widgets import HiddenInput

from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language
from marketplace.reviews.replies.labels import reply_problem_words
from marketplace.reviews.replies.models import Reply
from marketplace.reviews.replies.services import REPLY_LENGTH
from marketplace.values.money import format_number
from marketplace.web.fields import language_choices, options
from marketplace.web.forms import PageForm


class ReplyForm(PageForm):
    """Text, language, and the version of the reply that was read (0 where there was none)."""

    version = IntegerField(widget=HiddenInput())
    text = TextAreaField(_l("Your reply"))
    language = SelectField(_l("Language you wrote in"), validate_choice=False)

    def offer(self, reply: Reply | None, languages: Sequence[str]) -> None:
        """Fill in the languages, and on first sight the reply as it was last sent."""
        spoken = address_language()
        known = {*languages, spoken, *([reply.language] if reply is not None else [])}
        self.language.choices = options(language_choices(known, spoken))
        least, most = REPLY_LENGTH
        self.text.description = _(
            "Use %(least)s to %(most)s characters. Give your side. Do not say more about the "
            "case than the review does.",
            least=least,
            most=format_number(most, spoken),
        )
        if not self.is_submitted():
            self.text.data = reply.text if reply is not None and reply.status != "withdrawn" else ""
            self.language.data = reply.language if reply is not None else spoken
            self.remember(reply)

    def remember(self, reply: Reply | None) -> None:
        """Carry the version that is on the page."""
        self.version.data = reply.version if reply is not None else 0
        self.version.raw_data = None  # else the field would show again what was sent

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return reply_problem_words(problem)


class WithdrawForm(PageForm):
    """Asks once more; carries the version that is on the page."""

    version = IntegerField(widget=HiddenInput())
