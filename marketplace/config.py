"""Settings from the environment: read once, checked at start, and the folders that travel with the program.

A wrong or missing setting stops the program with one line that names it (`ConfigError`). The settings and their
defaults are listed in `docs/operators.md`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

PACKAGE = Path(__file__).resolve().parent
DEVELOPMENT_KEYS = {
    "SECRET_KEY": "development-only-secret-key",
    "RECEIPT_SIGNING_KEY": "development-only-receipt-key",
    "RISK_HASH_KEY": "development-only-risk-key",
}


class ConfigError(Exception):
    """A setting is wrong or missing; the message is one line that names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says, checked. Addresses carry no trailing slash."""

    environment: str
    database_url: str
    instance_path: Path
    site_url: str
    site_name: str
    guides_origin: str
    display_currency: str
    secret_key: str
    mail_url: str
    mail_sender: str
    cache_url: str
    worker: str
    operator_name: str
    operator_address: str
    operator_email: str
    receipt_signing_key: str = field(repr=False)
    risk_hash_key: str = field(repr=False)

    @property
    def production(self) -> bool:
        """Whether this is the real site: HTTPS, real keys, no demo."""
        return self.environment == "production"


@lru_cache
def data_folder(name: str) -> Path:
    """The folder `templates`, `static`, `migrations` or `translations`: in a checkout or an editable install it stands
    beside the package, in a wheel inside it under `_data/`."""
    for parent in (PACKAGE / "_data", PACKAGE.parent):
        folder = parent / name
        if folder.is_dir():
            return folder
    raise ConfigError(f"The folder {name}/ is missing: the installation is incomplete.")


def _default_instance() -> Path:
    checkout = PACKAGE.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "wsgi.py").is_file():
        return checkout / "instance"
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "marketplace"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check the settings. Raises `ConfigError` naming the first one that is wrong."""
    environment = _choice(environ, "MARKETPLACE_ENV", ("development", "production"))
    production = environment == "production"
    instance = Path(environ.get("INSTANCE_PATH") or _default_instance()).expanduser().absolute()
    settings = Settings(
        environment=environment,
        database_url=_database_url(environ, instance),
        instance_path=instance,
        site_url=_address(environ, "SITE_URL", "http://127.0.0.1:8000"),
        site_name=(environ.get("SITE_NAME") or "Marketplace").strip(),
        guides_origin=_address(environ, "GUIDES_ORIGIN", "https://tramitit.com"),
        display_currency=_currency(environ),
        secret_key=_key(environ, "SECRET_KEY", production),
        mail_url=_mail_url(environ),
        mail_sender=environ.get("MAIL_SENDER") or "marketplace@localhost.localdomain",
        cache_url=_cache_url(environ),
        worker=_choice(environ, "WORKER", ("embedded", "external")),
        operator_name=environ.get("OPERATOR_NAME", "").strip(),
        operator_address=environ.get("OPERATOR_ADDRESS", "").strip(),
        operator_email=environ.get("OPERATOR_EMAIL", "").strip(),
        receipt_signing_key=_key(environ, "RECEIPT_SIGNING_KEY", production),
        risk_hash_key=_key(environ, "RISK_HASH_KEY", production),
    )
    if production:
        _check_production(settings, environ)
    return settings


def _check_production(settings: Settings, environ: Mapping[str, str]) -> None:
    if not settings.site_url.startswith("https://"):
        raise ConfigError("SITE_URL must start with https:// in production.")
    for name in ("OPERATOR_NAME", "OPERATOR_ADDRESS", "OPERATOR_EMAIL"):
        if not environ.get(name, "").strip():
            raise ConfigError(f"{name} is required in production: the contact page names the operator.")
    if environ.get("STRIPE_API_BASE"):
        raise ConfigError("STRIPE_API_BASE is for development and tests; production talks to Stripe itself.")
    if settings.mail_url and not environ.get("MAIL_SENDER"):
        raise ConfigError("MAIL_SENDER is required in production: the address that mails come from.")


def _choice(environ: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = environ.get(name) or allowed[0]
    if value not in allowed:
        raise ConfigError(f"{name} must be {' or '.join(allowed)}, not {value!r}.")
    return value


def _key(environ: Mapping[str, str], name: str, production: bool) -> str:
    value = environ.get(name, "")
    if production:
        if len(value) < 24 or value in DEVELOPMENT_KEYS.values():
            raise ConfigError(f"{name} must be a secret of 24 characters or more in production.")
        return value
    return value or DEVELOPMENT_KEYS[name]


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    value = (environ.get(name) or default).rstrip("/")
    try:
        parts = urlsplit(value)
        valid = (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and not parts.query
            and not parts.fragment
        )
        valid = valid and not parts.path and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise ConfigError(
            f"{name} must be an http(s) address without a path, such as {default}, not {value!r}."
        )
    return value


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    value = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'marketplace.sqlite3'}"
    for old in ("postgres://", "postgresql://"):
        if value.startswith(old):
            return "postgresql+psycopg://" + value[len(old) :]
    if value.startswith(("postgresql+psycopg://", "sqlite:///")):
        return value
    raise ConfigError("DATABASE_URL must start with sqlite:/// or postgresql://.")


def _currency(environ: Mapping[str, str]) -> str:
    value = (environ.get("DISPLAY_CURRENCY") or "EUR").upper()
    from marketplace.currencies import known_currency

    if not known_currency(value):
        raise ConfigError(f"DISPLAY_CURRENCY must be a currency code such as EUR, not {value!r}.")
    return value


def _mail_url(environ: Mapping[str, str]) -> str:
    value = environ.get("MAIL_URL", "")
    if value:
        try:
            parts = urlsplit(value)
            valid = parts.scheme in ("smtp", "smtps", "smtp+starttls") and bool(parts.hostname)
            valid = valid and (parts.port is None or parts.port > 0)
        except ValueError:
            valid = False
        if not valid:
            raise ConfigError("MAIL_URL must look like smtp://user:password@host:port.")
    return value


def _cache_url(environ: Mapping[str, str]) -> str:
    value = environ.get("CACHE_URL", "")
    if value not in ("", "memory", "none"):
        raise ConfigError("CACHE_URL must be memory or none.")
    return value or "memory"
