"""Registers the pages of accounts, and binds Flask-Security to our users, addresses, pages and mail."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import Flask, abort, g, render_template, request, session
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.signals import user_authenticated
from flask_security.utils import uia_email_mapper
from itsdangerous import TimestampSigner
from werkzeug.exceptions import UnsupportedMediaType

from marketplace.accounts import views
from marketplace.accounts.forms import NewPasswordForm, OtherPasswordForm, SignInForm, SignOutForm, SignUpForm
from marketplace.accounts.labels import CATEGORIES, MESSAGES
from marketplace.accounts.mails import AccountMails
from marketplace.accounts.models import User
from marketplace.accounts.passwords import MIN_LENGTH, MIN_SCORE, Passwords
from marketplace.accounts.privacy import views as privacy_views
from marketplace.accounts.terms import NEWEST
from marketplace.core.config import DEVELOPMENT_KEYS, Settings, data_folder
from marketplace.core.database import set_write_intent
from marketplace.core.extensions import db, now
from marketplace.i18n.languages import address_language
from marketplace.text.clean import normal_address
from marketplace.web.limits import client_network, count_attempt
from marketplace.web.security import declare_rules

SECURITY_RULES = {
    "security.login": "open",
    "security.logout": "open",
    "security.register": "open",
    "security.forgot_password": "open",
    "security.reset_password": "open",
    "security.send_confirmation": "open",
    "security.confirm_email": "open",
    "security.change_password": "member",
}
BLUEPRINTS = (views.bp, views.access_bp, privacy_views.bp)
REMEMBERED = timedelta(days=30)
# OWASP's least: 19 MiB, two rounds. The library's own takes 64 MiB for each sign-in at the same time.
ARGON2 = {"argon2__memory_cost": 19 * 1024, "argon2__time_cost": 2, "argon2__parallelism": 1}


class Users(SQLAlchemyUserDatastore):
    """Flask-Security's store of our users: roles are a column, not a table."""

    def __init__(self) -> None:
        super().__init__(db, User, None)  # type: ignore[arg-type]

    def _prepare_create_user_args(self, **values: Any) -> dict[str, Any]:
        values.setdefault("active", True)
        values.setdefault("fs_uniquifier", secrets.token_hex(16))
        values.setdefault("created_at", now())
        values.setdefault("language", address_language())
        values.setdefault("terms_version", NEWEST.name)
        values.setdefault("signup_key", views.signup_digest())
        return values


class ClockSigner(TimestampSigner):
    """Signs links in mails; they expire by the application's clock."""

    def get_timestamp(self) -> int:
        """Seconds since the epoch."""
        return int(now().timestamp())


def init(app: Flask) -> None:
    """Install Flask-Security and the pages of accounts."""
    _init_security(app)
    for bp in BLUEPRINTS:
        app.register_blueprint(bp)


def _init_security(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(_security_config(settings))
    security = Security(
        login_form=SignInForm,
        logout_form=SignOutForm,
        register_form=SignUpForm,
        reset_password_form=NewPasswordForm,
        change_password_form=OtherPasswordForm,
        mail_util_cls=AccountMails,
        password_util_cls=Passwords,
        render_template=_security_page,
    )
    security.init_app(app, Users(), register_blueprint=True)
    declare_rules(app, SECURITY_RULES)
    security.want_json(lambda wanted: False)
    for serializer in (security.confirm_serializer, security.reset_serializer):
        serializer.signer = ClockSigner
    # Only the session says who somebody is: no tokens in headers or addresses.
    security.login_manager.request_loader(None)
    # Flask-Principal would load an identity on every request; roles are checked by the access rules.
    functions = app.before_request_funcs.get(None, [])
    functions[:] = [f for f in functions if "principal" not in getattr(f, "__module__", "")]
    user_authenticated.connect(_renew_token, app)
    app.before_request(_read_only_sign_in)
    app.before_request(count_account_attempts)


def _security_page(template: str, **context: Any) -> Any:
    forms = [value for name, value in context.items() if name.endswith("form")]
    return render_template(template, **context), 422 if any(form.errors for form in forms) else 200


def _renew_token(sender: Flask, user: User, **_: Any) -> None:
    # The form token of before signing in could be somebody else's, planted.
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _read_only_sign_in() -> None:
    # Hashing takes a while: on SQLite nobody should wait for the write lock meanwhile. Signing in writes nothing; erasing
    # writes afterwards.
    if request.endpoint in ("security.login", "personal_data.erase"):
        set_write_intent(False)


def _security_config(settings: Settings) -> dict[str, Any]:
    salt = settings.secret_key if settings.production else DEVELOPMENT_KEYS["SECRET_KEY"]
    messages = {f"SECURITY_MSG_{key}": (text, CATEGORIES.get(key, "error")) for key, text in MESSAGES.items()}
    return messages | {
        "SECURITY_URL_PREFIX": "/account",
        "SECURITY_LOGIN_URL": "/sign-in/",
        "SECURITY_LOGOUT_URL": "/sign-out/",
        "SECURITY_REGISTER_URL": "/sign-up/",
        "SECURITY_RESET_URL": "/reset/",
        "SECURITY_CHANGE_URL": "/password/",
        "SECURITY_CONFIRM_URL": "/confirm/",
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FRESHNESS": timedelta(minutes=-1),
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"email": {"mapper": uia_email_mapper, "case_insensitive": False}}
        ],
        "SECURITY_PASSWORD_SALT": salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2,
        "SECURITY_PASSWORD_LENGTH_MIN": MIN_LENGTH,
        "SECURITY_PASSWORD_COMPLEXITY_CHECKER": "zxcvbn",
        "SECURITY_ZXCVBN_MINIMUM_SCORE": MIN_SCORE,
        # Of what stands in signed links; the library's own scheme takes as long as a password.
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
        "SECURITY_PASSWORD_CONFIRM_REQUIRED": False,
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_LOGOUT_CSRF": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
        "SECURITY_I18N_DOMAIN": "messages",
        "SECURITY_I18N_DIRNAME": [str(data_folder("translations"))],
        "SECURITY_EMAIL_SENDER": settings.mail_sender,
        "SECURITY_EMAIL_PLAINTEXT": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_REGISTER_EMAIL_TEMPLATE": "confirm_address",
        "SECURITY_REGISTER_EMAIL_EXISTING_TEMPLATE": "existing_account",
        "SECURITY_EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "password_changed",
        "SECURITY_EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "password_changed",
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "allow_smtputf8": False},
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_POST_LOGIN_VIEW": "accounts.overview",
        "SECURITY_POST_LOGOUT_VIEW": "directory.home",
        "SECURITY_POST_REGISTER_VIEW": "accounts.mail_sent",
        "SECURITY_UNAUTHORIZED_VIEW": "security.login",
        "REMEMBER_COOKIE_DURATION": REMEMBERED,
    }


BY_NETWORK = "20/minute"
# By what was typed as the address, known or not: guesses at one account, and mails into one mailbox.
BY_ADDRESS = {
    "security.login": "100/hour",
    "security.register": "10/hour",
    "security.forgot_password": "10/hour",
    "security.send_confirmation": "10/hour",
}
TRIED = frozenset(
    {*BY_ADDRESS, "security.reset_password", "security.change_password", "security.confirm_email"}
)


def count_account_attempts() -> None:
    """Before each request: rate-limit posts to the account forms."""
    if request.method != "POST" or request.endpoint not in TRIED:
        return
    if request.is_json:
        abort(UnsupportedMediaType.code)
    count_attempt(BY_NETWORK, request.endpoint, client_network())
    typed = normal_address(request.form.get("email", ""))
    if typed and request.endpoint in BY_ADDRESS:
        count_attempt(
            BY_ADDRESS[request.endpoint], request.endpoint, hashlib.sha256(typed.encode()).hexdigest()
        )
