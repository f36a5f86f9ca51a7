"""Binds Flask-Security to our users, addresses, pages and mail."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore
from flask_security.mail_util import MailUtil

from marketplace.accounts.models import User
from marketplace.config import DEVELOPMENT_KEYS, Settings
from marketplace.extensions import db, now
from marketplace.i18n import address_language
from marketplace.mail import queue_message
from marketplace.security import declare_rules

SECURITY_RULES = {
    "security.login": "open",
    "security.logout": "open",
    "security.register": "open",
    "security.forgot_password": "open",
    "security.reset_password": "open",
    "security.send_confirmation": "open",
    "security.confirm_email": "open",
    "security.change_password": "member",
    "security.verify": "member",
}


class Users(SQLAlchemyUserDatastore):
    """Flask-Security's store of our users: roles are a column, not a table."""

    def __init__(self) -> None:
        super().__init__(db, User, None)

    def _prepare_create_user_args(self, **values: Any) -> dict[str, Any]:
        values.setdefault("active", True)
        values.setdefault("fs_uniquifier", secrets.token_hex(16))
        values.setdefault("created_at", now())
        values.setdefault("language", address_language())
        return values


class QueuedMail(MailUtil):
    """Flask-Security's mails go through the job table, in the transaction of the request."""

    def send_mail(
        self, template: str, subject: Any, recipient: Any, sender: Any, body: Any, html: Any, **kwargs: Any
    ) -> None:
        """Queue one message; `recipient` is an address or (name, address)."""
        address = recipient[1] if isinstance(recipient, tuple) else recipient
        queue_message(address, str(subject), str(body or ""), html and str(html), language=address_language())


users = Users()
security = Security()


def init_accounts(app: Flask) -> None:
    """Configure and install Flask-Security."""
    settings: Settings = app.extensions["settings"]
    app.config.update(_security_config(settings))
    security.init_app(app, users, register_blueprint=True, mail_util_cls=QueuedMail)
    declare_rules(app, SECURITY_RULES)
    # Flask-Principal would load an identity on every request; roles are checked by the access rules.
    functions = app.before_request_funcs.get(None, [])
    functions[:] = [f for f in functions if "principal" not in getattr(f, "__module__", "")]


def _security_config(settings: Settings) -> dict[str, Any]:
    salt = settings.secret_key if settings.production else DEVELOPMENT_KEYS["SECRET_KEY"]
    return {
        "SECURITY_URL_PREFIX": "/account",
        "SECURITY_LOGIN_URL": "/sign-in/",
        "SECURITY_LOGOUT_URL": "/sign-out/",
        "SECURITY_REGISTER_URL": "/sign-up/",
        "SECURITY_RESET_URL": "/reset/",
        "SECURITY_CHANGE_URL": "/password/",
        "SECURITY_CONFIRM_URL": "/confirm/",
        "SECURITY_VERIFY_URL": "/verify/",
        "SECURITY_PASSWORD_SALT": salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_REGISTERABLE": True,
        "SECURITY_CONFIRMABLE": True,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_LOGIN_WITHOUT_CONFIRMATION": True,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_USE_REGISTER_V2": True,
        "SECURITY_CACHE_CONTROL": {"private": None, "no-store": None},
        "SECURITY_EMAIL_SENDER": settings.mail_sender,
        "SECURITY_POST_LOGIN_VIEW": "accounts.overview",
        "SECURITY_POST_LOGOUT_VIEW": "directory.home",
        "SECURITY_POST_REGISTER_VIEW": "accounts.overview",
        "SECURITY_UNAUTHORIZED_VIEW": "security.login",
        "SECURITY_DATETIME_FACTORY": now,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    }
