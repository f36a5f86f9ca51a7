"""Answers that many views give."""

from __future__ import annotations

from typing import Any

from flask import render_template


def answer_form(template: str, **context: Any) -> Any:
    """A page with a form; 422 when the form comes back with errors."""
    forms = [value for name, value in context.items() if name.endswith("form")]
    return render_template(template, **context), 422 if any(form.errors for form in forms) else 200
