"""Responses that many views share."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, render_template
from werkzeug.exceptions import TooManyRequests

from marketplace.web.forms import PageForm, stale_page_words


def form_page(template: str, form: PageForm, **context: Any) -> Response:
    """A page with a form; the form sets the status."""
    return make_response(render_template(template, form=form, **context), form.status_code)


def too_many(page: Response, limit: TooManyRequests) -> Response:
    """Turn a page into a 429 with `Retry-After`."""
    page.status_code = 429
    page.headers["Retry-After"] = str(limit.retry_after)
    return page


def flash_stale_page() -> None:
    """Flash that a form was open for too long."""
    flash(stale_page_words(), "error")
