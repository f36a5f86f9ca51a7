"""Settings from the environment: read once, checked at start, and the folders that travel with the program.

A wrong or missing setting stops the program with one line that names it (`ConfigError`). The settings and their
defaults are listed in `docs/operators.md`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

PACKAGE = Path(__file__).resolve().parent.parent
DEVELOPMENT_KEYS = {
    "SECRET_KEY": "development-only-secret-key",
    "RECEIPT_SIGNING_KEY": "development-only-receipt-key",
    "RISK_HASH_KEY": "development-only-risk-key",
}
STAND_IN_KEYS = frozenset({"sk_test_standin", "whsec_standin"})

_HOST = re.compile(r"(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_SITE = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE)


class ConfigError(Exception):
    """A setting is wrong or missing; the message is one line that names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The checked settings. Addresses have no trailing slash."""

    environment: str
    database_url: str = field(repr=False)
    instance_path: Path
    site_url: str
    site_name: str
    guides_origin: str
    display_currency: str
    secret_key: str = field(repr=False)
    mail_url: str = field(repr=False)
    mail_sender: str
    cache_url: str = field(repr=False)
    worker: str
    trusted_proxies: int
    operator_name: str
    operator_address: str
    operator_email: str
    receipt_signing_key: str = field(repr=False)
    risk_hash_key: str = field(repr=False)
    stripe_api_key: str = field(repr=False)
    stripe_webhook_secret: str = field(repr=False)
    stripe_api_base: str
    stripe_tax: str
    stripe_checkout_hosts: tuple[str, ...]

    @property
    def production(self) -> bool:
        """Whether this is the real site: HTTPS, real keys, no demo."""
        return self.environment == "production"

    @property
    def warnings(self) -> list[str]:
        """What a site in production most likely forgot: said at its start and on `/readyz`."""
        found = []
        if self.production and not self.mail_url:
            found.append("MAIL_URL is not set: emails are written to files and reach nobody.")
        if self.production and not self.trusted_proxies:
            found.append("TRUSTED_PROXIES is 0: behind a proxy, all visitors count as one for rate limits.")
        return found


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


def load_settings(environ: Mapping[str, str], known_currency: Callable[[str], bool]) -> Settings:
    """Read and check the settings. Raises `ConfigError` naming the first one that is wrong.

    `known_currency` says whether an ISO 4217 code is a currency of today.
    """
    environment = _choice(environ, "MARKETPLACE_ENV", ("development", "production"))
    production = environment == "production"
    instance = _instance_path(environ)
    settings = Settings(
        environment=environment,
        database_url=_database_url(environ, instance),
        instance_path=instance,
        site_url=_address(environ, "SITE_URL", "http://127.0.0.1:8000"),
        site_name=_line(environ, "SITE_NAME", "Marketplace"),
        guides_origin=_address(environ, "GUIDES_ORIGIN", "https://tramitit.com"),
        display_currency=_currency(environ, known_currency),
        secret_key=_key(environ, "SECRET_KEY", production),
        mail_url=_mail_url(environ),
        mail_sender=_mailbox(environ, "MAIL_SENDER", "marketplace@localhost.localdomain"),
        cache_url=_cache_url(environ),
        worker=_choice(environ, "WORKER", ("embedded", "external")),
        trusted_proxies=_number(environ, "TRUSTED_PROXIES"),
        operator_name=_line(environ, "OPERATOR_NAME", ""),
        operator_address=environ.get("OPERATOR_ADDRESS", "").strip(),
        operator_email=_mailbox(environ, "OPERATOR_EMAIL", ""),
        receipt_signing_key=_key(environ, "RECEIPT_SIGNING_KEY", production),
        risk_hash_key=_key(environ, "RISK_HASH_KEY", production),
        stripe_api_key=_stripe_key(environ),
        stripe_webhook_secret=_stripe_secret(environ),
        stripe_api_base=_address(environ, "STRIPE_API_BASE", "") if environ.get("STRIPE_API_BASE") else "",
        stripe_tax=_choice(environ, "STRIPE_TAX", ("none", "automatic")),
        stripe_checkout_hosts=_hosts(environ, "STRIPE_CHECKOUT_HOSTS"),
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
        raise ConfigError("STRIPE_API_BASE is for development and tests; production uses Stripe itself.")
    for name in ("STRIPE_API_KEY", "STRIPE_WEBHOOK_SECRET"):
        if environ.get(name) in STAND_IN_KEYS:
            raise ConfigError(f"{name} belongs to the stand-in. Production needs one from Stripe.")
    if settings.mail_url and not environ.get("MAIL_SENDER"):
        raise ConfigError("MAIL_SENDER is required in production: emails come from this address.")


def _stripe_key(environ: Mapping[str, str]) -> str:
    value = environ.get("STRIPE_API_KEY", "").strip()
    if value and not re.fullmatch(r"(?:sk|rk)_(?:test|live)_\w+", value):
        raise ConfigError("STRIPE_API_KEY must be a secret or restricted key: sk_live_…, sk_test_… or rk_….")
    return value


def _stripe_secret(environ: Mapping[str, str]) -> str:
    value = environ.get("STRIPE_WEBHOOK_SECRET", "").strip()
    if value and not re.fullmatch(r"whsec_\S+", value):
        raise ConfigError("STRIPE_WEBHOOK_SECRET must be the endpoint's signing secret: whsec_….")
    if not value and environ.get("STRIPE_API_KEY", "").strip():
        raise ConfigError(
            "STRIPE_WEBHOOK_SECRET is required with STRIPE_API_KEY: without it, the site does not hear about payments."
        )
    return value


def _hosts(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Host names separated by blanks or commas. They go into a header: nothing but names may pass."""
    hosts = tuple(environ.get(name, "").replace(",", " ").lower().split())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise ConfigError(
                f"{name} must be host names such as pay.example.com, separated by blanks, not {host!r}."
            )
    return hosts


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


def _line(environ: Mapping[str, str], name: str, default: str) -> str:
    value = environ.get(name, "").strip() or default
    if not value.isprintable():
        raise ConfigError(f"{name} must be one line of text.")
    return value


def _mailbox(environ: Mapping[str, str], name: str, default: str) -> str:
    value = _line(environ, name, default)
    if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
        raise ConfigError(f"{name} must be an email address, not {value!r}.")
    return value


def _number(environ: Mapping[str, str], name: str) -> int:
    value = environ.get(name) or "0"
    if not re.fullmatch("[0-9]{1,2}", value):
        raise ConfigError(f"{name} must be a small number such as 1, not {value!r}.")
    return int(value)


def _address(environ: Mapping[str, str], name: str, default: str) -> str:
    value = (environ.get(name) or default).strip().rstrip("/")
    match = _SITE.fullmatch(value)
    try:
        valid = match is not None and urlsplit(value).port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ConfigError(
            f"{name} must be an http(s) address without a path, such as {default}, not {value!r}."
        )
    return value.lower()


def _instance_path(environ: Mapping[str, str]) -> Path:
    """The folder that holds the site's data; made where it is missing."""
    try:
        folder = Path(environ.get("INSTANCE_PATH") or _default_instance()).expanduser().absolute()
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"INSTANCE_PATH must be a writable folder: {reason}.") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(f"INSTANCE_PATH must be a writable folder, and {folder} is not.")
    return folder


def _database_url(environ: Mapping[str, str], instance: Path) -> str:
    """The address in SQLAlchemy's form. Errors never quote it: it may hold a password."""
    value = environ.get("DATABASE_URL") or f"sqlite:///{instance / 'marketplace.sqlite3'}"
    if value.startswith("sqlite:///"):
        file = instance / value.removeprefix("sqlite:///").partition("?")[0]
        if file.name == ":memory:" or file.is_dir() or not file.parent.is_dir():
            raise ConfigError("DATABASE_URL must name a file in a folder that exists.")
        return value
    server = re.sub(r"^postgres(?:ql)?(?:\+psycopg)?://", "postgresql+psycopg://", value)
    if not server.startswith("postgresql+psycopg://"):
        raise ConfigError("DATABASE_URL must start with sqlite:/// or postgresql://.")
    try:
        make_url(server)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "DATABASE_URL must look like postgresql://user:password@host:port/database."
        ) from None
    if find_spec("psycopg") is None:
        raise ConfigError("DATABASE_URL needs psycopg for PostgreSQL. Install the extra `scale`.")
    return server


def _currency(environ: Mapping[str, str], known_currency: Callable[[str], bool]) -> str:
    value = (environ.get("DISPLAY_CURRENCY") or "EUR").upper()
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
    shared = value.startswith(("valkey://", "valkeys://")) and urlsplit(value).hostname and find_spec("redis")
    if not shared and value not in ("", "memory", "none"):
        raise ConfigError("CACHE_URL must be memory, none or valkey://host (which needs the extra `scale`).")
    return value or "memory"
