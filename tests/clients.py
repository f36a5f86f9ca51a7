"""Test clients: a browser without JavaScript that checks every answer, and a runner of commands.

Each request and command runs in a context of its own, as in production: nothing of the test's own database session or
`g` leaks into it.
"""

from __future__ import annotations

from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from click.testing import Result
from flask import Flask, current_app, has_app_context
from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from marketplace.core.extensions import db
from tests.pages import Page, fields_of, lint, parsed
from tests.watch import WriteWatch

Fields = dict[str, Any]


class Client(FlaskClient):
    """Fails the test on uncommitted changes, on a GET that writes, and on a page that breaks the rules for pages."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send one request, as Flask's client does, and check what came of it."""
        settle(self.application)
        response: TestResponse = Context().run(super().open, *args, **kwargs)
        problems = watch_of(self.application).take_problems()
        readable = response.mimetype == "text/html" and "Content-Encoding" not in response.headers
        if readable and response.status_code not in range(300, 400) and response.data:
            problems += [
                f"{response.request.path}: {problem}" for problem in lint(response.get_data(as_text=True))
            ]
        assert not problems, "\n".join(problems)
        return response

    def __enter__(self) -> Client:
        raise TypeError("requests run in their own context: read the session with session_transaction()")

    def page(self, path: str, status: int = 200, **kwargs: Any) -> Page:
        """GET a page and parse it; fails on another status."""
        response = self.get(path, **kwargs)
        assert response.status_code == status, (
            f"{path}: {response.status} {response.headers.get('Location', '')}"
        )
        return parsed(response.get_data(as_text=True))

    def token(self, path: str) -> str:
        """The token of the forms on a page, for a `post` that a browser could not send."""
        return self.page(path).all("input", name="csrf_token")[0].get("value", "")

    def submit(
        self, path: str, data: Fields | None = None, *, on: str | None = None, follow_redirects: bool = False
    ) -> TestResponse:
        """Fill in the form that posts to `path`, as it stands on the page `on` (by default `path` itself), and send it.

        Hidden fields and preset values are sent as a browser would; None takes a field away; a field that the form
        does not have fails the test. Other text that a browser could not send goes through `post`.
        """
        page = self.page(on or path)
        fields = fields_of(page.form(path))
        unknown = set(data or {}) - set(fields)
        assert not unknown, f"the form on {on or path} has no {sorted(unknown)}, only {sorted(fields)}"
        for name, value in (data or {}).items():
            values = value if isinstance(value, list | tuple) else [] if value is None else [value]
            fields[name] = [str(part) for part in values]
        sent = MultiDict([(name, value) for name, values in fields.items() for value in values])
        return self.post(path, data=sent, follow_redirects=follow_redirects)


class Runner(FlaskCliRunner):
    """Runs `marketplace` commands against the test's application."""

    def invoke(self, cli: Any = None, args: Any = None, **kwargs: Any) -> Result:  # type: ignore[override]
        """Run a command in its own context; an exception that is not an exit is raised."""
        settle(self.app)
        kwargs.setdefault("catch_exceptions", False)
        result: Result = Context().run(super().invoke, cli, args, **kwargs)
        return result


def watch_of(app: Flask) -> WriteWatch:
    """The watch that the fixture attached to the application."""
    watch: WriteWatch = app.extensions["write_watch"]
    return watch


def settle(app: Flask) -> None:
    """End the test's own transaction, so that the program finds what the test made and the test what the program did."""
    if not has_app_context() or current_app._get_current_object() is not app:  # type: ignore[attr-defined]
        return
    session = db.session()
    pending = [*session.new, *session.dirty, *session.deleted] or watch_of(app).pending()
    assert not pending, f"commit what the test made before the program runs: {pending}"
    session.rollback()


def path_of(response: TestResponse) -> str:
    """Where a redirect leads: path and query, without the host."""
    parts = urlsplit(response.headers["Location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")
