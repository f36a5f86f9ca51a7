"""The base of every form that is posted: its token, and what is said when the token has grown old.

A form belongs to the session in which its page was opened. Where it no longer fits (signed out meanwhile, cookies removed,
restored tab), the form comes back with what was typed and one sentence, status 422 by the view.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import ValidationError


class PageToken(FlaskForm.Meta.csrf_class):
    """Flask-WTF's token, with our words."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Refuse a token that is missing, foreign or old."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(
                _("This page was open for too long. Check what you entered and send it again.")
            ) from error


class PageForm(FlaskForm):
    """A form of ours. Check shape only; services and constraints hold the truth."""

    class Meta:
        """Read by WTForms."""

        csrf_class = PageToken

    def refuse(self, field: str | None, message: str) -> None:
        """Put a service's refusal beside its field, or above the form where it belongs to none."""
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)
