"""Answers that many views give."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template
from werkzeug.exceptions import TooManyRequests

from marketplace.web.forms import PageForm, stale_page_words


def form_page(template: str, form: PageForm, **context: Any) -> Response:
    """A page with a form, which knows the status."""
    return make_response(render_template(template, form=form, **context), form.status_code)


def too_many(page: Response, limit: TooManyRequests) -> Response:
    """A page that says why to wait, with status 429 and how long."""
    page.status_code = 429
    page.headers["Retry-After"] = str(limit.retry_after)
    return page


def flash_stale_page() -> None:
    """Tell on the next page that a form was open for too long."""
    flash(stale_page_words(), "error")
