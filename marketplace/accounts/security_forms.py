"""Flask-Security's forms with our words: signing in, up and out, and new passwords.

Its own validators look the person up and check the password; ours are the labels, the hints and the shown name.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_security import ChangePasswordForm, LoginForm, LogoutForm, RegisterFormV2, ResetPasswordForm
from flask_security.forms import (
    EmailValidation,
    IsString,
    email_required,
    password_required,
    unique_user_email,
)
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField, ValidationError

from marketplace.accounts.labels import refusal_words
from marketplace.accounts.names import clean_name
from marketplace.core.errors import Invalid
from marketplace.core.extensions import db
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
    """Nothing but the token."""

    Meta = PageForm.Meta
