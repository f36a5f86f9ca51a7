"""The form of a report; the rules are the service's."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, Field, RadioField, StringField, TextAreaField, ValidationError

from marketplace.core.errors import Refusal
from marketplace.i18n.languages import address_language
from marketplace.moderation.reports.labels import flag_refusal_words, reason_word
from marketplace.moderation.reports.services import EXPLANATION_LENGTH, REASONS
from marketplace.text.names import name_problem
from marketplace.values.money import format_number
from marketplace.web.fields import options
from marketplace.web.forms import PageForm

NAME_LENGTH = 120


class FlagForm(PageForm):
    """Reason, explanation and good faith."""

    reason = RadioField(_l("What is wrong with it?"), validate_choice=False)
    explanation = TextAreaField(_l("Explain it"))
    good_faith = BooleanField(_l("As far as I know, what I say here is true and complete."))

    def offer(self, kind: str) -> None:
        """Fill in the reasons for a kind of thing."""
        self.reason.choices = options((reason, reason_word(reason)) for reason in REASONS[kind])
        least, most = EXPLANATION_LENGTH
        self.explanation.description = _(
            "%(least)s to %(most)s characters. Tell us what a moderator can check: what is not true and how "
            "you know.",
            least=least,
            most=format_number(most, address_language()),
        )

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return flag_refusal_words(problem.code, address_language(), *EXPLANATION_LENGTH)


class VisitorFlagForm(FlagForm):
    """The same from somebody without an account."""

    email = EmailField(
        _l("Your email address"),
        description=_l(
            "We will email you a link to confirm your report and, later, our decision. Only moderators see "
            "your email address."
        ),
        render_kw={"autocomplete": "email"},
    )
    name = StringField(
        _l("Your name (optional)"), render_kw={"autocomplete": "name", "maxlength": NAME_LENGTH}
    )

    def validate_email(self, field: Field) -> None:
        """One address that could exist."""
        try:
            found = validate_email((field.data or "").strip(), check_deliverability=False)
        except EmailNotValidError:
            raise ValidationError(_("Enter your email address")) from None
        field.data = found.normalized

    def validate_name(self, field: Field) -> None:
        """None, or one that can be read and kept."""
        field.data = " ".join((field.data or "").split())
        if len(field.data) > NAME_LENGTH:
            raise ValidationError(_("The name must be %(most)s characters or fewer", most=NAME_LENGTH))
        if field.data and name_problem(field.data):
            raise ValidationError(_("Type the name again: it contains characters that cannot be seen"))
