"""Error pages, in the language of the address."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, RequestEntityTooLarge, SecurityError

from marketplace.core.database import is_locked
from marketplace.core.errors import Refusal
from marketplace.core.extensions import db

log = logging.getLogger(__name__)


def init_error_pages(app: Flask, settle_language: Callable[[], object]) -> None:
    """Install the handlers. `settle_language` falls back to English where the language is not served."""
    app.extensions["settle_language"] = settle_language
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(InternalServerError, _server_error)


def error_page(status: int, title: str, text: str) -> Response:
    """An error page. Machine routes get plain text, and so do requests for a foreign host: `url_for` cannot build an
    address for those."""
    g.no_alternates = True
    foreign = isinstance(request.routing_exception, SecurityError)
    if foreign or request.path.startswith(("/api/", "/healthz", "/readyz", "/webhooks/")):
        return Response(f"{title}\n", status=status, content_type="text/plain; charset=utf-8")
    page = render_template("web/errors/error.html", status=status, title=title, text=text)
    return make_response(page, status)


def _words(status: int) -> tuple[str, str]:
    known = {
        400: (
            _("We could not read that request"),
            _("There is a problem with the address or the form."),
        ),
        403: (_("You can’t do this"), _("Your account does not have permission to do this.")),
        404: (
            _("Page not found"),
            _("The web address may be out of date or mistyped. Search for what you need."),
        ),
        405: (
            _("This address can’t be used that way"),
            _("The address exists, but not for this kind of request."),
        ),
        409: (_("Someone changed this in the meantime"), _("Open the page again to see the latest version.")),
        413: (
            _("That is too large"),
            _("What you sent is larger than we accept. Shorten it and send it again."),
        ),
        429: (_("Too many attempts"), _("Wait a few minutes, then try again.")),
    }
    return known.get(status, (_("That did not work"), _("Check what you sent and try again.")))


def _http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    if status >= 500:
        return _server_error(error)
    current_app.extensions["settle_language"]()
    response = error_page(status, *_words(status))
    if status == 405 and isinstance(getattr(error, "valid_methods", None), list):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    if getattr(error, "retry_after", None):
        response.headers["Retry-After"] = str(error.retry_after)  # type: ignore[attr-defined]
    return response


def _refusal(error: Refusal) -> Response:
    current_app.extensions["settle_language"]()
    return error_page(error.status, *_words(error.status))


def kept_fields() -> list[tuple[str, str]]:
    """What was typed in the form that was posted, to be sent again. Files cannot be kept: large ones are not even read."""
    try:
        form = request.form
    except RequestEntityTooLarge:
        return []
    return [
        (name, value)
        for name, values in form.lists()
        for value in values
        if name != "csrf_token" and "password" not in name
    ]


def _database_error(error: OperationalError) -> ResponseReturnValue:
    """Somebody else wrote for too long: nothing was saved. What was posted is tried once more, and then comes back, to be
    sent again with one click."""
    if not is_locked(error):
        raise error
    db.session.rollback()
    if request.method == "POST" and not request.files and not g.get("tried_again"):
        g.tried_again = True  # files were read already
        return _answer_again()
    return _busy_page()


def _answer_again() -> ResponseReturnValue:
    """The view's answer at a second try: limits were counted and the access checked before the first."""
    try:
        return current_app.dispatch_request()
    except OperationalError as again:
        if not is_locked(again):
            raise
        db.session.rollback()
        return _busy_page()
    except Exception as other:
        return current_app.handle_user_exception(other)


def _busy_page() -> Response:
    log.warning("the database was locked at %s", request.endpoint)
    g.no_alternates = True
    posted = request.method == "POST"
    page = render_template(
        "web/errors/busy.html",
        kept=kept_fields() if posted else [],
        posted=posted,
        token=generate_csrf() if posted else "",
    )
    response = make_response(page, 503)
    response.headers["Retry-After"] = "5"
    return response


def _server_error(error: Exception) -> Response:
    cause = getattr(error, "original_exception", None) or error
    # The class and place only: a message could hold what a person typed.
    log.error("request failed: %s at %s", type(cause).__name__, request.endpoint, exc_info=cause)
    title = _("Something went wrong on our side")
    text = _(
        "Anything you had already saved is safe. What you just sent may not have reached us, "
        "so go back and send it again."
    )
    return error_page(500, title, text)
