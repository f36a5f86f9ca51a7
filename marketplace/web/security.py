"""Who may use a route, what headers a page carries, and where a redirect may lead.

Every route declares its rule with `@access(rule)`; one without is refused, and a test fails on it. Ownership is not
decided here but in the services.

| rule | who |
| --- | --- |
| public | anyone; the same bytes for every reader, no cookie, no session |
| open | anyone, on a page of their own (sign in, sign up): never cached |
| member | signed in |
| confirmed | signed in with a confirmed address |
| moderator | moderators and admins |
| admin | admins |
| machine | no person: health, metrics, feeds |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as BaseResponse

from marketplace.core.extensions import current_settings
from marketplace.web.errors import kept_fields

RULES = ("public", "open", "member", "confirmed", "moderator", "admin", "machine")
COOKIELESS_RULES = frozenset({"public", "machine"})
STAFF_ROLES = ("moderator", "admin")
CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
View = TypeVar("View", bound=Callable[..., Any])


def access(rule: str) -> Callable[[View], View]:
    """Declare who may use a view; see the table of rules above."""
    if rule not in RULES:
        raise ValueError(f"unknown access rule {rule!r}")

    def declare(view: View) -> View:
        view.access_rule = rule  # type: ignore[attr-defined]
        return view

    return declare


def access_rule(app: Flask, endpoint: str | None) -> str | None:
    """The rule of an endpoint, or None where none was declared (such a route answers 404)."""
    if endpoint is None:
        return None
    kept: dict[str, str] = app.extensions.setdefault("access_rules", {})
    if endpoint in kept:
        return kept[endpoint]
    return getattr(app.view_functions.get(endpoint), "access_rule", None)


def declare_rules(app: Flask, rules: dict[str, str]) -> None:
    """Declare the rules of endpoints whose views are a library's."""
    app.extensions.setdefault("access_rules", {}).update(rules)


def content_security_policy() -> str:
    """The policy sent with every page: constant, without a nonce, so that a 304 keeps its page working. Only a page that let
    forms lead elsewhere (`let_forms_lead_to`) has another one."""
    policy = dict(CONTENT_SECURITY_POLICY)
    policy["form-action"] = " ".join((policy["form-action"], *g.get("form_targets", ())))
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def let_forms_lead_to(*origins: str) -> None:
    """Allow the forms of the page being answered to be redirected to these origins too. Never on a public page."""
    g.form_targets = origins


def guard_request() -> BaseResponse | None:
    """Before each request: check the route's access rule. Staff pages answer 404 to others."""
    if _cookieless(current_app):
        session.clear()
    if request.endpoint is None:
        return None
    rule = access_rule(current_app, request.endpoint)
    g.access_rule = rule
    if rule is None:
        abort(404)
    if rule in ("public", "open", "machine"):
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if rule == "confirmed" and current_user.confirmed_at is None:
        return _to_confirmation()
    if rule == "moderator" and current_user.role not in STAFF_ROLES:
        abort(404)
    if rule == "admin" and current_user.role != "admin":
        abort(404)
    return None


def _to_sign_in() -> BaseResponse:
    if request.method not in ("GET", "HEAD"):
        return _signed_out()
    return redirect(url_for("security.login", next=_own_address()))


def _own_address() -> str:
    target = request.full_path if request.query_string else request.path
    return request.script_root + target


def _to_confirmation() -> BaseResponse:
    """The way to confirm the address and back. What was sent comes back on a page of its own, as in `_signed_out`."""
    if request.method in ("GET", "HEAD"):
        flash(_("Confirm your email address first. We sent you a link."), "error")
        return redirect(url_for("security.send_confirmation", next=_own_address()))
    page = render_template("web/errors/unconfirmed.html", kept=kept_fields(), token=generate_csrf())
    return make_response(page, 403)


def _signed_out() -> BaseResponse:
    """What was sent by somebody no longer signed in comes back, to be sent again after signing in: nothing is lost."""
    page = render_template("web/errors/signed_out.html", kept=kept_fields())
    response: Response = make_response(page, 401)
    return response


def safe_target(target: str | None, default: str) -> str:
    """A redirect target from user input if it is a path of this site; otherwise `default`."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    if any(ord(c) < 32 for c in target):
        return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target


def add_headers(response: Response) -> Response:
    """After each request: the security headers, and no caching but of what asks for it."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_settings().production:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    headers.setdefault("Cache-Control", "private, no-store")  # whoever may be kept says so
    return response


class QuietSessions(SecureCookieSessionInterface):
    """Sessions that a public page neither reads (`guard_request` empties them: Flask opens the session before it knows the
    route) nor writes: no cookie, no `Vary: Cookie`."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Save nothing on cookieless routes."""
        if not _cookieless(app):
            super().save_session(app, session, response)


def _cookieless(app: Flask) -> bool:
    return request.endpoint is None or access_rule(app, request.endpoint) in COOKIELESS_RULES
