"""The forms of an account: our own, and Flask-Security's with our words.

Flask-Security's validators look the person up and check the password; ours are the labels, the hints and the shown name.
"""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, LoginForm, LogoutForm, RegisterFormV2, ResetPasswordForm
from flask_security.forms import (
    EmailValidation,
    IsString,
    email_required,
    password_required,
    unique_user_email,
)
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    ValidationError,
)

from marketplace.accounts.labels import refusal_words
from marketplace.accounts.services import clean_name
from marketplace.core.errors import Invalid, Refusal
from marketplace.core.extensions import db
from marketplace.i18n.languages import interface_languages
from marketplace.i18n.names import language_autonym
from marketplace.web.forms import PageForm

NEW_PASSWORD_HINT = _l(
    "Use eight characters or more. Four unrelated words are a good choice and easy to remember."
)
NAME_HINT = _l("This is shown on your reviews. It doesn’t have to be your full name.")


def _new_password(label: Any) -> PasswordField:
    return PasswordField(
        label,
        description=NEW_PASSWORD_HINT,
        render_kw={"autocomplete": "new-password"},
        validators=[IsString(), password_required],
    )


class SignInForm(LoginForm):
    """Address and password. An address that is not confirmed yet may sign in: it may do little until it is."""

    Meta = PageForm.Meta
    email = EmailField(
        _l("Email address"),
        render_kw={"autocomplete": "username"},
        validators=[IsString(), email_required, EmailValidation(verify=False)],
    )
    password = PasswordField(
        _l("Password"),
        render_kw={"autocomplete": "current-password"},
        validators=[IsString(), password_required],
    )
    remember = BooleanField(_l("Stay signed in on this device"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""  # the library's link to the reset page; ours stands below the form

    def validate_next(self, field: Field) -> None:
        """Where to go afterwards is checked where it is used."""

    def validate(self, **kwargs: Any) -> bool:
        """The library's check, which counts an address to be confirmed as an error although the password was right."""
        passed = super().validate(**kwargs)
        if self.requires_confirmation and self.user_authenticated:
            self.email.errors = []
            return True
        return bool(passed)


class SignUpForm(RegisterFormV2):
    """Address, password and the name that reviews show."""

    Meta = PageForm.Meta
    name = StringField(_l("Your name"), description=NAME_HINT, render_kw={"autocomplete": "nickname"})
    email = EmailField(
        _l("Email address"),
        description=_l("Nobody else sees it."),
        render_kw={"autocomplete": "email"},
        validators=[IsString(), email_required, EmailValidation(verify=True), unique_user_email],
    )
    password = _new_password(_l("Password"))

    def validate_name(self, field: Field) -> None:
        """The rule for names."""
        try:
            field.data = clean_name(str(field.data or ""))
        except Invalid as refusal:
            raise ValidationError(refusal_words(refusal)) from refusal

    def validate_next(self, field: Field) -> None:
        """Where to go afterwards is checked where it is used."""

    def validate(self, **kwargs: Any) -> bool:
        """The library's check; then the transaction that looked the address up ends, for hashing a password takes long and
        the database's write lock must not be held meanwhile."""
        passed = super().validate(**kwargs)
        db.session.rollback()
        return bool(passed)


class NewPasswordForm(ResetPasswordForm):
    """A new password after opening the link of a mail."""

    Meta = PageForm.Meta
    password = _new_password(_l("New password"))
    password_confirm = None


class OtherPasswordForm(ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    Meta = PageForm.Meta
    password = PasswordField(_l("Current password"), render_kw={"autocomplete": "current-password"})
    new_password = _new_password(_l("New password"))
    new_password_confirm = None


class SignOutForm(LogoutForm):
    """Only the CSRF token."""

    Meta = PageForm.Meta


class AddressForm(PageForm):
    """The address that a link is mailed to."""

    email = EmailField(_l("Email address"), render_kw={"autocomplete": "email"})
    next = HiddenField()

    def validate_email(self, field: Field) -> None:
        """Check the format only; never reveal whether the address has an account."""
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
    """Only a button."""


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
