"""The base of every form that is posted: its token, a service's refusal beside its fields, and the page's status.

A form belongs to the session in which its page was opened. If it no longer fits (the user signed out, removed cookies or
restored a tab), the form comes back with what was typed and one sentence.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import ValidationError

from marketplace.core.errors import Refusal


class PageToken(FlaskForm.Meta.csrf_class):
    """Flask-WTF's CSRF token, with our error message."""

    def validate_csrf_token(self, form: Any, field: Any) -> None:
        """Refuse a token that is missing, foreign or old."""
        try:
            super().validate_csrf_token(form, field)
        except ValidationError as error:
            raise ValidationError(stale_page_words()) from error


class PageForm(FlaskForm):
    """A form of ours. Check shape only; services and constraints hold the truth."""

    refusal_status: int | None = None

    class Meta:
        """Read by WTForms."""

        csrf_class = PageToken

    @property
    def status_code(self) -> int:
        """The status of the page that shows the form: a refusal's, otherwise 422 if there are errors, otherwise 200."""
        return self.refusal_status or (422 if self.errors else 200)

    def refuse(self, field: str | None, message: str, *, status: int | None = None) -> None:
        """Put an error beside its field, or above the form if it has none."""
        self.refusal_status = status or self.refusal_status
        if field is not None and field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)

    def show_refusal(self, refusal: Refusal) -> None:
        """Put a service's refusal beside its fields, or above the form; the page answers with its status."""
        for problem in refusal.problems:
            self.refuse(self.field_of(problem), self.explain(problem), status=refusal.status)

    def field_of(self, problem: Refusal) -> str | None:
        """The field that shows a problem."""
        return problem.field

    def explain(self, problem: Refusal) -> str:
        """A problem as a sentence. Forms that show refusals define it."""
        raise NotImplementedError


def stale_page_words() -> str:
    """The error message for a form whose token no longer fits."""
    return _("This page was open for too long. Check what you entered and send it again.")
