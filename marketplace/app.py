"""Puts the application together: configuration, extensions, language of the address, errors, templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, abort, g, request
from werkzeug.routing import MapAdapter

from marketplace import __version__
from marketplace.accounts import setup as accounts
from marketplace.billing import setup as billing
from marketplace.commands import COMMANDS
from marketplace.core.config import Settings, data_folder, load_settings
from marketplace.core.database import set_write_intent
from marketplace.core.extensions import Clock, babel, current_settings, db, migrate, system_clock
from marketplace.guides.queries import language_has_guides
from marketplace.i18n.currencies import known_currency
from marketplace.i18n.languages import (
    SOURCE_LANGUAGE,
    UNPREFIXED_ROOTS,
    LanguagePrefix,
    interface_languages,
    language_prefix,
    locale_for_babel,
)
from marketplace.listings import setup as listings
from marketplace.moderation import setup as moderation
from marketplace.providers import setup as providers
from marketplace.public import setup as public
from marketplace.reviews import setup as reviews
from marketplace.staff import setup as staff
from marketplace.web import health
from marketplace.web.assets import init_assets
from marketplace.web.errors import init_error_pages
from marketplace.web.limits import init_limits
from marketplace.web.page_cache.public import init_page_cache
from marketplace.web.params import IdConverter
from marketplace.web.proxies import ForwardedClient
from marketplace.web.security import QuietSessions, add_headers, guard_request
from marketplace.web.templating import init_presentation

# Each has `init(app)`, which registers its blueprints, receivers, tasks and template functions.
FEATURES = (accounts, providers, listings, reviews, billing, moderation, public, staff)
REQUEST_LIMIT = 1024 * 1024


class Application(Flask):
    """Flask whose addresses know languages: `url_for(…, _language='de')` is the page in that language, and what is never
    prefixed has no prefix."""

    session_interface = QuietSessions()

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Flask's; outside a request (worker, commands) addresses are those of the site."""
        if request is not None:
            return super().create_url_adapter(request)
        settings: Settings = self.extensions["settings"]
        scheme, _, host = settings.site_url.partition("://")
        return self.url_map.bind(host, url_scheme=scheme)

    def url_for(self, endpoint: str, *, _language: str | None = None, **values: Any) -> str:
        """Flask's `url_for`, with the language prefix of the page, of `_language`, or none. Outside a request addresses
        are whole."""
        path = super().url_for(endpoint, **values)
        root = request.script_root if request else ""
        asked = values.get("_external")
        external = not request if asked is None else bool(asked)
        site = current_settings().site_url
        if external:
            path = "/" + path.split("://", 1)[-1].partition("/")[2]
        if root and (path == root or path.startswith(root + "/")):
            path = path[len(root) :] or "/"
        if path[1:].split("?")[0].partition("/")[0] not in UNPREFIXED_ROOTS:
            language = _language if _language is not None else g.get("language", SOURCE_LANGUAGE) if g else ""
            path = language_prefix(language or SOURCE_LANGUAGE) + path
        return site + path if external else path


def build(environ: Mapping[str, str], clock: Clock | None) -> Flask:
    """The application from settings."""
    settings = load_settings(environ, known_currency)
    app = Application(
        "marketplace",
        template_folder=str(data_folder("templates")),
        static_folder=None,
        instance_path=str(settings.instance_path),
    )
    app.url_map.converters["int"] = IdConverter
    app.config.from_mapping(_flask_config(settings))
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or system_clock
    db.init_app(app)
    migrate.init_app(app, db, directory=str(data_folder("migrations")))
    babel.init_app(app, locale_selector=locale_for_babel)
    init_limits(app)
    init_presentation(app)
    init_error_pages(app, _settle_language)
    app.before_request(_open_request)
    for feature in FEATURES:
        feature.init(app)
    app.register_blueprint(health.bp)
    app.before_request(guard_request)
    app.after_request(add_headers)
    app.teardown_request(_close_request)
    for command in COMMANDS:
        app.cli.add_command(command)
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    init_assets(app, settings.instance_path / "assets")
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ForwardedClient(app.wsgi_app, proxies)  # type: ignore[method-assign]
    hosts = app.config["TRUSTED_HOSTS"]
    init_page_cache(app, settings, __version__, hosts[0] if hosts else None)
    return app


def _flask_config(settings: Settings) -> dict[str, Any]:
    engine_options: dict[str, Any] = {}
    if settings.database_url.startswith("postgresql"):
        engine_options = {"pool_pre_ping": True, "pool_size": 10}
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options,
        "BABEL_TRANSLATION_DIRECTORIES": str(data_folder("translations")),
        "BABEL_DEFAULT_LOCALE": SOURCE_LANGUAGE,
        "MAX_CONTENT_LENGTH": REQUEST_LIMIT,
        "SESSION_COOKIE_NAME": "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.production,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.production,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=14),
        "WTF_CSRF_TIME_LIMIT": None,
        "TRUSTED_HOSTS": [urlsplit(settings.site_url).hostname] if settings.production else None,
        "PREFERRED_URL_SCHEME": settings.site_url.split(":", 1)[0],
    }


def _open_request() -> None:
    g.language = request.environ.get("marketplace.language", SOURCE_LANGUAGE)
    set_write_intent(request.method not in ("GET", "HEAD", "OPTIONS"))
    # A guide's page looks the guide up in its language: asked once.
    if "stem" not in (request.view_args or {}):
        if not _settle_language():
            abort(404)
        db.session.rollback()
    if request.environ.get("marketplace.unknown") or "\0" in request.path:
        abort(404)
    if b"%00" in request.query_string:  # no text holds NUL, and PostgreSQL takes none
        abort(400)


def _settle_language() -> bool:
    """Whether we serve the address's language; if not, pages are in English from here on."""
    served = g.language in interface_languages() or language_has_guides(g.language)
    if not served:
        g.language = SOURCE_LANGUAGE
    return served


def _close_request(error: BaseException | None) -> None:
    set_write_intent(False)
