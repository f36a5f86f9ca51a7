"""The forms of an account that are ours alone."""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, Field, HiddenField, SelectField, StringField, ValidationError

from marketplace.accounts.labels import refusal_words
from marketplace.accounts.security_forms import NAME_HINT
from marketplace.core.errors import Refusal
from marketplace.i18n.languages import interface_languages
from marketplace.i18n.names import language_autonym
from marketplace.web.forms import PageForm


class AddressForm(PageForm):
    """The address that a link is mailed to."""

    email = EmailField(_l("Email address"), render_kw={"autocomplete": "email"})
    next = HiddenField()

    def validate_email(self, field: Field) -> None:
        """The form of an address; whether anybody has it is not said."""
        typed = str(field.data or "").strip()
        if not typed:
            raise ValidationError(_("Enter your email address"))
        try:
            field.data = validate_email(
                typed, check_deliverability=False, allow_smtputf8=False
            ).normalized.lower()
        except EmailNotValidError as error:
            raise ValidationError(
                _("Enter an email address in the correct format, like name@example.com")
            ) from error


class ConfirmForm(PageForm):
    """A button."""


class DetailsForm(PageForm):
    """What a member says about themselves. The rules for names are the service's."""

    name = StringField(_l("Your name"), description=NAME_HINT, render_kw={"autocomplete": "nickname"})
    language = SelectField(_l("Language of our emails to you"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        now = getattr(kwargs.get("obj"), "language", "")
        offered = dict.fromkeys((*interface_languages(), *([now] if now else [])))
        self.language.choices = [(tag, language_autonym(tag)) for tag in offered]

    def explain(self, problem: Refusal) -> str:
        """A refusal as a sentence."""
        return refusal_words(problem)
